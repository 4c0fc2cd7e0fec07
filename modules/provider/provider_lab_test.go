// SPDX-License-Identifier: Apache-2.0

//go:build lab

package provider_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/provider"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

type place struct {
	*live.Lab
	cloud   *live.Cloud
	journal string
}

func open(t *testing.T) place {
	t.Helper()
	l := live.Find(t)
	return place{Lab: l, cloud: l.Login(t), journal: filepath.Join(t.TempDir(), "own", "journal.jsonl")}
}

func (p place) run(t *testing.T, args map[string]any) map[string]any {
	t.Helper()
	all := map[string]any{"cloud": p.Cloud, "clouds_file": p.CloudsFile, "journal": p.journal}
	maps.Copy(all, args)
	return ansibletest.Run(t, provider.Module(), all)
}

// thrice runs it in check mode, then really, then again, and compares.
func (p place) thrice(t *testing.T, args map[string]any) map[string]any {
	t.Helper()
	check := maps.Clone(args)
	check["_ansible_check_mode"] = true
	would := p.run(t, check)
	answer := p.run(t, args)
	if would["changed"] != answer["changed"] || would["failed"] != answer["failed"] {
		t.Errorf("check mode says %s, the real run %s", text(would), text(answer))
	}
	if answer["failed"] == false {
		if again := p.run(t, args); again["changed"] != false {
			t.Errorf("again: %s", text(again))
		}
	}
	return answer
}

func text(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func says(t *testing.T, answer map[string]any, words ...string) {
	t.Helper()
	msg, _ := answer["msg"].(string)
	for _, word := range words {
		if !strings.Contains(msg, word) {
			t.Errorf("it does not say %q: %s", word, msg)
		}
	}
}

// A provider is made, renamed, put below another and deleted with all that is below it.
func TestLabProviderLife(t *testing.T) {
	p := open(t)
	root, child := "provider-"+live.UUID(), live.UUID()
	p.thrice(t, map[string]any{"provider": root})
	p.thrice(t, map[string]any{"provider": child, "name": "child-" + child})
	p.thrice(t, map[string]any{"provider": child, "name": "renamed-" + child, "parent": root})
	found, err := p.cloud.Providers(t.Context())
	if err != nil || found["renamed-"+child] != child || found["child-"+child] != "" {
		t.Fatal(err, found)
	}
	if err := p.cloud.Placement(t.Context(), "PUT", "/resource_providers/"+child+"/inventories", map[string]any{
		"resource_provider_generation": 0, "inventories": map[string]any{"VCPU": map[string]any{"total": 4}},
	}, nil); err != nil {
		t.Fatal(err)
	}
	consumer := live.UUID()
	if err := p.cloud.Hold(t.Context(), consumer, map[string]live.Share{child: {Resources: map[string]int{"VCPU": 1}}}); err != nil {
		t.Fatal(err)
	}
	answer := p.thrice(t, map[string]any{"provider": root, "state": "absent"})
	says(t, answer, "can't be deleted: it is held by consumer "+consumer)
	if holders, _ := answer["holders"].([]any); len(holders) != 1 {
		t.Errorf("holders %s", text(answer["holders"]))
	}
	if err := p.cloud.Hold(t.Context(), consumer, nil); err != nil {
		t.Fatal(err)
	}
	answer = p.thrice(t, map[string]any{"provider": root, "state": "absent"})
	if diff, _ := answer["diff"].([]any); len(diff) != 2 {
		t.Errorf("diff %s", text(answer["diff"]))
	}
	after, err := p.cloud.Providers(t.Context())
	if err != nil || after[root] != "" || after["renamed-"+child] != "" {
		t.Error(err, after)
	}
}

// The provider of a compute node that Nova has is not deleted, nor is one that a server holds something of.
func TestLabProviderOfAComputeNode(t *testing.T) {
	p := open(t)
	before, err := p.cloud.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	says(t, p.thrice(t, map[string]any{"provider": "cn1", "state": "absent"}), "must not be the resource provider of a compute node", "host cn1")
	answer := p.thrice(t, map[string]any{"provider": before["cn1"], "state": "absent", "force": true})
	says(t, answer, "is held by server ", "on host cn1")
	if after, err := p.cloud.Providers(t.Context()); err != nil || !reflect.DeepEqual(before, after) {
		t.Error(err, after)
	}
}
