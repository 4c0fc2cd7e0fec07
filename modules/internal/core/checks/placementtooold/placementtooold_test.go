// SPDX-License-Identifier: Apache-2.0

package placementtooold_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/placementtooold"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func newest(nova, placement string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.Compute.Newest, s.Placement.Newest = nova, placement }
}

func TestPlacementTooOld(t *testing.T) {
	loud := []string{""}
	checktest.Run(t, placementtooold.Check(), []checktest.Case{
		{Name: "Zed, and Placement of before 1.36", Change: newest("2.93", "1.35"), Want: loud},
		{Name: "Zed, and Placement of Train", Change: newest("2.93", "1.36")},
		{Name: "2026.1, and Placement of Stein", Change: newest("2.103", "1.31"), Want: loud},
		{Name: "Wallaby, and Placement of Stein", Change: newest("2.88", "1.31"), Want: loud},
		{Name: "Ussuri, and what it needs", Change: newest("2.87", "1.35")},
		{Name: "Ussuri, and less", Change: newest("2.87", "1.34"), Want: loud},
		{Name: "Train, and what it needs", Change: newest("2.79", "1.32")},
		{Name: "Train, and Placement of Stein", Change: newest("2.79", "1.31"), Want: loud},
		{Name: "Stein, and Placement of its time", Change: newest("2.72", "1.31")},
		{Name: "Stein, and Placement of Queens", Change: newest("2.72", "1.28"), Want: loud},
		{Name: "a Placement that is much newer", Change: newest("2.72", "2.0")},
		{Name: "an unknown nova", Change: newest("2.60", "1.28")},
		{Name: "a nova of another major version", Change: newest("1.99", "1.28")},
		{Name: "nothing is known of nova", Change: newest("", "1.30")},
		{Name: "nothing is known of Placement", Change: newest("2.93", "")},
		{
			Name: "a second look at nothing else covers it", Change: newest("2.93", "1.31"),
			Between: func(l *snapshot.Look) { l.Services = []openstack.ComputeService{} }, Want: loud,
		},
	})
}

// The rule of two looks holds: without a second one there is no finding, and the check counts as not run.
func TestSeenOnce(t *testing.T) {
	s, c := checktest.Cloud(), []*check.Check{placementtooold.Check()}
	newest("2.93", "1.31")(s)
	if suspects := check.Suspects(s, c, check.Defaults()); suspects.None() {
		t.Error("there is no second look")
	}
	if v := check.Run(s, c, check.Defaults()); len(v.Findings) != 0 || v.Complete() {
		t.Errorf("findings %v, not run %v", v.Findings, v.NotRun)
	}
}

func TestSubject(t *testing.T) {
	s, c := checktest.Cloud(), placementtooold.Check()
	newest("2.93", "1.31")(s)
	s.ServiceList = append(s.ServiceList,
		openstack.ComputeService{Binary: "nova-scheduler", Host: "b"}, openstack.ComputeService{Binary: "nova-scheduler", Host: "a"},
		openstack.ComputeService{Binary: "nova-scheduler", Host: "a"})
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	if want := (check.Subject{Type: "service", Name: "placement"}); f.Subject != want {
		t.Errorf("subject %v", f.Subject)
	}
	hosts, _ := f.Evidence["schedulers"].([]string)
	if len(hosts) != 2 || hosts[0] != "a" || f.Evidence["needed"] != "1.36" {
		t.Errorf("evidence %v", f.Evidence)
	}
}
