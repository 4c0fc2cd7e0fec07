// SPDX-License-Identifier: Apache-2.0

package unmappedhost_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unmappedhost"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const service = "b0000000-0000-4000-8000-000000000001"

func compute(host, state string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.ServiceList = append(s.ServiceList, openstack.ComputeService{UUID: service, Binary: "nova-compute", Host: host, State: state})
	}
}

// metal adds a bare-metal node of another host.
func metal(host string, and func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: "node", Name: "node", ServiceHost: host, Type: "ironic"})
		and(s)
	}
}

func TestUnmappedHost(t *testing.T) {
	one := []string{service}
	checktest.Run(t, unmappedhost.Check(), []checktest.Case{
		{Name: "up", Change: compute("cn9", "up"), Want: one},
		{Name: "up, its name like no other", Change: compute("rack7-a", "up"), Want: one},
		{Name: "down", Change: compute("cn9", "down")},
		{Name: "bare metal by its name", Change: compute("ctl1-ironic", "up"), NotJudged: one},
		{Name: "bare metal as others of such names", Change: metal("ctl1", compute("ctl2", "up")), NotJudged: one},
		{Name: "may be bare metal", Change: metal("ctl1", compute("other", "up")), NotJudged: one},
		{Name: "no bare metal in a cloud with some", Change: metal("ctl1", compute("cn9", "up")), Want: one},
		{
			Name: "mapped between the looks", Change: compute("cn9", "up"),
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Hypervisors] = snapshot.Status{Read: true}
				l.Hypervisors = []openstack.Hypervisor{
					{UUID: checktest.Compute, Name: "cn1", ServiceHost: "cn1"}, {UUID: "new", Name: "cn9", ServiceHost: "cn9"},
				}
			},
		},
	})
}
