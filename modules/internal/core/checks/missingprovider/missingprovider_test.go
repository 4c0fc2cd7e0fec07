// SPDX-License-Identifier: Apache-2.0

package missingprovider_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const lone = "c0000000-0000-4000-8000-000000000008"

func node(state string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: lone, Name: "cn8", ServiceHost: "cn8", State: state})
	}
}

func TestMissingProvider(t *testing.T) {
	checktest.Run(t, missingprovider.Check(), []checktest.Case{
		{Name: "a compute node without provider", Change: node("up"), Want: []string{lone}},
		{Name: "its nova-compute is down", Change: node("down"), NotJudged: []string{lone}},
		{
			Name: "it registers between the looks", Change: node("up"),
			Between: func(l *snapshot.Look) {
				l.Providers[lone] = &snapshot.ProviderLook{Provider: openstack.Provider{UUID: lone, Name: "cn8"}}
			},
		},
		{
			Name: "the compute node goes between the looks", Change: node("up"),
			Between: func(l *snapshot.Look) {
				l.Parts = map[snapshot.Part]snapshot.Status{snapshot.Hypervisors: {Read: true}}
				l.Hypervisors = []openstack.Hypervisor{}
			},
		},
	})
}

// Where Placement has no provider at all it is the wrong Placement, or an empty one: that is no clean cloud.
func TestNoProviderAtAll(t *testing.T) {
	s, c := checktest.Cloud(), missingprovider.Check()
	s.ProviderList, s.AllocationList = nil, nil
	checktest.LookTwice(s, c)
	if v := check.Run(s, []*check.Check{c}, check.Defaults()); len(v.NotRun) != 1 || !strings.Contains(v.NotRun[0].Reason, "placement lists no resource provider") {
		t.Errorf("%+v", v)
	}
}

// Of two compute nodes of one name only one can have a resource provider, and that one is in order.
func TestTwins(t *testing.T) {
	s, c := checktest.Cloud(), missingprovider.Check()
	node("up")(s)
	s.HypervisorList[1].Name = "cn1"
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings
	if len(f) != 1 || f[0].Subject.UUID != lone || !strings.Contains(f[0].Remedy.Text, "Give all but one of the hosts cn1 (c0000000-0000-4000-8000-000000000001) and cn8") {
		t.Errorf("%+v", f)
	}
}
