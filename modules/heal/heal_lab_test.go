// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// breakAll makes faults of many kinds at once, and returns what an audit has to find.
func (b *sickbed) breakAll() []string {
	b.t.Helper()
	p, s := b.provider, b.server
	orphan, root, child, onChild := live.UUID(), live.UUID(), live.UUID(), live.UUID()
	b.hold(orphan, map[string]live.Share{p["cn1"]: share(1, 512, 1)})
	double := b.held(s["s1"]).Allocations
	double[p["cn2"]] = share(1, 512, 1)
	b.hold(s["s1"], double)
	b.hold(s["s2"], nil)
	b.hold(s["s3"], map[string]live.Share{p["cn4"]: b.held(s["s3"]).Allocations[p["cn3"]]})
	drifted := b.held(s["s4"]).Allocations[p["cn4"]]
	drifted.Resources["MEMORY_MB"] += 64
	b.hold(s["s4"], map[string]live.Share{p["cn4"]: drifted})
	anonymous := b.held(s["s6"])
	anonymous.Project, anonymous.User = nobody, nobody
	b.do("PUT", "/allocations/"+s["s6"], anonymous, nil)
	b.makeProvider(root, "gone-host", "")
	b.makeProvider(child, "gone-host-numa", root)
	b.hold(onChild, map[string]live.Share{child: share(1, 512, 1)})
	b.do("PUT", "/resource_providers/"+p["cn6"], map[string]any{"name": "renamed"}, nil)
	b.put(p["cn5"], "traits", func(body map[string]any) {
		all, _ := body["traits"].([]any)
		body["traits"] = append(all, "COMPUTE_STATUS_DISABLED")
	})
	return []string{
		"PLC101:consumer:" + orphan, "PLC101:consumer:" + onChild, "PLC103:server:" + s["s1"], "PLC104:server:" + s["s3"],
		"PLC105:server:" + s["s2"], "PLC106:server:" + s["s4"], "PLC108:consumer:" + s["s6"], "PLC201:provider:" + root,
		"PLC204:provider:" + p["cn6"], "PLC206:provider:" + child, "PLC208:provider:" + p["cn5"],
	}
}

const nobody = "00000000-0000-0000-0000-000000000000"

func steps(answer map[string]any) map[string]int {
	count := map[string]int{}
	list, _ := answer["steps"].([]any)
	for _, one := range list {
		s, _ := one.(map[string]any)
		count[fmt.Sprint(s["state"])]++
	}
	return count
}

func text(v any) string {
	raw, _ := json.MarshalIndent(v, "", " ")
	return string(raw)
}

// fine fails the test unless the module changed something and nothing went wrong.
func (b *sickbed) fine(answer map[string]any, state string, want int) {
	b.t.Helper()
	if answer["failed"] != false || answer["changed"] != true || steps(answer)[state] != want {
		b.t.Fatalf("%v: %v\n%s", answer["msg"], steps(answer), text(answer["steps"]))
	}
}

