// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/inventory"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// seeded is a fault that the lab can make as it happens in life.
type seeded struct {
	name string
	// byHand does what the step says that is left to a person; nil where all is healed.
	byHand func(b *sickbed, made seed)
	// remains says why the undo ends with a refusal; empty where all comes back.
	remains string
	// renamed tells that Nova's record of the server names a node that is gone.
	renamed bool
}

// seed is what the lab says that it made.
type seed struct {
	Checks   []string
	Server   string
	Host     string
	Provider string
	Class    string  `json:"resource_class"`
	Ratio    float64 `json:"allocation_ratio_before"`
}

// seeds lists the faults that a repair is for. The one that is missing, a cell that is down, is what a repair refuses.
func seeds() []seeded {
	all := []seeded{
		{name: "orphaned-allocation"},
		{name: "evacuation-leftover"},
		{name: "missing-allocation"},
		{name: "wrong-amount"},
		{name: "renamed-host", renamed: true},
		{name: "lost-identity", remains: "has taken the name"},
		{name: "stale-provider"},
		{name: "below-usage", byHand: (*sickbed).raiseRatio},
		{name: "invisible-allocation", byHand: (*sickbed).forgetInvisible},
		{name: "ghost-consumer"},
	}
	if live.Release() != "zed" { // where Nova keeps the compute node of the old name
		all[4].byHand, all[4].renamed = (*sickbed).retireBothNames, false
	}
	return all
}

// Each fault of the lab alone is healed, with the servers untouched. A second run changes nothing, an undo brings back the last row of
// the database, and once it is healed again its server is resized, moved and deleted. PLACEMENT_HEAL_SEEDS says how many faults are
// tried, PLACEMENT_HEAL_SEED which come first.
func TestLabHealSeeds(t *testing.T) {
	live.ShortIsEnough(t, "PLACEMENT_HEAL_SEEDS", "zed")
	b := bed(t)
	all := dealt(t, seeds())
	for _, one := range all[:min(len(all), int(live.Number(t, "PLACEMENT_HEAL_SEEDS", 1)))] {
		t.Run(one.name, func(t *testing.T) { b.in(t).seeded(one) })
	}
}

func (b *sickbed) seeded(fault seeded) {
	b.clean()
	var made seed
	if err := json.Unmarshal(b.Command(b.t, "seed", fault.name), &made); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		b.Command(b.t, "unseed", fault.name)
		b.clean()
	})
	b.eventually("the audit finds it", func() bool { return b.finds(made.Checks) })
	ill, stand := b.rows(), b.stand()
	b.treat(fault, made)
	if fault.name != "renamed-host" || fault.byHand == nil { // by hand its server is moved
		b.same("the servers", stand, b.stand())
	}
	if again := b.heal(nil); again["changed"] != false || again["failed"] != false {
		b.t.Errorf("again: %v", again["msg"])
	}
	if fault.byHand == nil && len(made.Checks) > 0 {
		b.undone(fault, ill)
		b.treat(fault, made)
		b.same("the servers", stand, b.stand())
	}
	if made.Server != "" {
		p := &patient{sickbed: b, name: fault.name, uuid: made.Server, host: made.Host}
		if fault.renamed { // Nova's fake driver has forgotten the server when it was started again: a hard reboot makes it anew
			p.act(b.t.Context(), "reboot", map[string]any{"type": "HARD"}, "ACTIVE")
			p.act(b.t.Context(), "shelve", nil, "SHELVED_OFFLOADED")
			p.act(b.t.Context(), "unshelve", nil, "ACTIVE")
		}
		p.work(b.t.Context(), b.cloud.Flavor(b.t, "heal-larger", 2, 4160, 41))
	}
}

// finds reports whether each of the checks finds something.
func (b *sickbed) finds(checks []string) bool {
	found := b.found()
	return !slices.ContainsFunc(checks, func(id string) bool {
		return !slices.ContainsFunc(found, func(one string) bool { return strings.HasPrefix(one, id+":") })
	})
}

