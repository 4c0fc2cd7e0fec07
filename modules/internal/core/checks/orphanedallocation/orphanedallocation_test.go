// SPDX-License-Identifier: Apache-2.0

package orphanedallocation_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/orphanedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const (
	gone  = "60000000-0000-4000-8000-000000000001"
	child = "c0000000-0000-4000-8000-000000000002"
	stale = "c0000000-0000-4000-8000-000000000003"
)

func addChild(s *snapshot.Snapshot, class string) {
	checktest.AddProvider(s, openstack.Provider{
		UUID: child, Name: "cn1_child", ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
	}, class, 8)
}

// device has the orphan hold a device of a child of that name, and nothing else.
func device(name, class string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{
			UUID: child, Name: name, ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
		}, class, 8)
		checktest.Hold(s, gone, child, class, 1)
	}
}

func TestOrphanAtTheSecondLook(t *testing.T) {
	orphan := func(s *snapshot.Snapshot) { checktest.Hold(s, gone, checktest.Compute, "VCPU", 1) }
	checktest.Run(t, orphanedallocation.Check(), []checktest.Case{
		{Name: "the server is gone", Change: orphan, Want: []string{gone}},
		{
			Name: "the server appears between the looks: it was being built", Change: orphan,
			Between: func(l *snapshot.Look) { l.Servers[gone] = &openstack.Server{UUID: gone, Status: "BUILD"} },
		},
		{
			Name: "the server is soft-deleted: only the second look sees it", Change: orphan,
			Between: func(l *snapshot.Look) { l.Servers[gone] = &openstack.Server{UUID: gone, Status: "SOFT_DELETED"} },
		},
		{
			Name: "the allocation is gone at the second look", Change: orphan,
			Between: func(l *snapshot.Look) { l.Consumers[gone] = nil },
		},
		{
			Name: "somebody wrote the allocation between the looks", Change: orphan,
			Between: func(l *snapshot.Look) { l.Consumers[gone][0].ConsumerGeneration++ },
		},
		{
			Name: "the consumer is a migration listed at the second look", Change: orphan,
			Between: func(l *snapshot.Look) {
				l.Parts = map[snapshot.Part]snapshot.Status{snapshot.Migrations: {Read: true}}
				l.Migrations = []openstack.Migration{{UUID: gone, Status: "migrating"}}
			},
		},
	})
}

func TestOrphanedAllocation(t *testing.T) {
	orphan := func(s *snapshot.Snapshot) { checktest.Hold(s, gone, checktest.Compute, "VCPU", 1) }
	checktest.Run(t, orphanedallocation.Check(), []checktest.Case{
		{
			Name: "the consumer is a migration",
			Change: func(s *snapshot.Snapshot) {
				orphan(s)
				s.MigrationList = []openstack.Migration{{UUID: gone, Status: "finished"}}
			},
		},
		{
			Name: "a disk of a compute node whose provider is no root",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: stale, Name: "cn2", ParentUUID: checktest.Compute, RootUUID: checktest.Compute}, "DISK_GB", 9)
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: stale, Name: "cn2", ServiceHost: "cn2"})
				checktest.Hold(s, gone, stale, "DISK_GB", 1)
			},
			Want: []string{gone},
		},
		{
			Name: "it holds a CPU of a NUMA node",
			Change: func(s *snapshot.Snapshot) {
				addChild(s, "PCPU")
				checktest.Hold(s, gone, child, "PCPU", 1)
			},
			Want: []string{gone},
		},
	})
}

func TestOrphanInDoubt(t *testing.T) {
	orphan := func(s *snapshot.Snapshot) { checktest.Hold(s, gone, checktest.Compute, "VCPU", 1) }
	checktest.Run(t, orphanedallocation.Check(), []checktest.Case{
		{
			Name: "the consumer has another service's type", Change: orphan,
			Between:   func(l *snapshot.Look) { l.Types[gone] = "CONTAINER" },
			NotJudged: []string{gone},
		},
		{
			Name: "its server was deleted just now", Change: orphan,
			Between:   func(l *snapshot.Look) { l.Deleted = []string{gone} },
			NotJudged: []string{gone},
		},
		{
			Name: "another server was deleted just now", Change: orphan,
			Between: func(l *snapshot.Look) { l.Deleted = []string{checktest.Server} },
			Want:    []string{gone},
		},
		{
			Name: "what it holds changes while it is looked at", Change: orphan,
			Between:   func(l *snapshot.Look) { l.Restless = []string{gone} },
			NotJudged: []string{gone},
		},
	})
}

