// SPDX-License-Identifier: Apache-2.0

package check_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// A limited check suspects, finds and leaves alone only what is within, so that what is not needs no second look.
func TestLimited(t *testing.T) {
	whole := fake("PLC1", check.High, same, "a", "b")
	only := func(uuid string) *check.Check {
		return whole.Limited([]snapshot.Part{snapshot.Hypervisors}, func(s check.Subject) bool {
			return s.Type == check.OfProvider && s.UUID == uuid
		})
	}
	if got := only("a").Needs; !slices.Equal(got, []snapshot.Part{snapshot.Providers, snapshot.Hypervisors}) {
		t.Errorf("needs %v", got)
	}
	s := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	s.Second = seen("a")
	if got := check.Suspects(s, []*check.Check{only("a")}, check.Defaults()).Providers; !slices.Equal(got, []string{"a"}) {
		t.Errorf("suspects %v", got)
	}
	v := check.Run(s, []*check.Check{only("a")}, check.Defaults())
	if len(v.Findings) != 1 || v.Findings[0].Subject.UUID != "a" || !v.Complete() || len(v.NotJudged) != 0 || v.Suspects["PLC1"] != 1 {
		t.Errorf("%+v", v)
	}
	v = check.Run(s, []*check.Check{only("left")}, check.Defaults())
	if len(v.Findings) != 0 || len(v.NotJudged) != 1 || !v.LeavesAlone("PLC1", "left") || v.LeavesAlone("PLC1", "a") {
		t.Errorf("%+v", v)
	}
	if v = check.Run(s, []*check.Check{whole}, check.Defaults()); v.Complete() {
		t.Error("the whole check did not miss the second look at b")
	}
}