// Many faults are one plan. It is followed as it was confirmed, undone to the last record, and done again.
func TestLabHeal(t *testing.T) {
	b := bed(t)
	b.clean()
	healthy := b.records()
	t.Cleanup(func() { b.heal(nil) }) // whatever fails: the lab is others' too
	want := b.breakAll()
	broken, rows := b.records(), b.rows()
	slices.Sort(want)
	if found := b.found(); !slices.Equal(found, want) {
		t.Fatalf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
	plan := filepath.Join(b.dir, "plan.json")
	writes := b.Watch(t)
	dry := b.heal(map[string]any{"plan": plan, "_ansible_check_mode": true})
	b.fine(dry, "planned", 10) // the child goes with its root
	for name, refused := range b.refusals(plan, dry) {
		if refused["failed"] != true || refused["changed"] != false {
			t.Errorf("%s: %v", name, refused["msg"])
		}
	}
	if sent := writes.Writes(t); len(sent) > 0 {
		t.Fatalf("sent %v", sent)
	}
	healed := b.heal(map[string]any{"plan": plan, "confirm": digest(dry)[:12]})
	b.fine(healed, "done", 10)
	if was, is := budget(dry), budget(healed); was != is || !strings.Contains(is, " of 20 changes") {
		t.Errorf("the plan takes %q, and once it is done %q", was, is)
	}
	b.proven(healed)
	if left := differences(healthy, b.records()); len(left) > 0 {
		t.Fatalf("healed, but not as before:\n%s", strings.Join(left, "\n"))
	}
	if again := b.heal(nil); again["changed"] != false || again["failed"] != false {
		t.Errorf("again: %v", again["msg"])
	}
	if again := b.heal(map[string]any{"plan": plan, "confirm": digest(dry)[:12]}); again["changed"] != false || again["failed"] != false || steps(again)["unchanged"] != 10 {
		t.Errorf("the same plan again: %v\n%s", again["msg"], text(again["steps"]))
	}
	undone := b.run(restore.Module(), map[string]any{"run": healed["run"]})
	if undone["failed"] != false || undone["changed"] != true {
		t.Fatalf("undo: %v\n%s", undone["msg"], text(undone["steps"]))
	}
	b.same("undone, the APIs", broken, b.records())
	b.same("undone, the databases", rows, b.rows())
	b.fine(b.heal(nil), "done", 10)
	if left := differences(healthy, b.records()); len(left) > 0 {
		t.Errorf("healed, but not as before:\n%s", strings.Join(left, "\n"))
	}
}

// budget is what the text of a result says that the plan takes of the budget.
func budget(answer map[string]any) string {
	lines, _ := answer["text"].([]any)
	for _, line := range lines {
		if words, found := strings.CutPrefix(fmt.Sprint(line), "Budget"); found {
			return words
		}
	}
	return ""
}

func digest(answer map[string]any) string {
	plan, _ := answer["plan"].(map[string]any)
	text, _ := plan["digest"].(string)
	return text
}

// refusals are runs that may write nothing.
func (b *sickbed) refusals(plan string, dry map[string]any) map[string]map[string]any {
	report, other := filepath.Join(b.dir, "report.json"), filepath.Join(b.dir, "other.json")
	if _, err := b.Audit(b.ctx(), map[string]any{"grace": 1, "reports": []any{map[string]any{"path": report, "format": "json"}}}); err != nil {
		b.t.Fatal(err)
	}
	b.edit(report, other, func(a map[string]any) { a["cloud"] = map[string]any{"endpoints": []string{"http://192.0.2.1"}} })
	larger := filepath.Join(b.dir, "larger.json")
	b.edit(report, larger, func(a map[string]any) {
		summary, _ := a["summary"].(map[string]any)
		read, _ := summary["read"].(map[string]any)
		read["servers"] = 100
	})
	return map[string]map[string]any{
		"a report of another cloud": b.heal(map[string]any{"report": other}),
		"a report that is too old":  b.heal(map[string]any{"report": report, "plan_age": 1}),
		"half of it is gone":        b.heal(map[string]any{"baseline": larger, "checks": []any{"PLC101"}}),
		"over the budget":           b.heal(map[string]any{"max_changes": 3}),
		"over the share":            b.heal(map[string]any{"max_share": 0.1}),
		"not confirmed":             b.heal(map[string]any{"plan": plan}),
		"another plan":              b.heal(map[string]any{"plan": plan, "confirm": "0123456789ab"}),
		"a plan that is too old":    b.heal(map[string]any{"plan": plan, "confirm": digest(dry)[:12], "plan_age": 1}),
		"a plan that is not there":  b.heal(map[string]any{"plan": plan + ".x", "confirm": digest(dry)[:12]}),
	}
}

// proven fails the test unless the module saw that all is well again, and so do we.
func (b *sickbed) proven(answer map[string]any) {
	b.t.Helper()
	proof, _ := answer["proof"].(map[string]any)
	if proof["clean"] != true || proof["complete"] != true {
		b.t.Errorf("proof %s", text(proof))
	}
	candidates, _ := proof["candidates"].([]any)
	for _, one := range candidates {
		if c, _ := one.(map[string]any); c["found"] != true {
			b.t.Errorf("candidate %s", text(c))
		}
	}
	if len(candidates) == 0 {
		b.t.Error("no candidates")
	}
	if found := b.found(); len(found) > 0 {
		b.t.Errorf("found %v", found)
	}
}

// eventually fails the test if something does not come true in four minutes.
func (b *sickbed) eventually(what string, is func() bool) {
	b.t.Helper()
	for until := time.Now().Add(4 * time.Minute); !is(); time.Sleep(2 * time.Second) {
		if time.Now().After(until) {
			b.t.Fatalf("not in four minutes: %s", what)
		}
	}
}
