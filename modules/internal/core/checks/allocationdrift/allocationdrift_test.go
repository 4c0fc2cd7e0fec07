// SPDX-License-Identifier: Apache-2.0

package allocationdrift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/allocationdrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const second = "c0000000-0000-4000-8000-000000000002"

type (
	amounts map[string]int
	specs   map[string]string
	change  = func(*snapshot.Snapshot)
)

// all makes one change of several.
func all(changes ...change) change {
	return func(s *snapshot.Snapshot) {
		for _, c := range changes {
			c(s)
		}
	}
}

// holds gives the server these amounts on its host instead of what it holds.
func holds(a amounts) change {
	return func(s *snapshot.Snapshot) {
		checktest.Release(s, checktest.Server)
		for class, n := range a {
			checktest.Hold(s, checktest.Server, checktest.Compute, class, n)
		}
	}
}

// holdsToo adds to what the server holds.
func holdsToo(more amounts) change {
	return func(s *snapshot.Snapshot) {
		for class, n := range more {
			checktest.Hold(s, checktest.Server, checktest.Compute, class, n)
		}
	}
}

// metal makes the server one on bare metal whose flavor asks for CUSTOM_BM, and which holds another class than its node offers.
func metal(held, offered string) change {
	return func(s *snapshot.Snapshot) {
		all(holds(amounts{held: 1}), asks(specs{
			"resources:CUSTOM_BM": "1", "resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0",
		}))(s)
		s.HypervisorList[0].Type = "ironic"
		s.InventoryMap[checktest.Compute] = map[string]openstack.Inventory{}
		checktest.Offer(s, checktest.Compute, offered, 1)
	}
}

// asks adds extra specs to the server's flavor, of 1 CPU, 2 GiB of memory and 20 GiB of disk.
func asks(extra specs) change {
	return func(s *snapshot.Snapshot) { s.ServerList[0].Flavor.ExtraSpecs = extra }
}

func is(f func(*openstack.Server)) change {
	return func(s *snapshot.Snapshot) { f(&s.ServerList[0]) }
}

func moved(kind, status string) change {
	return func(s *snapshot.Snapshot) {
		s.MigrationList = append(s.MigrationList, openstack.Migration{
			UUID: "m" + status, ServerUUID: checktest.Server, Type: kind, Status: status,
			Created: checktest.Taken().Add(-time.Hour * time.Duration(1+len(s.MigrationList))),
		})
	}
}

// twice is what the flavor asks for and one CPU more.
func twice() change { return holds(amounts{"VCPU": 2, "MEMORY_MB": 2048, "DISK_GB": 20}) }

func TestDrift(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, allocationdrift.Check(), []checktest.Case{
		{Name: "too many CPUs", Change: twice(), Want: server},
		{Name: "too little memory", Change: holds(amounts{"VCPU": 1, "MEMORY_MB": 1024, "DISK_GB": 20}), Want: server},
		{Name: "no memory", Change: holds(amounts{"VCPU": 1, "DISK_GB": 20}), Want: server},
		{Name: "more disk", Change: holds(amounts{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 40}), Want: server},
		{Name: "all on the host", Change: holds(amounts{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20})},
		{
			Name: "half the disk here, half there",
			Change: all(holds(amounts{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 10}), func(s *snapshot.Snapshot) {
				checktest.Hold(s, checktest.Server, checktest.Storage, "DISK_GB", 10)
			}),
		},
		{
			Name: "only shared disk left",
			Change: all(holds(nil), func(s *snapshot.Snapshot) {
				checktest.Hold(s, checktest.Server, checktest.Storage, "DISK_GB", 20)
			}), Want: server,
		},
		{Name: "classes that ports and images ask for", Change: func(s *snapshot.Snapshot) {
			for _, class := range []string{"VGPU", "CUSTOM_PCI", "NET_BW_EGR_KILOBIT_PER_SEC", "MEM_ENCRYPTION_CONTEXT"} {
				checktest.Hold(s, checktest.Server, checktest.Compute, class, 1)
			}
		}},
		{Name: "lacks its vGPU", Change: asks(specs{"resources:VGPU": "1"}), Want: server},
		{Name: "an override", Change: all(twice(), asks(specs{"resources:VCPU": "2"}))},
		{Name: "an override that it does not hold", Change: asks(specs{"resources:VCPU": "2"}), Want: server},
		{Name: "holds what an override takes away", Change: asks(specs{"resources:DISK_GB": "0"}), Want: server},
		{
			Name: "in ERROR after it ran", Change: all(twice(), is(func(v *openstack.Server) { v.Status = "ERROR" })), Want: server,
		},
		{Name: "a resize has ended", Change: all(twice(), moved("resize", "error")), Want: server},
	})
}

