// SPDX-License-Identifier: Apache-2.0

package missingallocation_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Nova migrates no server in these states, and none away from a host that is down: something else comes first.
func TestServersThatNovaDoesNotMove(t *testing.T) {
	for _, tc := range []struct{ vm, host, text, command string }{
		{"active", "up", "Cold-migrate server", "openstack server migrate "},
		{"stopped", "up", "Cold-migrate server", "openstack server migrate "},
		{"paused", "up", "Unpause server", "openstack server unpause "},
		{"suspended", "up", "Resume server", "openstack server resume "},
		{"rescued", "up", "Unrescue server", "openstack server unrescue "},
		{"error", "up", "Reboot server", "openstack server reboot --hard "},
		{"shelved", "up", "Offload server", "openstack server shelve --offload "},
		{"active", "down", "Start nova-compute on cn1", ""},
	} {
		s, c := checktest.Cloud(), missingallocation.Check()
		bare(func(v *openstack.Server) {
			v.VMState, v.Flavor.ExtraSpecs = tc.vm, map[string]string{"resources:VGPU": "1"}
		})(s)
		s.HypervisorList[0].State = tc.host
		checktest.LookTwice(s, c)
		command := tc.command
		if command != "" {
			command += checktest.Server
		}
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if !strings.HasPrefix(r.Text, tc.text) || r.Command != command {
			t.Errorf("%s on a host that is %s: %+v", tc.vm, tc.host, r)
		}
	}
}
