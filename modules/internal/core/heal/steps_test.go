// SPDX-License-Identifier: Apache-2.0

package heal_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

type changes = []func(*snapshot.Snapshot)

type steps struct {
	changes changes
	want    []string
}

// Each leftover of a server or a migration is cleared where the server does not need it.
func TestStepsForLeftovers(t *testing.T) {
	put, server := "PUT /allocations/"+checktest.Server, checktest.Server
	plans(t, map[string]steps{
		"nothing is wrong": {nil, nil},
		"an orphan":        {changes{holds(gone, checktest.Compute)}, []string{"planned PLC101:consumer:" + gone + " PUT /allocations/" + gone}},
		"a migration that ended, its server gone": {
			changes{ended("gone")}, []string{"planned PLC102:consumer:" + move + " PUT /allocations/" + move},
		},
		"a migration that ended, its server holds its own share": {
			changes{ended(server)}, []string{"planned PLC102:consumer:" + move + " PUT /allocations/" + move},
		},
		"a failed cold migration is one request": {
			changes{released, ended(server)}, []string{"planned PLC102:consumer:" + move + " POST /allocations"},
		},
		"two hosts": {changes{host(second, "cn2", "up"), holds(server, second)}, []string{"planned PLC103:server:" + server + " " + put}},
		"the wrong host": {
			changes{host(second, "cn2", "up"), released, holds(server, second)},
			[]string{"planned PLC104:server:" + server + " " + put, "by hand PLC106:server:" + server}, // the rest of it is lost
		},
	})
}

// A server whose allocation can't be worked out, or has no room, is left to a person.
func TestStepsByHand(t *testing.T) {
	server := checktest.Server
	plans(t, map[string]steps{
		"no allocation, a shared disk": {changes{released}, []string{"by hand PLC105:server:" + server}},
		"a host with a device": {
			changes{local, released, func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: child, Name: "cn1_pci", ParentUUID: checktest.Compute, RootUUID: checktest.Compute}, "CUSTOM_PCI", 2)
			}},
			[]string{"by hand PLC105:server:" + server},
		},
		"no room": {
			changes{local, released, func(s *snapshot.Snapshot) { checktest.Offer(s, checktest.Compute, "MEMORY_MB", 1024) }},
			[]string{"by hand PLC105:server:" + server},
		},
		"something is stuck": {
			changes{released, func(s *snapshot.Snapshot) {
				s.ServerList[0].TaskState, s.ServerList[0].Created = "spawning", checktest.Taken().AddDate(0, 0, -9)
			}},
			[]string{"by hand PLC105:server:" + server, "by hand PLC504:server:" + server},
		},
	})
}

// A server gets back what it lacks, and gives back what it holds too much.
func TestStepsForServers(t *testing.T) {
	put, server := "PUT /allocations/"+checktest.Server, checktest.Server
	plans(t, map[string]steps{
		"no allocation": {changes{local, released}, []string{"planned PLC105:server:" + server + " " + put}},
		"other amounts": {
			changes{local, func(s *snapshot.Snapshot) { checktest.Hold(s, server, checktest.Compute, "MEMORY_MB", 512) }},
			[]string{"planned PLC106:server:" + server + " " + put},
		},
		"shelved": {
			changes{func(s *snapshot.Snapshot) {
				s.ServerList[0].Host, s.ServerList[0].Node, s.ServerList[0].Status = "", "", "SHELVED_OFFLOADED"
			}},
			[]string{"planned PLC107:server:" + server + " " + put},
		},
	})
}

// A stale provider goes, the leaves of its tree first, and after what holds it.
func TestStepsForStaleProviders(t *testing.T) {
	drop := " DELETE /resource_providers/" + stale
	plans(t, map[string]steps{
		"a stale provider": {changes{abandoned("old")}, []string{"planned PLC201:provider:" + stale + drop}},
		"a stale provider whose compute service is down": {
			changes{abandoned("old"), func(s *snapshot.Snapshot) {
				s.ServiceList = append(s.ServiceList, openstack.ComputeService{UUID: "s", Binary: "nova-compute", Host: "old", State: "down"})
			}},
			[]string{"by hand PLC201:provider:" + stale},
		},
		"a stale provider that an orphan holds": {
			changes{abandoned("old"), holds(gone, stale)},
			[]string{
				"planned PLC101:consumer:" + gone + " PUT /allocations/" + gone,
				"planned PLC201:provider:" + stale + drop + " after PLC101:consumer:" + gone,
			},
		},
		"a stale tree, leaf first": {
			changes{abandoned("old"), func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: child, Name: "old_pci", ParentUUID: stale, RootUUID: stale}, "CUSTOM_PCI", 2)
			}},
			[]string{"planned PLC201:provider:" + stale + " DELETE /resource_providers/" + child + drop},
		},
	})
}