func TestDriftOfCPUs(t *testing.T) {
	server := []string{checktest.Server}
	cpus := func(vcpu, pcpu int) change {
		return all(is(func(v *openstack.Server) { v.Flavor.VCPUs = 4 }),
			holds(amounts{"VCPU": vcpu, "PCPU": pcpu, "MEMORY_MB": 2048, "DISK_GB": 20}))
	}
	dedicated := asks(specs{"hw:cpu_policy": "dedicated"})
	isolated := asks(specs{"hw:emulator_threads_policy": "isolate"})
	checktest.Run(t, allocationdrift.Check(), []checktest.Case{
		{Name: "the image asks for PCPU", Change: cpus(0, 4)},
		{Name: "the image asks for both", Change: cpus(1, 3)},
		{Name: "too many together", Change: cpus(1, 4), Want: server},
		{Name: "too few PCPU", Change: cpus(0, 3), Want: server},
		{Name: "the image pins, the flavor isolates", Change: all(cpus(0, 5), isolated)},
		{Name: "the flavor isolates, nobody pins", Change: all(cpus(4, 0), isolated)},
		{Name: "two more than it isolates", Change: all(cpus(0, 6), isolated), Want: server},
		{Name: "shared CPUs by flavor, PCPU held", Change: all(cpus(0, 4), asks(specs{"hw:cpu_policy": "shared"})), Want: server},
		{Name: "dedicated", Change: all(cpus(0, 4), dedicated)},
		{Name: "dedicated, too many", Change: all(cpus(0, 5), dedicated), Want: server},
		{Name: "dedicated, half of it", Change: all(cpus(2, 2), dedicated), Want: server},
		{Name: "dedicated, as VCPU", Change: all(cpus(4, 0), dedicated), NotJudged: server},
		{Name: "dedicated, as VCPU, and one PCPU", Change: all(cpus(4, 1), dedicated), Want: server},
		{Name: "mixed, as VCPU", Change: all(cpus(4, 0), asks(specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0"})), NotJudged: server},
		{Name: "dedicated, too many VCPU", Change: all(cpus(5, 0), dedicated), Want: server},
		{
			Name: "dedicated, as VCPU, and memory wrong",
			Change: all(cpus(4, 0), dedicated, func(s *snapshot.Snapshot) {
				checktest.Hold(s, checktest.Server, checktest.Compute, "MEMORY_MB", 1)
			}), Want: server,
		},
	})
}

func TestDriftOfDisks(t *testing.T) {
	server := []string{checktest.Server}
	disk := func(n int) change { return holds(amounts{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": n}) }
	volume := is(func(v *openstack.Server) { v.FromVolume = true })
	ephemeral := is(func(v *openstack.Server) { v.Flavor.Ephemeral = 5 })
	checktest.Run(t, allocationdrift.Check(), []checktest.Case{
		{Name: "from a volume", Change: all(disk(0), volume)},
		{Name: "from a volume, ephemeral disk", Change: all(disk(5), volume, ephemeral)},
		{Name: "from a volume, root disk held", Change: volume, Want: server},
		{
			Name:   "from a volume, and as much less again",
			Change: all(disk(5), volume, is(func(v *openstack.Server) { v.Flavor.Ephemeral = 25 })), Want: server,
		},
		{Name: "no root disk, and an image", Change: all(disk(5), ephemeral), NotJudged: server},
		{Name: "no disk at all, and an image", Change: all(disk(0), ephemeral), Want: server},
		{
			Name:   "no root disk, and an override",
			Change: all(disk(5), asks(specs{"resources:DISK_GB": "25"})), Want: server,
		},
		{
			Name:   "no root disk, and more wrong",
			Change: all(holds(amounts{"VCPU": 2, "MEMORY_MB": 2048, "DISK_GB": 5}), ephemeral), Want: server,
		},
	})
}

func TestDriftNotJudged(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, allocationdrift.Check(), []checktest.Case{
		{Name: "a task is under way", Change: all(twice(), is(func(v *openstack.Server) { v.TaskState = "resize_prep" })), NotJudged: server},
		{Name: "a move is in progress", Change: all(twice(), moved("resize", "migrating")), NotJudged: server},
		{Name: "a resize on the same host is not confirmed", Change: all(twice(), moved("resize", "finished")), NotJudged: server},
		{Name: "a resize waits", Change: all(twice(), is(func(v *openstack.Server) { v.Status = "VERIFY_RESIZE" })), NotJudged: server},
		{Name: "busy, but in order", Change: is(func(v *openstack.Server) { v.TaskState = "rebooting" })},
		{Name: "extra specs hidden", Change: all(twice(), asks(nil)), NotJudged: server},
		{Name: "a group of its own", Change: all(asks(specs{"resources1:VGPU": "1"}), holdsToo(amounts{"VGPU": 1})), NotJudged: server},
		{Name: "nothing of a group of its own", Change: asks(specs{"resources1:VGPU": "1"}), Want: server},
		{Name: "a device profile, and drift", Change: all(twice(), asks(specs{"accel:device_profile": "gpu"})), Want: server},
		{Name: "its CPUs are in a group", Change: all(twice(), asks(specs{"resources1:VCPU": "1"})), NotJudged: server},
		{
			Name:   "bare metal of old",
			Change: all(holds(amounts{"CUSTOM_BM": 1}), func(s *snapshot.Snapshot) { s.HypervisorList[0].Type = "ironic" }), NotJudged: server,
		},
		{
			Name: "bare metal",
			Change: all(holds(amounts{"CUSTOM_BM": 1}), asks(specs{
				"resources:CUSTOM_BM": "1", "resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0",
			})),
		},
		{Name: "bare metal of another class, which its node does not offer", Change: metal("CUSTOM_OLD", "CUSTOM_OLD"), NotJudged: server},
		{Name: "bare metal of another class than its node", Change: metal("CUSTOM_OLD", "CUSTOM_BM"), Want: server},
		{Name: "nothing held", Change: holds(nil)},
		{Name: "on no host", Change: all(twice(), is(func(v *openstack.Server) { v.Host, v.Status = "", "SHELVED_OFFLOADED" }))},
		{
			Name: "two hosts",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
				s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], second)
				checktest.Hold(s, checktest.Server, second, "VCPU", 1)
			},
		},
	})
}

func TestDriftAtTheSecondLook(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, allocationdrift.Check(), []checktest.Case{
		{
			Name: "put right", Change: twice(),
			Between: func(l *snapshot.Look) {
				l.Consumers[checktest.Server][0].Resources = amounts{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}
			},
		},
		{
			Name: "written again", Change: twice(),
			Between: func(l *snapshot.Look) { l.Consumers[checktest.Server][0].ConsumerGeneration = 2 },
		},
		{
			Name: "the flavor is another", Change: twice(),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Flavor.RAM = 4096 },
		},
		{
			Name: "the flavor of the same name asks for it", Change: twice(),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Flavor.VCPUs = 2 },
		},
		{
			Name: "a resize began", Change: twice(),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].TaskState = "resize_prep" }, NotJudged: server,
		},
		{
			Name: "deleted", Change: twice(),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server] = nil },
		},
	})
}