func TestOrphanOfOtherServices(t *testing.T) {
	checktest.Run(t, orphanedallocation.Check(), []checktest.Case{
		{
			Name:      "it holds only shared disk",
			Change:    func(s *snapshot.Snapshot) { checktest.Hold(s, gone, checktest.Storage, "DISK_GB", 1) },
			NotJudged: []string{gone},
		},
		{
			Name: "it holds only a device or a reservation below the compute node",
			Change: func(s *snapshot.Snapshot) {
				addChild(s, "CUSTOM_RESERVATION")
				checktest.Hold(s, gone, child, "CUSTOM_RESERVATION", 1)
			},
			NotJudged: []string{gone},
		},
		{
			Name: "it holds bandwidth of an agent of Neutron below the compute node",
			Change: func(s *snapshot.Snapshot) {
				addChild(s, "NET_BW_EGR_KILOBIT_PER_SEC")
				checktest.Hold(s, gone, child, "NET_BW_EGR_KILOBIT_PER_SEC", 1)
			},
			Want: []string{gone},
		},
		{Name: "packet rate of an agent", Change: device("anything", "NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC"), Want: []string{gone}},
	})
}

func TestOrphanOfDevices(t *testing.T) {
	checktest.Run(t, orphanedallocation.Check(), []checktest.Case{
		{Name: "an accelerator of Cyborg", Change: device("cn1_0000:81:00.0", "FPGA"), NotJudged: []string{gone}},
		{Name: "an address as Cyborg writes it", Change: device("cn1_0000:3f:00.0", "PGPU"), NotJudged: []string{gone}},
		{Name: "a PCI device by its class", Change: device("anything", "CUSTOM_PCI_10DE_20B0"), Want: []string{gone}},
		{Name: "a PCI device by its address", Change: device("cn1_0000:3F:00.0", "CUSTOM_A100"), Want: []string{gone}},
		{Name: "a PCI device of another name", Change: device("cn2_0000:3F:00.0", "CUSTOM_A100"), NotJudged: []string{gone}},
		{Name: "a vGPU by libvirt's name", Change: device("cn1_pci_0000_84_00_0", "VGPU"), Want: []string{gone}},
		{Name: "an mdev class by libvirt's name", Change: device("cn1_pci_0000_84_00_0", "CUSTOM_MDEV"), Want: []string{gone}},
		{
			Name: "what Nova says it owns",
			Change: func(s *snapshot.Snapshot) {
				device("anything", "FPGA")(s)
				s.TraitHolders[snapshot.TraitOwner] = []string{child}
			},
			Want: []string{gone},
		},
	})
}

func TestOrphanOfOtherProviders(t *testing.T) {
	checktest.Run(t, orphanedallocation.Check(), []checktest.Case{
		{
			Name: "it holds what a provider without a compute node offers",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: stale, Name: "old"}, "MEMORY_MB", 1024)
				s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], stale)
				checktest.Hold(s, gone, stale, "MEMORY_MB", 512)
			},
			Want: []string{gone},
		},
		{
			Name: "it holds what a provider that is not Nova's offers",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: stale, Name: "zun1"}, "MEMORY_MB", 1024)
				checktest.Hold(s, gone, stale, "MEMORY_MB", 512)
			},
			NotJudged: []string{gone},
		},
	})
}

func TestEvidence(t *testing.T) {
	s, c := checktest.Cloud(), orphanedallocation.Check()
	checktest.Hold(s, gone, checktest.Compute, "VCPU", 1)
	checktest.LookTwice(s, c)
	s.Second.Owners[gone] = openstack.Owner{ConsumerUUID: gone, ProjectID: "p", UserID: "u"}
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	if e := f.Evidence; e["project_id"] != "p" || e["user_id"] != "u" || e["consumer_type"] != "unknown" {
		t.Errorf("evidence %v", e)
	}
	want := "openstack --os-placement-api-version 1.28 resource provider allocation unset " + gone
	if f.Remedy.Command != want || !strings.Contains(f.Remedy.Text, gone) || strings.Contains(f.Remedy.Text, "openstack") {
		t.Errorf("remedy %+v", f.Remedy)
	}
}