// A compute that changed its name gets its provider back.
func TestStepsForNewNames(t *testing.T) {
	put, server := "PUT /allocations/"+checktest.Server, checktest.Server
	drop := " DELETE /resource_providers/" + stale
	plans(t, map[string]steps{
		"a host under a new name": {
			changes{abandoned("cn1.example"), released, holds(server, stale)},
			[]string{
				"planned PLC104:server:" + server + " " + put,
				"planned PLC201:provider:" + stale + drop + " after PLC104:server:" + server,
				"by hand PLC106:server:" + server, // the rest of it is lost
			},
		},
		"a provider with another name": {
			changes{func(s *snapshot.Snapshot) { s.ProviderList[0].Name = "other" }},
			[]string{"planned PLC204:provider:" + checktest.Compute + " PUT /resource_providers/" + checktest.Compute},
		},
	})
}

// A compute that changed its UUID gets its provider back.
func TestStepsForLostIdentities(t *testing.T) {
	put, server := "PUT /allocations/"+checktest.Server, checktest.Server
	plans(t, map[string]steps{
		"a lost identity": {
			changes{func(s *snapshot.Snapshot) {
				s.HypervisorList[0].UUID = second
				s.TraitHolders[snapshot.TraitComputeNode] = []string{checktest.Compute}
			}},
			[]string{
				"planned PLC203:provider:" + checktest.Compute + " PUT /resource_providers/" + checktest.Compute,
				"planned PLC104:server:" + server + " " + put + " after PLC203:provider:" + checktest.Compute,
				"planned PLC203:provider:" + checktest.Compute + " PUT /resource_providers/" + second + "/aggregates after PLC203:provider:" + checktest.Compute,
				"planned PLC201:provider:" + checktest.Compute + " DELETE /resource_providers/" + checktest.Compute + " after PLC203:provider:" + checktest.Compute +
					" after PLC104:server:" + server,
			},
		},
	})
}

// The provider that made way goes only once nova-compute has made its own, also where no server has to move.
func TestDeletionWaitsForTheSuccessor(t *testing.T) {
	steps := planned(t, func(s *snapshot.Snapshot) {
		s.HypervisorList[0].UUID = second
		s.TraitHolders[snapshot.TraitComputeNode] = []string{checktest.Compute}
		s.ServerList, s.MembershipMap[checktest.Compute] = nil, nil
		checktest.Release(s, checktest.Server)
	})
	last := steps[len(steps)-1]
	if want := (repair.Guard{Provider: second, Classes: []string{"MEMORY_MB"}}); len(last.Guards()) == 0 || !reflect.DeepEqual(last.Guards()[0], want) || !slices.Equal(last.Needs, []int{1}) {
		t.Errorf("%+v", last)
	}
}

// What Nova keeps on a provider is put there again.
func TestStepsForTraitsAndAggregates(t *testing.T) {
	plans(t, map[string]steps{
		"a disabled host": {
			changes{func(s *snapshot.Snapshot) { s.ServiceList[0].Status = "disabled" }},
			[]string{"planned PLC208:provider:" + checktest.Compute + " PUT /resource_providers/" + checktest.Compute + "/traits"},
		},
		"an aggregate that is missing": {
			changes{func(s *snapshot.Snapshot) { s.MembershipMap[checktest.Compute] = nil }},
			[]string{"planned PLC401:provider:" + checktest.Compute + " PUT /resource_providers/" + checktest.Compute + "/aggregates"},
		},
	})
}

func plans(t *testing.T, cases map[string]steps) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got, want := told(planned(t, tc.changes...)), strings.Join(tc.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// A provider does not make way by another name where that frees too little, where another Nova may have made it, or where it is not
// known for whom.
func TestStepsForNamesThatStay(t *testing.T) {
	server, provider := "by hand PLC104:server:"+checktest.Server, checktest.Compute
	lost := func(s *snapshot.Snapshot) {
		s.HypervisorList[0].UUID = second
		s.TraitHolders[snapshot.TraitComputeNode] = []string{checktest.Compute}
	}
	plans(t, map[string]steps{
		"something is below it": {
			changes{lost, func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: child, Name: "cn1_pci", ParentUUID: provider, RootUUID: provider}, "CUSTOM_PCI", 2)
			}},
			[]string{server, "by hand PLC201:provider:" + provider, "by hand PLC203:provider:" + provider, "by hand PLC206:provider:" + child},
		},
		"nobody that Nova knows holds it": {
			changes{func(s *snapshot.Snapshot) { s.ProviderList[0].Name = "other" }, abandoned("cn1"), holds(gone, stale)},
			[]string{
				"planned PLC101:consumer:" + gone + " PUT /allocations/" + gone,
				"planned PLC201:provider:" + stale + " DELETE /resource_providers/" + stale + " after PLC101:consumer:" + gone,
				"by hand PLC204:provider:" + provider,
			},
		},
		"two names that are swapped": {
			changes{host(second, "cn1", "up"), func(s *snapshot.Snapshot) {
				s.ProviderList[0].Name, s.HypervisorList[1].Name = "cn2", "cn2"
				s.MembershipMap[second] = s.MembershipMap[provider]
			}},
			[]string{
				"by hand PLC203:provider:" + provider, "by hand PLC203:provider:" + second,
				"by hand PLC204:provider:" + provider, "by hand PLC204:provider:" + second,
			},
		},
	})
}