// treat heals, and does by hand what the plan leaves to a person. Afterwards an audit finds nothing.
func (b *sickbed) treat(fault seeded, made seed) {
	b.t.Helper()
	answer := b.heal(nil)
	if answer["failed"] != false || fault.renamed != strings.Contains(text(answer["steps"]), "shelve and unshelve the server before") {
		b.t.Fatalf("%v\n%s", answer["msg"], text(answer["steps"]))
	}
	if fault.byHand != nil {
		said := b.heal(map[string]any{"checks": made.Checks, "_ansible_check_mode": true})
		if steps(said)["by hand"] == 0 {
			b.t.Fatalf("nothing is left to a person: %v\n%s", said["msg"], text(said["steps"]))
		}
		fault.byHand(b, made)
	}
	if found := b.found(); len(found) > 0 {
		b.t.Fatalf("healed, and found: %v\n%v\n%s", found, answer["msg"], text(answer["steps"]))
	}
}

// undone undoes the runs, the newest first. All rows have to be as they were, or the undo has to say why they can't.
func (b *sickbed) undone(fault seeded, ill map[string]string) {
	b.t.Helper()
	for _, run := range b.runs() {
		answer := b.run(restore.Module(), map[string]any{"run": run})
		if fault.remains != "" && strings.Contains(text(answer), fault.remains) {
			return
		}
		if answer["failed"] != false {
			b.t.Fatalf("undo: %v\n%s", answer["msg"], text(answer["steps"]))
		}
	}
	if fault.remains != "" {
		b.t.Errorf("all is undone, although %q was expected", fault.remains)
	}
	b.same("undone, the database", ill, b.rows())
}

// same fails the test for records that differ.
func (b *sickbed) same(what string, before, after map[string]string) {
	b.t.Helper()
	if left := differences(before, after); len(left) > 0 {
		b.t.Errorf("%s:\n%s", what, strings.Join(left, "\n"))
	}
}

// stand lists where each server is, and how it is.
func (b *sickbed) stand() map[string]string {
	b.t.Helper()
	var answer struct {
		Servers []struct {
			ID, Name, Status string
			Host             string `json:"OS-EXT-SRV-ATTR:host"`
			Task             string `json:"OS-EXT-STS:task_state"`
		}
	}
	if err := b.cloud.Nova(b.ctx(), http.MethodGet, "/servers/detail?all_tenants=True", nil, &answer); err != nil {
		b.t.Fatal(err)
	}
	all := map[string]string{}
	for _, s := range answer.Servers {
		all[s.ID] = fmt.Sprint(s)
	}
	return all
}

// raiseRatio sets the allocation ratio again that the fault has lowered.
func (b *sickbed) raiseRatio(made seed) {
	b.t.Helper()
	answer := b.run(inventory.Module(), map[string]any{
		"provider": made.Provider, "inventories": map[string]any{made.Class: map[string]any{"allocation_ratio": made.Ratio}},
	})
	if answer["changed"] != true {
		b.t.Fatalf("%v", answer["msg"])
	}
}

// forgetInvisible has Placement make the consumer that is missing, and heals what the audit finds about it then.
func (b *sickbed) forgetInvisible(seed) {
	b.t.Helper()
	cmd := exec.CommandContext(b.ctx(), filepath.Join(filepath.Dir(b.ConfigDir), "bin", "placement-manage"), "db", "online_data_migrations")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("%v: %s", err, out)
	}
	b.fine(b.heal(nil), "done", 1)
}

// retireBothNames moves the server away, and deletes the compute service with both of its compute nodes.
func (b *sickbed) retireBothNames(made seed) {
	b.t.Helper()
	p := &patient{sickbed: b, name: "renamed-host", uuid: made.Server}
	p.moveLive(b.ctx())
	b.Command(b.t, "host", "retire", made.Host)
}
