// SPDX-License-Identifier: Apache-2.0

package unknownhost_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unknownhost"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// on puts the server on a host of that name.
func on(host string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.ServerList[0].Host, s.ServerList[0].Node = host, host }
}

// adrift makes cn1 a bare-metal node that came from the nova-compute of old, which is in that state.
func adrift(state string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		on("old")(s)
		s.HypervisorList[0].Type, s.ServerList[0].Node = "ironic", "cn1"
		s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "old", State: state})
	}
}

func TestUnknownHost(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, unknownhost.Check(), []checktest.Case{
		{Name: "nobody's host", Change: on("old"), Want: server},
		{Name: "another case", Change: on("CN1"), Want: server},
		{Name: "no host", Change: on("")},
		{Name: "its service is disabled and down", Change: func(s *snapshot.Snapshot) {
			s.ServiceList[0].Status, s.ServiceList[0].State = "disabled", "down"
		}},
		{Name: "only another service has the host", Change: func(s *snapshot.Snapshot) {
			on("old")(s)
			s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-conductor", Host: "old"})
		}, Want: server},
		{Name: "its cell does not answer", Change: func(s *snapshot.Snapshot) {
			on("old")(s)
			s.ServerList[0].Status = openstack.Unknown
		}},
		{Name: "bare metal that went to another nova-compute, as its own is down", Change: adrift("down"), Want: server},
		{Name: "bare metal that went to another nova-compute while its own is up", Change: adrift("up")},
		{Name: "its service is down and has no compute node", Change: func(s *snapshot.Snapshot) {
			on("cn1.example")(s)
			s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn1.example", State: "down"})
		}, Want: server},
		{Name: "its service is up and has no compute node yet", Change: func(s *snapshot.Snapshot) {
			on("cn1.example")(s)
			s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn1.example", State: "up"})
		}},
		{Name: "bare metal whose nova-compute is down", Change: func(s *snapshot.Snapshot) {
			s.HypervisorList[0].Type, s.ServiceList[0].State = "ironic", "down"
		}},
		{
			Name: "the service appears between the looks", Change: on("old"),
			Between: func(l *snapshot.Look) { l.Services = []openstack.ComputeService{{Binary: "nova-compute", Host: "old"}} },
		},
	})
}

func TestWords(t *testing.T) {
	for host, want := range map[string][]string{
		"old":         {"on host old, which no compute service has; it holds DISK_GB 20 on ceph", "set host = old"},
		"CN1":         {"the one of cn1 differs from it in case only", "database to cn1, the exact name of the compute service"},
		"cn1.example": {"the service of cn1 may be its own", "set host = cn1.example"},
	} {
		s, c := checktest.Cloud(), unknownhost.Check()
		on(host)(s)
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		if said := f.Message + f.Remedy.Text; !strings.Contains(said, want[0]) || !strings.Contains(said, want[1]) || f.Evidence["host"] != host {
			t.Errorf("%s: %s", host, said)
		}
	}
}

func TestBareMetal(t *testing.T) {
	s, c := checktest.Cloud(), unknownhost.Check()
	s.ServerList[0].Host, s.HypervisorList[0].Type = "old", "ironic"
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	if !strings.Contains(f.Remedy.Text, "the nova-compute that manages node cn1") || strings.Contains(f.Remedy.Text, "evacuate server") {
		t.Error(f.Remedy.Text)
	}
}

// A host of many nodes may lose one that a server is on.
func TestNodeGone(t *testing.T) {
	of := func(kind, node string) func(*snapshot.Snapshot) {
		return func(s *snapshot.Snapshot) { s.HypervisorList[0].Type, s.ServerList[0].Node = kind, node }
	}
	server := []string{checktest.Server}
	checktest.Run(t, unknownhost.Check(), []checktest.Case{
		{Name: "bare metal", Change: of("ironic", "gone"), Want: server},
		{Name: "VMware", Change: of("VMware vCenter Server", "gone"), Want: server},
		{Name: "a host of one node", Change: of("QEMU", "gone")},
		{Name: "its node", Change: of("ironic", "cn1")},
		{Name: "another nova-compute has the node now", Change: func(s *snapshot.Snapshot) {
			of("ironic", "moved")(s)
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: "moved", Name: "moved", ServiceHost: "cn2", Type: "ironic"})
		}},
		{Name: "its cell does not answer", Change: func(s *snapshot.Snapshot) {
			of("ironic", "gone")(s)
			s.ServerList[0].Status = openstack.Unknown
		}},
		{
			Name: "it is on its node at the second look", Change: of("ironic", "gone"),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Node = "cn1" },
		},
	})
}