// found is the one finding that the changed cloud has.
func found(t *testing.T, changes ...change) check.Finding {
	t.Helper()
	s, c := checktest.Cloud(), allocationdrift.Check()
	all(changes...)(s)
	checktest.LookTwice(s, c)
	return check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
}

func TestEvidence(t *testing.T) {
	f := found(t, twice(), moved("migration", "completed"), moved("resize", "error"), moved("resize", "confirmed"))
	want := map[string]any{
		"flavor": "m1.small", "expected": map[string]int{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20},
		"held":    map[string]int{"VCPU": 2, "MEMORY_MB": 2048, "DISK_GB": 20},
		"classes": []map[string]any{{"class": "VCPU", "expected": 1, "held": 2, "difference": 1}},
		"allocations": []map[string]any{{
			"provider_uuid": checktest.Compute, "provider_name": "cn1",
			"resources": map[string]int{"VCPU": 2, "MEMORY_MB": 2048, "DISK_GB": 20},
		}},
		"consumer_generation": 1, "host": "cn1", "node": "cn1", "status": "ACTIVE", "task_state": "", "from_volume": false,
		"last_resize": map[string]any{"uuid": "merror", "status": "error", "updated": time.Time{}},
	}
	if diff := cmp.Diff(want, f.Evidence); diff != "" {
		t.Error(diff)
	}
	if want := "VCPU 2 instead of 1; its last resize (merror) ended as error"; !strings.HasSuffix(f.Message, want) {
		t.Errorf("%q does not end in %q", f.Message, want)
	}
	if _, ok := found(t, twice()).Evidence["last_resize"]; ok {
		t.Error("a server that was never resized has a last resize")
	}
}

