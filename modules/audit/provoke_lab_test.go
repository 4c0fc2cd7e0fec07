// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
)

// provocation is a fault that the lab has no seed for.
type provocation struct {
	checks string // the ids of those that it makes loud, with spaces between
	// provoke makes the fault and returns the fingerprints of all that must be found then.
	provoke func(b *bench) []string
}

// provoke makes the faults, which must not touch each other, audits the lab, does what the findings tell to do, and audits it
// again: first exactly these are found, in the end nothing.
func (b *bench) provoke(faults []provocation, options map[string]any) {
	b.t.Helper()
	var want []string
	for _, f := range faults {
		found := f.provoke(b)
		for id := range strings.FieldsSeq(f.checks) {
			if !slices.ContainsFunc(found, func(text string) bool { return strings.HasPrefix(text, id) }) {
				b.t.Errorf("%s: %s is not provoked", f.checks, id)
			}
		}
		want = append(want, found...)
	}
	b.expect(options, want...)
	b.obey(options)
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
	b.expectInDatabase(args, want)
}

// expectInDatabase reads the databases with the same options, unless these are about another service, and wants the same findings.
func (b *bench) expectInDatabase(args map[string]any, want []string) {
	b.t.Helper()
	for option := range args {
		if strings.HasSuffix(option, "_endpoint") || option == "auth" || option == "watch" {
			return
		}
	}
	args = maps.Clone(args)
	delete(args, "cloud")
	delete(args, "clouds_file")
	maps.Copy(args, b.Databases())
	answer := runModule(b.t, args)
	got := slices.DeleteFunc(fingerprints(answer), live.OnlyInDatabases)
	if !slices.Equal(got, want) || answer["complete"] != true {
		b.t.Errorf("%v\nfound in the databases\n%s\nwant\n%s\nnot run %v", answer["msg"], strings.Join(got, "\n"), strings.Join(want, "\n"), notRun(answer))
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
	b.provoke(slices.Concat(poolFaults(), treeFaults()), nil)
}

// A Placement that is older than Nova needs. To upgrade it takes another Placement: here it is what it was as soon as nothing stands
// before it.
func TestLabProvokedOldPlacement(t *testing.T) {
	b := benchOf(t)
	old := changedVersion(t, b.Endpoints["placement"], "1.35")
	options := map[string]any{"placement_endpoint": old}
	b.expect(options, "PLC503:service:")
	b.obey(options)
}

// provokedElsewhere names the tests that have a check loud with a seed, and then do what it says.
func provokedElsewhere() map[string]string {
	return map[string]string{
		"PLC101": "TestLabSeeds", "PLC105": "TestLabSeeds", "PLC201": "TestLabSeeds", "PLC301": "TestLabSeeds",
		"PLC103": "TestLabOtherSeeds", "PLC104": "TestLabOtherSeeds", "PLC106": "TestLabOtherSeeds", "PLC109": "TestLabOtherSeeds",
		"PLC202": "TestLabOtherSeeds", "PLC210": "TestLabFlapping", "PLC501": "TestLabPartialSight", "PLC503": "TestLabProvokedOldPlacement",
		"PLC112": "TestLabDatabaseOnly", "PLC214": "TestLabDatabaseOnly", "PLC509": "TestLabDatabaseOnly", "PLC213": "units: no Placement of the lab lists such a provider",
		"PLC403": "TestLabCustomNames", "PLC404": "TestLabCustomNames", "PLC405": "TestLabCutOffSharing",
	}
}

// No check is forgotten: each is provoked here, or elsewhere.
func TestLabProvokedAll(t *testing.T) {
	provoked := provokedElsewhere()
	faults := slices.Concat(consumerFaults(), providerFaults(), aggregateFaults(), computeFaults(), poolFaults(), treeFaults(),
		serverFaults(), moveFaults(), mappingFaults(), strangerFaults(), nameFaults(), roomFaults())
	for _, f := range faults {
		for id := range strings.FieldsSeq(f.checks) {
			provoked[id] = "here"
		}
	}
	for _, c := range checks.All() {
		if provoked[c.ID] == "" {
			t.Errorf("%s (%s) is provoked nowhere: make its state here, or name in provokedElsewhere what does, or why the lab can't", c.ID, c.Name)
		}
		delete(provoked, c.ID)
	}
	if len(provoked) > 0 {
		t.Errorf("no checks: %v", provoked)
	}
}
