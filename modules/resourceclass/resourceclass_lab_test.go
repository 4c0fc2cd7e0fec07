// SPDX-License-Identifier: Apache-2.0

//go:build lab

package resourceclass_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/resourceclass"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

type place struct {
	*live.Lab
	*live.Raw

	journal string
}

func (p place) run(t *testing.T, m *ansible.Module, args map[string]any) map[string]any {
	t.Helper()
	all := map[string]any{"cloud": p.Cloud, "clouds_file": p.CloudsFile, "journal": p.journal}
	maps.Copy(all, args)
	return ansibletest.Run(t, m, all)
}

// thrice runs it in check mode, then really, then again, and compares.
func (p place) thrice(t *testing.T, args map[string]any) map[string]any {
	t.Helper()
	check := maps.Clone(args)
	check["_ansible_check_mode"] = true
	before := p.classes(t)
	would := p.run(t, resourceclass.Module(), check)
	if after := p.classes(t); !slices.Equal(after, before) {
		t.Errorf("check mode has written: %v, then %v", before, after)
	}
	answer := p.run(t, resourceclass.Module(), args)
	if would["changed"] != answer["changed"] || would["failed"] != answer["failed"] || text(would["diff"]) != text(answer["diff"]) {
		t.Errorf("check mode says %s, the real run %s", text(would), text(answer))
	}
	if answer["failed"] == false {
		if again := p.run(t, resourceclass.Module(), args); again["changed"] != false || again["failed"] != false {
			t.Errorf("again: %s", text(again))
		}
	}
	return answer
}

// classes are the custom ones, sorted.
func (p place) classes(t *testing.T) []string {
	t.Helper()
	var answer struct {
		Classes []struct{ Name string } `json:"resource_classes"`
	}
	p.Must(t, "GET", "/resource_classes", nil, &answer)
	var out []string
	for _, c := range answer.Classes {
		if strings.HasPrefix(c.Name, "CUSTOM_") {
			out = append(out, c.Name)
		}
	}
	slices.Sort(out)
	return out
}

// offered are the inventories of a provider, by class.
func (p place) offered(t *testing.T, uuid string) string {
	t.Helper()
	var answer struct {
		Inventories map[string]struct{ Total int }
	}
	p.Must(t, "GET", "/resource_providers/"+uuid+"/inventories", nil, &answer)
	return text(answer.Inventories)
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

// A class is made, renamed with what is offered of it, not deleted while it is offered, and deleted after. Each run is undone.
func TestLabResourceClassLife(t *testing.T) {
	l := live.FindProfile(t, "placement")
	p := place{Lab: l, Raw: l.Bare(), journal: filepath.Join(t.TempDir(), "own", "journal.jsonl")}
	id := strings.ToUpper(strings.ReplaceAll(live.UUID(), "-", "_"))
	old, good, other := "CUSTOM_LICENCE_"+id, "CUSTOM_LICENSE_"+id, "CUSTOM_OTHER_"+id
	name := "class-" + live.UUID()
	uuid := p.Make(t, name)
	before := p.classes(t)
	says(t, p.thrice(t, map[string]any{"classes": []string{good}, "renamed_from": old}), "renamed_from must be an existing resource class")
	says(t, p.thrice(t, map[string]any{"classes": []string{old, other}}), "created: "+old+", "+other)
	says(t, p.thrice(t, map[string]any{"classes": []string{other}, "renamed_from": old}), "must not exist beside "+other)
	p.Must(t, "PUT", "/resource_providers/"+uuid+"/inventories", map[string]any{
		"resource_provider_generation": 0, "inventories": map[string]any{old: map[string]any{"total": 3}},
	}, nil)
	says(t, p.thrice(t, map[string]any{"classes": []string{good}, "renamed_from": old}), "renamed: "+old+" to "+good)
	if got, want := p.offered(t, uuid), `{"`+good+`":{"Total":3}}`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	answer := p.thrice(t, map[string]any{"classes": []string{good, other}, "state": "absent"})
	says(t, answer, "nothing was deleted", name+" (3 of "+good+")")
	if holders, _ := answer["holders"].([]any); len(holders) != 1 {
		t.Errorf("holders: %s", text(answer["holders"]))
	}
	says(t, p.thrice(t, map[string]any{"classes": []string{other}, "state": "absent"}), "deleted: "+other)
	runs := live.Runs(t, p.journal)
	if len(runs) != 3 {
		t.Fatalf("%d runs", len(runs))
	}
	for _, run := range []string{runs[2], runs[1]} {
		if back := p.run(t, restore.Module(), map[string]any{"run": run}); back["changed"] != true || back["failed"] != false {
			t.Fatalf("%s", text(back))
		}
	}
	if got, want := p.offered(t, uuid), `{"`+old+`":{"Total":3}}`; got != want {
		t.Errorf("undone: %s, not %s", got, want)
	}
	used := p.run(t, restore.Module(), map[string]any{"run": runs[0]})
	says(t, used, "Class is in use in inventory")
	p.Must(t, "PUT", "/resource_providers/"+uuid+"/inventories", map[string]any{"resource_provider_generation": 1, "inventories": map[string]any{}}, nil)
	if back := p.run(t, restore.Module(), map[string]any{"run": runs[0]}); back["changed"] != true || back["failed"] != false {
		t.Fatalf("%s", text(back))
	}
	if after := p.classes(t); !slices.Equal(after, before) {
		t.Errorf("before: %v\nafter: %v", before, after)
	}
}
