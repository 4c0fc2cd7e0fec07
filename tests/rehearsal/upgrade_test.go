// SPDX-License-Identifier: Apache-2.0

//go:build lab

package rehearsal_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// An upgrade leaves providers, servers and allocations as they were, and the audit finds nothing before and after it. When it
// costs a host its identity, the audit says which, and Placement refuses that host forever.
func TestLabUpgrade(t *testing.T) {
	r := up(t)
	r.clean(t, "before the upgrade")
	before, logs := r.state(t), r.logs(t)
	if len(before.Servers) < 6 || len(before.Nodes) < 7 || len(before.Providers) <= len(before.Nodes) {
		t.Fatalf("there is too little to upgrade: %+v", before)
	}

	o := quick(t, r.Lab).With(map[string]any{"pre_upgrade_identities": false})
	o.Play(t, true, []string{"pass: nothing was found that makes the upgrade unsafe"}, "pre_upgrade.yml")
	r.upgrade(t)
	if r.Release != to || !r.Running {
		t.Errorf("after the upgrade the lab says: %+v", r.Lab)
	}
	if after := r.state(t); !reflect.DeepEqual(before, after) {
		t.Errorf("before the upgrade:\n%+v\nafter it:\n%+v", before, after)
	}
	r.kept(t, logs)
	r.clean(t, "after the upgrade")
	o.Play(t, true, []string{"pass: Placement and Nova agree as before", "7 of 7 computes have reported", "Conflicts: no conflicts"}, "post_upgrade.yml")

	b := r.fault(t)
	if b.Provider != before.Providers[faulty] || b.Node == before.Nodes[faulty] {
		t.Errorf("%s had provider %s and node %s; after the fault: %+v", faulty, before.Providers[faulty], before.Nodes[faulty], b)
	}
	refusals(t, b.Log, "Conflicting resource provider name: "+faulty+" already exists", 2)
	r.names(t, b)
	o.Play(t, false, []string{
		"fail: the upgrade left something to repair", "CRITICAL PLC203 uuid-mismatch", "CRITICAL PLC205 missing-provider",
		"persistent conflict duplicate-name", "3 new, 0 known, 0 gone",
	}, "post_upgrade.yml")
}

// clean fails the test unless the audit finds nothing, and the services' own checks nothing worse than a warning.
func (r *rehearsal) clean(t *testing.T, when string) {
	t.Helper()
	audit, err := r.Audit(t.Context(), nil)
	if err != nil || !audit.Clean {
		t.Errorf("%s: %v, %+v", when, err, audit)
	}
	for program, most := range map[string]int{r.PlacementStatus: 0, r.NovaStatus: 1} {
		if code, said := check(t, program); code > most || !strings.Contains(said, "Result: Success") {
			t.Errorf("%s: %s says %d\n%s", when, program, code, said)
		}
	}
}

// names fails the test unless the audit finds what happened to the host, and nothing else.
func (r *rehearsal) names(t *testing.T, b broken) {
	t.Helper()
	audit, err := r.Audit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range audit.Findings {
		found = append(found, f.ID+" "+f.Subject.UUID)
	}
	slices.Sort(found)
	if want := []string{"PLC201 " + b.Provider, "PLC203 " + b.Provider, "PLC205 " + b.Node}; !slices.Equal(found, want) {
		t.Errorf("the audit found %q, not %q: %+v", found, want, audit)
	}
}
