// SPDX-License-Identifier: Apache-2.0

//go:build lab

package usageinfo_test

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/inventory"
	"github.com/openstack-ops/ansible-collection-placement/modules/usageinfo"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

func text(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func run(t *testing.T, l *live.Lab, args map[string]any) map[string]any {
	t.Helper()
	all := map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile}
	maps.Copy(all, args)
	answer := ansibletest.Run(t, usageinfo.Module(), all)
	if answer["failed"] != false {
		t.Fatal(answer["msg"])
	}
	return answer
}

// What is used of providers, by a project and by a user of it is what was claimed.
func TestLabUsages(t *testing.T) {
	l := live.FindProfile(t, "placement")
	raw := l.Bare()
	name := "usage-" + live.UUID()
	project, user, other := live.UUID(), live.UUID(), live.UUID()
	for _, suffix := range []string{"-1", "-2"} {
		uuid := raw.Make(t, name+suffix)
		raw.Must(t, "PUT", "/resource_providers/"+uuid+"/inventories", map[string]any{
			"resource_provider_generation": 0, "inventories": map[string]any{"VCPU": map[string]any{"total": 4, "allocation_ratio": 2}},
		}, nil)
		for owner, n := range map[string]int{user: 3, other: 1} {
			consumer := live.UUID()
			raw.Must(t, "PUT", "/allocations/"+consumer, map[string]any{
				"allocations": map[string]any{uuid: map[string]any{"resources": map[string]int{"VCPU": n}}}, "project_id": project, "user_id": owner, "consumer_generation": nil,
			}, nil)
			t.Cleanup(func() { raw.Do(context.WithoutCancel(t.Context()), "DELETE", "/allocations/"+consumer, nil) })
		}
	}
	answer := run(t, l, map[string]any{"pattern": name + "-*", "projects": []string{project, live.UUID()}})
	if got, want := text(answer["totals"]), `{"VCPU":{"capacity":16,"free":8,"used":8}}`; got != want {
		t.Errorf("totals: %s, want %s", got, want)
	}
	projects, _ := answer["projects"].([]any)
	one, _ := projects[0].(map[string]any)
	if got, want := text(one["resources"])+text(one["consumers"])+text(one["by_type"]), `{"VCPU":8}4[{"consumer_type":"unknown","consumers":4,"resources":{"VCPU":8}}]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	two, _ := projects[1].(map[string]any)
	if got, want := text(two["resources"])+text(two["consumers"])+text(two["by_type"]), `{}0[]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	answer = run(t, l, map[string]any{"projects": []string{project}, "user": user})
	projects, _ = answer["projects"].([]any)
	one, _ = projects[0].(map[string]any)
	if got, want := text(one["resources"])+text(one["consumers"]), `{"VCPU":6}2`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Nova's own counts are beside Placement's, and a consumer that is no server makes the difference.
func TestLabUsagesBesideNova(t *testing.T) {
	l := live.Find(t)
	cloud := l.Login(t)
	args := map[string]any{"projects": []string{cloud.Project}, "zone": "nova"}
	one := func() map[string]any {
		list, _ := run(t, l, args)["projects"].([]any)
		p, _ := list[0].(map[string]any)
		return p
	}
	before := one()
	if before["nova"] == nil {
		t.Fatal("Nova was not asked")
	}
	count := func(p map[string]any, what string) (placement, nova float64) {
		list, _ := p["differs"].([]any)
		for _, raw := range list {
			d, _ := raw.(map[string]any)
			if d["what"] == what {
				placement, _ = d["placement"].(float64)
				nova, _ = d["nova"].(float64)
			}
		}
		return placement, nova
	}
	providers, err := cloud.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	consumer := live.UUID()
	if err := cloud.Hold(t.Context(), consumer, map[string]live.Share{providers["cn1"]: {Resources: map[string]int{"VCPU": 1}}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Hold(context.WithoutCancel(t.Context()), consumer, nil) })
	after := one()
	have, _ := before["resources"].(map[string]any)
	cores, _ := have["VCPU"].(float64)
	if placement, nova := count(after, "cores"); placement != cores+1 || nova == placement {
		t.Errorf("cores: %v in Placement, %v in Nova; before %s, after %s", placement, nova, text(before), text(after))
	}
	t.Logf("before %s, after %s", text(before), text(after))
}

// A host of the zone whose provider is gone is left out of what is read, with a warning that names it. Nothing is written then.
func TestLabZoneWithoutProvider(t *testing.T) {
	live.OneIsEnough(t, "zed")
	l := live.Find(t)
	cloud, host := l.Login(t), "usage-"+live.UUID()[:8]
	l.Command(t, "host", "add", host)
	t.Cleanup(func() {
		l.Command(t, "host", "start", host)
		for end := time.Now().Add(4 * time.Minute); !own(t, cloud, host); time.Sleep(time.Second) { // Nova can't delete a service without one
			if time.Now().After(end) {
				t.Errorf("nova-compute of %s made no provider", host)
				return
			}
		}
		l.Command(t, "host", "retire", host)
	})
	l.Command(t, "host", "kill", host)
	all, err := cloud.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := cloud.Placement(t.Context(), "DELETE", "/resource_providers/"+all[host], nil, nil); err != nil {
		t.Fatal(err)
	}
	says := "compute node " + host + " (" + all[host] + ") has no resource provider"
	answer := run(t, l, map[string]any{"zone": "nova"})
	if warned, read := text(answer["warnings"]), text(answer["providers"]); !strings.Contains(warned, says) || !strings.Contains(read, `"cn1"`) {
		t.Errorf("warnings %s; read %s", warned, read)
	}
	answer = run(t, l, map[string]any{"zone": "nova", "pattern": "cn1"})
	if answer["warnings"] != nil {
		t.Errorf("the pattern leaves it out: %v", answer["warnings"])
	}
	answer = ansibletest.Run(t, inventory.Module(), map[string]any{
		"cloud": l.Cloud, "clouds_file": l.CloudsFile, "zone": "nova", "drain": true, "_ansible_check_mode": true,
	})
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "value of zone must have") || !strings.Contains(msg, says) {
		t.Errorf("%v", answer["msg"])
	}
}

// own reports whether there is a provider of that name.
func own(t *testing.T, cloud *live.Cloud, name string) bool {
	all, err := cloud.Providers(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return all[name] != ""
}