// heal_allocations --force is the remedy only where it loses nothing.
func TestRemedy(t *testing.T) {
	other := func(provider, class string) change {
		return func(s *snapshot.Snapshot) { checktest.Hold(s, checktest.Server, provider, class, 1) }
	}
	local := func(s *snapshot.Snapshot) { checktest.Offer(s, checktest.Compute, "DISK_GB", 100) }
	for name, tc := range map[string]struct {
		change change
		heals  bool
	}{
		"all on the host":       {all(twice(), local), true},
		"a class of a child":    {all(twice(), local, asks(specs{"resources:CUSTOM_NVME": "1"})), false},
		"root disk of a volume": {all(twice(), is(func(v *openstack.Server) { v.FromVolume = true })), true},
		"shared storage":        {other(checktest.Storage, "DISK_GB"), false},
		"a class of its image":  {all(twice(), other(checktest.Compute, "MEM_ENCRYPTION_CONTEXT")), false},
		"PCPU":                  {all(twice(), other(checktest.Compute, "PCPU")), false},
		"a vGPU":                {all(twice(), asks(specs{"resources:VGPU": "1"})), false},
		"a device profile":      {all(twice(), asks(specs{"accel:device_profile": "gpu"})), false},
		"on another host":       {all(twice(), func(s *snapshot.Snapshot) { s.HypervisorList[0].UUID = second }), false},
	} {
		text := found(t, tc.change).Remedy.Command
		if heals := strings.Contains(text, "--force --instance "+checktest.Server); heals != tc.heals {
			t.Errorf("%s: %q", name, text)
		}
	}
}

// Amounts on a host that is not the server's own wait until they are on its own.
func TestRemedyOfMisplaced(t *testing.T) {
	got := found(t, all(twice(), func(s *snapshot.Snapshot) {
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2"})
		checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
		s.ServerList[0].Host, s.ServerList[0].Node = "cn2", "cn2"
	})).Remedy
	if !strings.HasPrefix(got.Text, "First put the allocation of server s1 ("+checktest.Server+") on its own host (PLC104)") || got.Command != "" {
		t.Errorf("remedy %+v", got)
	}
}

// What Nova does for a server that heal_allocations refuses depends on what its flavor asks for.
func TestRemedyOfDevices(t *testing.T) {
	for want, spec := range map[string]specs{
		"openstack server migrate " + checktest.Server: {"resources:VGPU": "1"},
		"openstack server shelve " + checktest.Server:  {"accel:device_profile": "gpu"},
	} {
		if got := found(t, all(twice(), asks(spec))).Remedy; got.Command != want || !strings.Contains(got.Text, checktest.Server) ||
			!strings.Contains(got.Text, "exit code 8") {
			t.Errorf("remedy %+v, want %s", got, want)
		}
	}
}

// A resize that waits to be confirmed excuses nothing forever.
func TestLongUnconfirmed(t *testing.T) {
	wait := func(age time.Duration) change {
		return all(twice(), func(s *snapshot.Snapshot) {
			s.ServerList[0].Status, s.ServerList[0].Created = "VERIFY_RESIZE", checktest.Taken().Add(-age)
			s.MigrationList = []openstack.Migration{{
				UUID: "m", ServerUUID: checktest.Server, Type: "resize", Status: "finished", Updated: checktest.Taken().Add(-age),
			}}
		})
	}
	server := []string{checktest.Server}
	checktest.Run(t, allocationdrift.Check(), []checktest.Case{
		{Name: "for an hour", Change: wait(time.Hour), NotJudged: server},
		{Name: "for two days", Change: wait(48 * time.Hour), Want: server},
	})
	if f := found(t, wait(48*time.Hour)); !strings.Contains(f.Remedy.Text, "PLC502:consumer:m") || f.Remedy.Command != "" {
		t.Errorf("remedy %+v", f.Remedy)
	}
}
