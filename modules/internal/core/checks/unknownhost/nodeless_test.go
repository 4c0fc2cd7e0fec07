// SPDX-License-Identifier: Apache-2.0

package unknownhost_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unknownhost"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Nobody is told to evacuate what may be bare metal, nor to give a host its old name back.
func TestNodelessRemedy(t *testing.T) {
	const node = "10000000-0000-4000-8000-000000000001"
	for metal, want := range map[bool]string{true: "delete the server: it may be bare metal", false: "evacuate or delete the server"} {
		s, c := checktest.Cloud(), unknownhost.Check()
		s.ServerList[0].Host, s.ServerList[0].Node = "old", node
		s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "old", State: "down"})
		if metal {
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{
				UUID: "10000000-0000-4000-8000-000000000002", Name: "10000000-0000-4000-8000-000000000002", ServiceHost: "ironic", Type: "ironic",
			})
		}
		checktest.LookTwice(s, c)
		text := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy.Text
		if !strings.Contains(text, want) || strings.Contains(text, "set host") {
			t.Errorf("bare metal %v: %s", metal, text)
		}
	}
}
