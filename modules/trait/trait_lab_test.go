// SPDX-License-Identifier: Apache-2.0

//go:build lab

package trait_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/modules/trait"
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
	before := p.all(t)
	would := p.run(t, trait.Module(), check)
	if after := p.all(t); after != before {
		t.Errorf("check mode has written: %s, then %s", before, after)
	}
	answer := p.run(t, trait.Module(), args)
	if would["changed"] != answer["changed"] || would["failed"] != answer["failed"] || text(would["diff"]) != text(answer["diff"]) {
		t.Errorf("check mode says %s, the real run %s", text(would), text(answer))
	}
	if answer["failed"] == false {
		if again := p.run(t, trait.Module(), args); again["changed"] != false || again["failed"] != false {
			t.Errorf("again: %s", text(again))
		}
	}
	return answer
}

// all is every trait and who has it.
func (p place) all(t *testing.T) string {
	t.Helper()
	var names struct{ Traits []string }
	p.Must(t, "GET", "/traits?name=startswith:CUSTOM_", nil, &names)
	slices.Sort(names.Traits)
	out := []string{}
	for _, name := range names.Traits {
		var answer struct {
			Providers []struct{ UUID string } `json:"resource_providers"`
		}
		p.Must(t, "GET", "/resource_providers?required="+name, nil, &answer)
		out = append(out, fmt.Sprint(name, answer.Providers))
	}
	return strings.Join(out, " ")
}

func (p place) of(t *testing.T, uuid string) string {
	t.Helper()
	var answer struct{ Traits []string }
	p.Must(t, "GET", "/resource_providers/"+uuid+"/traits", nil, &answer)
	slices.Sort(answer.Traits)
	return strings.Join(answer.Traits, " ")
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

// A custom trait is made, given to providers, taken away and deleted, and each run is undone.
func TestLabTraitLife(t *testing.T) {
	p := open(t)
	id := strings.ToUpper(strings.ReplaceAll(live.UUID(), "-", "_"))
	gold, silver := "CUSTOM_GOLD_"+id, "CUSTOM_SILVER_"+id
	name := "trait-" + strings.ToLower(id)
	one, two := p.Make(t, name+"-1"), p.Make(t, name+"-2")
	before := p.all(t)
	says(t, p.thrice(t, map[string]any{"provider": one, "traits": []string{gold, "HW_NONE_SUCH"}}),
		"traits[0]", "must be an existing trait; set create_traits", "traits[1]", "must be a trait that this Placement knows")
	answer := p.thrice(t, map[string]any{"pattern": name + "-*", "traits": []string{gold, "HW_CPU_X86_VMX"}, "create_traits": true})
	says(t, answer, "created: "+gold, "2 of 2 resource providers changed")
	if got, want := p.of(t, two), gold+" HW_CPU_X86_VMX"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	says(t, p.thrice(t, map[string]any{"traits": []string{gold}, "state": "absent"}),
		"trait "+gold+" can't be deleted: resource providers have it: "+name+"-1, "+name+"-2")
	p.thrice(t, map[string]any{"traits": []string{silver}})
	p.thrice(t, map[string]any{"provider": name + "-1", "traits": []string{silver}, "state": "exact"})
	p.thrice(t, map[string]any{"provider": two, "traits": []string{}, "state": "exact"})
	p.thrice(t, map[string]any{"providers": []string{one, two}, "traits": []string{silver}, "state": "absent"})
	if got := p.of(t, one) + p.of(t, two); got != "" {
		t.Errorf("left: %s", got)
	}
	p.thrice(t, map[string]any{"traits": []string{gold, silver}, "state": "absent"})
	for undone := 0; undone < 6; undone++ {
		runs := p.runs(t)
		back := p.run(t, restore.Module(), map[string]any{"run": runs[len(runs)-1-undone]})
		if back["changed"] != true || back["failed"] != false {
			t.Fatalf("undo %d: %s", undone, text(back))
		}
	}
	if after := p.all(t); after != before || p.of(t, one) != "" {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
}

// runs lists the runs of the journal that are no undoing, in their order.
func (p place) runs(t *testing.T) []string {
	t.Helper()
	return live.Runs(t, p.journal)
}

// Many who give one provider a trait each at once lose races, which Placement tells of with the status 500. No trait is lost, and
// what the journal says is true.
func TestLabTraitRace(t *testing.T) {
	p := open(t)
	const writers, rounds = 6, 2
	uuid := p.Make(t, "race-"+live.UUID())
	id := strings.ToUpper(strings.ReplaceAll(live.UUID(), "-", "_"))
	var want []string
	for i := range writers * rounds {
		name := fmt.Sprintf("CUSTOM_RACE_%02d_%s", i, id)
		want = append(want, name)
		p.Must(t, "PUT", "/traits/"+name, nil, nil)
		t.Cleanup(func() { p.Do(t.Context(), "DELETE", "/traits/"+name, nil) })
	}
	for round := range rounds {
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				answer := p.run(t, trait.Module(), map[string]any{"provider": uuid, "traits": []string{want[round*writers+i]}})
				if answer["failed"] != false || answer["changed"] != true {
					t.Errorf("%s", text(answer))
				}
			})
		}
		wg.Wait()
	}
	if got := p.of(t, uuid); got != strings.Join(want, " ") {
		t.Errorf("%s\nnot\n%s", got, strings.Join(want, " "))
	}
	marks := live.Marks(t, p.journal)
	if marks["written"] != writers*rounds || marks["unknown"] > 0 || marks["intended"] != marks["written"]+marks["not written"] {
		t.Errorf("the journal: %v", marks)
	}
	t.Logf("the journal: %v", marks)
	p.Must(t, "PUT", "/resource_providers/"+uuid+"/traits", map[string]any{"resource_provider_generation": p.generation(t, uuid), "traits": []string{}}, nil)
}

func (p place) generation(t *testing.T, uuid string) int {
	t.Helper()
	var answer struct{ Generation int }
	p.Must(t, "GET", "/resource_providers/"+uuid, nil, &answer)
	return answer.Generation
}
