// SPDX-License-Identifier: Apache-2.0

//go:build lab

package allocation_test

import (
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/allocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// place is a lab with two providers of the test's own.
type place struct {
	*live.Lab
	cloud    *live.Cloud
	one, two string // UUIDs
	journal  string
}

func open(t *testing.T) place {
	t.Helper()
	l := live.Find(t)
	p := place{Lab: l, cloud: l.Login(t), one: live.UUID(), two: live.UUID(), journal: filepath.Join(t.TempDir(), "own", "journal.jsonl")}
	for _, uuid := range []string{p.one, p.two} {
		p.must(t, "POST", "/resource_providers", map[string]any{"uuid": uuid, "name": "allocation-" + uuid})
		p.must(t, "PUT", "/resource_providers/"+uuid+"/inventories", map[string]any{
			"resource_provider_generation": 0, "inventories": map[string]any{"VCPU": map[string]any{"total": 4}, "MEMORY_MB": map[string]any{"total": 512, "step_size": 128}},
		})
		t.Cleanup(func() { p.must(t, "DELETE", "/resource_providers/"+uuid, nil) })
	}
	return p
}

func (p place) must(t *testing.T, method, path string, body any) {
	t.Helper()
	if err := p.cloud.Placement(lasting(t), method, path, body, nil); err != nil {
		t.Fatal(err)
	}
}

// consumer is a new one that holds this on the first provider, and nothing after the test.
func (p place) consumer(t *testing.T, cpus int) string {
	t.Helper()
	uuid := live.UUID()
	if cpus > 0 {
		p.hold(t, uuid, map[string]live.Share{p.one: {Resources: map[string]int{"VCPU": cpus}}})
	}
	t.Cleanup(func() { p.hold(t, uuid, nil) })
	return uuid
}

func (p place) hold(t *testing.T, consumer string, shares map[string]live.Share) {
	t.Helper()
	if err := p.cloud.Hold(lasting(t), consumer, shares); err != nil {
		t.Error(err)
	}
}

func (p place) run(t *testing.T, args map[string]any) map[string]any {
	t.Helper()
	all := map[string]any{"cloud": p.Cloud, "clouds_file": p.CloudsFile, "journal": p.journal}
	maps.Copy(all, args)
	return ansibletest.Run(t, allocation.Module(), all)
}

// holds compares what a consumer holds.
func (p place) holds(t *testing.T, consumer string, want map[string]map[string]int) {
	t.Helper()
	held, err := p.cloud.Held(lasting(t), consumer)
	got := map[string]map[string]int{}
	for provider, share := range held.Allocations {
		got[provider] = share.Resources
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: holds %v, want %v", err, got, want)
	}
}

// thrice runs it in check mode, then really, then again, and compares.
func (p place) thrice(t *testing.T, args map[string]any) map[string]any {
	t.Helper()
	check := maps.Clone(args)
	check["_ansible_check_mode"] = true
	would := p.run(t, check)
	answer := p.run(t, args)
	if would["changed"] != answer["changed"] || would["failed"] != answer["failed"] || !reflect.DeepEqual(would["diff"], answer["diff"]) {
		t.Errorf("check mode says %s, the real run %s", text(would), text(answer))
	}
	if requests, _ := would["requests"].(map[string]any); requests["PUT"] != nil || answer["failed"] == false && requests["GET"] == nil {
		t.Errorf("check mode sent %v", requests)
	}
	if answer["failed"] == true {
		return answer
	}
	if again := p.run(t, args); again["changed"] != false || len(again["diff"].([]any)) > 0 { //nolint:forcetypeassert // a panic fails the test as well
		t.Errorf("again: %s", text(again))
	}
	return answer
}

func text(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

type amounts = map[string]map[string]int

func TestLabAllocationStates(t *testing.T) {
	p := open(t)
	project := map[string]any{"project": p.cloud.Project, "user": p.cloud.User}
	with := func(args map[string]any) map[string]any { maps.Copy(args, project); return args }

	fresh := p.consumer(t, 0)
	p.thrice(t, with(map[string]any{"consumer": fresh, "allocations": map[string]any{"allocation-" + p.one: map[string]any{"VCPU": 1, "MEMORY_MB": 256}}}))
	p.holds(t, fresh, amounts{p.one: {"VCPU": 1, "MEMORY_MB": 256}})

	p.thrice(t, map[string]any{"consumer": fresh, "state": "moved", "to": p.two})
	p.holds(t, fresh, amounts{p.two: {"VCPU": 1, "MEMORY_MB": 256}})

	other := p.consumer(t, 2)
	p.thrice(t, map[string]any{"consumer": fresh, "state": "moved", "provider": p.two, "to": p.one, "to_consumer": other})
	p.holds(t, fresh, amounts{})
	p.holds(t, other, amounts{p.one: {"VCPU": 3, "MEMORY_MB": 256}})

	p.hold(t, other, map[string]live.Share{p.one: {Resources: map[string]int{"VCPU": 1}}, p.two: {Resources: map[string]int{"VCPU": 1}}})
	p.thrice(t, map[string]any{"consumer": other, "state": "absent", "provider": p.two})
	p.holds(t, other, amounts{p.one: {"VCPU": 1}})
	p.thrice(t, map[string]any{"consumer": other, "state": "absent"})
	p.holds(t, other, amounts{})
}

// A write that Placement would refuse is not sent: one that fails may leave a consumer that nobody sees.
func TestLabAllocationRefusals(t *testing.T) {
	p := open(t)
	fresh := p.consumer(t, 0)
	p.consumer(t, 3)
	for name, c := range map[string]struct {
		want map[string]any
		says string
	}{
		"no room":      {map[string]any{p.one: map[string]any{"VCPU": 2}}, "has no room for 2 more of VCPU: 3 of 4 are used"},
		"no inventory": {map[string]any{p.one: map[string]any{"DISK_GB": 1}}, "has no inventory of DISK_GB; it has MEMORY_MB, VCPU"},
		"a step":       {map[string]any{p.one: map[string]any{"MEMORY_MB": 200}}, "in steps of 128, not 200"},
		"no provider":  {map[string]any{"nowhere": map[string]any{"VCPU": 1}}, "value of allocations -> nowhere must be the name or UUID of a resource provider"},
	} {
		answer := p.thrice(t, map[string]any{"consumer": fresh, "project": "p", "user": "u", "allocations": c.want})
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, c.says) {
			t.Errorf("%s: %s", name, text(answer))
		}
	}
	answer := p.thrice(t, map[string]any{"consumer": fresh, "allocations": map[string]any{p.one: map[string]any{"VCPU": 1}}})
	if msg, _ := answer["msg"].(string); !strings.Contains(msg, "project must be given") || !strings.Contains(msg, "user must be given") {
		t.Errorf("%s", text(answer))
	}
	p.holds(t, fresh, amounts{})
}

// While something is done with a server, what it holds is not written, whatever the generations say.
func TestLabAllocationInFlight(t *testing.T) {
	p := open(t)
	server, err := p.cloud.Boot(lasting(t), "in-flight", p.cloud.Image(t), "1", "cn1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.cloud.Delete(lasting(t), server); err != nil {
			t.Error(err)
		}
	})
	if _, err := p.cloud.Settle(lasting(t), server, 5*time.Minute, "ACTIVE"); err != nil {
		t.Fatal(err)
	}
	before, err := p.cloud.Held(lasting(t), server)
	if err != nil || len(before.Allocations) != 1 {
		t.Fatal(err, before)
	}
	task := func(value string) {
		if err := p.SQL(lasting(t), "UPDATE nova_cell1.instances SET task_state="+value+" WHERE uuid='"+server+"'"); err != nil {
			t.Fatal(err)
		}
	}
	task("'resize_prep'")
	answer := p.thrice(t, map[string]any{"consumer": server, "state": "absent"})
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "has a task under way: resize_prep") {
		t.Errorf("%s", text(answer))
	}
	task("NULL")
	if after, err := p.cloud.Held(lasting(t), server); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("%v: before %v, after %v", err, before, after)
	}
}

// lasting is a context that clean-ups may use, too.
func lasting(t *testing.T) context.Context {
	t.Helper()
	return context.WithoutCancel(t.Context())
}
