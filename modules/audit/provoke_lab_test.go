// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
)

// provocation is a fault that the lab has no seed for.
type provocation struct {
	checks string // the ids of those that it makes loud, with spaces between
	// remedy is what the pages of these checks tell an operator to type, as it was tried here.
	remedy string
	// provoke makes the fault and returns the fingerprints of all that must be found then.
	provoke func(b *bench) []string
	// mend does what the remedy says. settle waits for what it set off, and does the rest; nil if there is none.
	mend, settle func(b *bench)
}

// provoke makes the faults, which must not touch each other, audits the lab, does what the pages tell to do, and audits it
// again: first exactly these are found, then nothing.
func (b *bench) provoke(faults []provocation, options map[string]any) {
	b.t.Helper()
	var want []string
	for _, f := range faults {
		found := f.provoke(b)
		for id := range strings.FieldsSeq(f.checks) {
			if !slices.ContainsFunc(found, func(text string) bool { return strings.HasPrefix(text, id) }) {
				b.t.Errorf("%s: does not provoke %s", f.remedy, id)
			}
		}
		want = append(want, found...)
	}
	b.expect(options, want...)
	for _, f := range faults {
		b.t.Logf("%s: %s", f.checks, f.remedy)
		f.mend(b)
	}
	for _, f := range faults {
		if f.settle != nil {
			f.settle(b)
		}
	}
	b.expect(options)
}

// expect audits the lab and wants exactly these findings.
func (b *bench) expect(options map[string]any, want ...string) {
	b.t.Helper()
	args := map[string]any{"cloud": b.Cloud, "clouds_file": b.CloudsFile, "grace": 1}
	maps.Copy(args, options)
	answer := runModule(b.t, args)
	slices.Sort(want)
	if got := fingerprints(answer); !slices.Equal(got, want) || answer["complete"] != true {
		b.t.Fatalf("%v\nfound\n%s\nwant\n%s\nnot run %v", answer["msg"], strings.Join(got, "\n"), strings.Join(want, "\n"), notRun(answer))
	}
}

// Faults that requests to Placement and Nova make, and mend again.
func TestLabProvoked(t *testing.T) {
	b := benchOf(t)
	b.boot(map[string]string{ours + "moved": "cn2", ours + "shelved": "cn5", ours + "resized": "cn1"})
	b.act(ours+"shelved", "shelve", nil)
	b.act(ours+"resized", "migrate", map[string]any{"host": "cn2"})
	b.live(ours+"moved", "cn4")
	b.settle(ours+"shelved", "SHELVED_OFFLOADED")
	b.settle(ours+"resized", "VERIFY_RESIZE")
	b.provoke(slices.Concat(consumerFaults(), providerFaults(), aggregateFaults()), map[string]any{"stuck_after": 1})
}

// Faults that nova-compute mends when it starts; elsewhere, at its next periodic task.
func TestLabProvokedAtComputes(t *testing.T) {
	benchOf(t).provoke(computeFaults(), nil)
}

// Disks that look like one pool, and a compute node below another root.
func TestLabProvokedShapes(t *testing.T) {
	b := benchOf(t)
	b.provoke(poolFaults(), nil)
	b.provoke(treeFaults(), nil)
}

// A Placement that is older than Nova needs. The page says to upgrade it, which takes another Placement: here it is what it was
// as soon as nothing stands before it.
func TestLabProvokedOldPlacement(t *testing.T) {
	b := &bench{lab: labOf(t, "nova"), t: t} // nothing is changed
	old := changedVersion(t, b.Endpoints["placement"], "1.35")
	b.expect(map[string]any{"placement_endpoint": old}, "PLC503:service:")
	b.expect(nil)
}

// provokedElsewhere names the tests that have a check loud with a seed, and then do what its page says. TestOwners does
// without the lab.
func provokedElsewhere() map[string]string {
	return map[string]string{
		"PLC101": "TestLabSeeds", "PLC105": "TestLabSeeds", "PLC201": "TestLabSeeds", "PLC301": "TestLabSeeds",
		"PLC103": "TestLabOtherSeeds", "PLC104": "TestLabOtherSeeds", "PLC106": "TestLabOtherSeeds", "PLC109": "TestLabOtherSeeds",
		"PLC202": "TestLabOtherSeeds", "PLC210": "TestLabFlapping", "PLC501": "TestLabCellDown", "PLC503": "TestLabProvokedOldPlacement",
		"PLC506": "TestOwners",
	}
}

// No check is forgotten: each is provoked here, or elsewhere.
func TestLabProvokedAll(t *testing.T) {
	provoked := provokedElsewhere()
	for _, f := range slices.Concat(consumerFaults(), providerFaults(), aggregateFaults(), computeFaults(), poolFaults(), treeFaults(), databaseFaults()) {
		for id := range strings.FieldsSeq(f.checks) {
			provoked[id] = "here"
		}
	}
	for _, c := range checks.All() {
		if provoked[c.ID] == "" {
			t.Errorf("%s (%s) is provoked nowhere", c.ID, c.Name)
		}
		delete(provoked, c.ID)
	}
	if len(provoked) > 0 {
		t.Errorf("no checks: %v", provoked)
	}
}

// deleteRefused tries to delete a provider that something is below or on.
func (b *bench) deleteRefused(uuid string) {
	b.t.Helper()
	answer := b.place.Do(b.t.Context(), http.MethodDelete, "/resource_providers/"+uuid, nil)
	if answer.Status != http.StatusConflict {
		b.t.Errorf("DELETE of a provider with something below or on it: %d %s", answer.Status, answer.Body)
	}
}
