// SPDX-License-Identifier: Apache-2.0

//go:build lab

package aggregate_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/aggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

type place struct {
	*live.Lab
	*live.Raw

	journal string
}

func open(t *testing.T) place {
	t.Helper()
	l := live.FindProfile(t, "placement")
	return place{Lab: l, Raw: l.Bare(), journal: filepath.Join(t.TempDir(), "own", "journal.jsonl")}
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
	would := p.run(t, aggregate.Module(), check)
	answer := p.run(t, aggregate.Module(), args)
	if would["changed"] != answer["changed"] || would["failed"] != answer["failed"] || text(would["diff"]) != text(answer["diff"]) {
		t.Errorf("check mode says %s, the real run %s", text(would), text(answer))
	}
	if answer["failed"] == false {
		if again := p.run(t, aggregate.Module(), args); again["changed"] != false || again["failed"] != false {
			t.Errorf("again: %s", text(again))
		}
	}
	return answer
}

func (p place) of(t *testing.T, uuid string) string {
	t.Helper()
	var answer struct{ Aggregates []string }
	p.Must(t, "GET", "/resource_providers/"+uuid+"/aggregates", nil, &answer)
	slices.Sort(answer.Aggregates)
	return strings.Join(answer.Aggregates, " ")
}

func text(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func sorted(all ...string) string {
	slices.Sort(all)
	return strings.Join(all, " ")
}

// Providers enter and leave aggregates, and each run is undone, once.
func TestLabAggregateLife(t *testing.T) {
	p := open(t)
	name := "aggregate-" + live.UUID()
	one, two := p.Make(t, name+"-1"), p.Make(t, name+"-2")
	a, b, c := live.UUID(), live.UUID(), live.UUID()
	p.thrice(t, map[string]any{"provider": name + "-1", "aggregates": []string{a}})
	answer := p.thrice(t, map[string]any{"providers": []string{one, two}, "aggregates": []string{strings.ToUpper(b), a}})
	if got, want := p.of(t, one)+"/"+p.of(t, two), sorted(a, b)+"/"+sorted(a, b); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
	providers, _ := answer["providers"].([]any)
	first, _ := providers[0].(map[string]any)
	if text(first["added"]) != text([]string{b}) || text(first["removed"]) != "[]" || first["changed"] != true {
		t.Errorf("%s", text(answer))
	}
	p.thrice(t, map[string]any{"aggregate": b, "pattern": name + "-2", "aggregates": []string{c}})
	p.thrice(t, map[string]any{"provider": two, "aggregates": []string{c}, "state": "exact"})
	p.thrice(t, map[string]any{"pattern": name + "-*", "aggregates": []string{a}, "state": "absent"})
	if got, want := p.of(t, one)+"/"+p.of(t, two), b+"/"+c; got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
	refused := p.run(t, aggregate.Module(), map[string]any{"pattern": name, "aggregates": []string{a}})
	if msg, _ := refused["msg"].(string); refused["failed"] != true || !strings.Contains(msg, "must match the whole name of at least one root provider; it matches none of ") {
		t.Errorf("%s", text(refused))
	}
	runs := live.Runs(t, p.journal)
	for _, run := range slices.Backward(runs) {
		back := p.run(t, restore.Module(), map[string]any{"run": run})
		if back["changed"] != true || back["failed"] != false {
			t.Fatalf("%s", text(back))
		}
	}
	if len(runs) != 5 || p.of(t, one) != "" || p.of(t, two) != "" {
		t.Errorf("after %d undos: %s/%s", len(runs), p.of(t, one), p.of(t, two))
	}
}

// Many who make one provider a member of an aggregate each at once lose races. No membership is lost.
func TestLabAggregateRace(t *testing.T) {
	p := open(t)
	uuid := p.Make(t, "race-"+live.UUID())
	var want []string
	var wg sync.WaitGroup
	for range 8 {
		one := live.UUID()
		want = append(want, one)
		wg.Go(func() {
			answer := p.run(t, aggregate.Module(), map[string]any{"provider": uuid, "aggregates": []string{one}})
			if answer["failed"] != false || answer["changed"] != true {
				t.Errorf("%s", text(answer))
			}
		})
	}
	wg.Wait()
	if got := p.of(t, uuid); got != sorted(want...) {
		t.Errorf("%s\nnot\n%s", got, sorted(want...))
	}
	marks := live.Marks(t, p.journal)
	if marks["written"] != len(want) || marks["unknown"] > 0 || marks["not written"] == 0 {
		t.Errorf("the journal: %v", marks)
	}
	t.Log("the journal:", fmt.Sprint(marks))
}
