// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const stranger = "0b000000-0000-4000-8000-000000000001"

type quickLook struct {
	change func(*snapshot.Snapshot)
	odd    []string
}

func TestQuickLook(t *testing.T) {
	host, storage := checktest.Compute, checktest.Storage
	both := []string{host, storage}
	looksQuickly(t, map[string]quickLook{
		"all fits":      {func(*snapshot.Snapshot) {}, []string{storage}},
		"an orphan":     {func(s *snapshot.Snapshot) { checktest.Hold(s, stranger, host, "VCPU", 1) }, both},
		"another class": {func(s *snapshot.Snapshot) { checktest.Hold(s, stranger, host, "PCPU", 1) }, both},
		"the server holds less": {func(s *snapshot.Snapshot) {
			s.UsageMap[host]["MEMORY_MB"] = 1024
		}, both},
		"the server holds nothing": {func(s *snapshot.Snapshot) { s.UsageMap[host] = map[string]int{} }, []string{storage}},
		"the flavor does not tell": {func(s *snapshot.Snapshot) {
			s.ServerList[0].Flavor.ExtraSpecs = map[string]string{"accel:device_profile": "gpu"}
		}, both},
		"two faults cancel each other out": {func(s *snapshot.Snapshot) {
			checktest.Release(s, checktest.Server)
			checktest.Hold(s, stranger, host, "VCPU", 1)
			checktest.Hold(s, stranger, host, "MEMORY_MB", 2048)
		}, nil}, // nothing of it can be seen
	})
}

func TestQuickLookAtMoves(t *testing.T) {
	host, storage := checktest.Compute, checktest.Storage
	both := []string{host, storage}
	looksQuickly(t, map[string]quickLook{
		"the server is elsewhere": {func(s *snapshot.Snapshot) { s.ServerList[0].Host = "cn2" }, both},
		"a task is under way":     {func(s *snapshot.Snapshot) { s.ServerList[0].TaskState = "spawning" }, both},
		"another server moves here": {func(s *snapshot.Snapshot) {
			s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: "other", DestHost: "cn1", Status: "migrating"}}
		}, both},
		"another server has moved here": {func(s *snapshot.Snapshot) {
			s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: "other", DestHost: "cn1", Status: "completed"}}
		}, []string{storage}},
	})
}

func TestQuickLookAtOtherProviders(t *testing.T) {
	host, storage := checktest.Compute, checktest.Storage
	both := []string{host, storage}
	looksQuickly(t, map[string]quickLook{
		"something nested is used": {func(s *snapshot.Snapshot) {
			checktest.AddProvider(s, openstack.Provider{UUID: "child", Name: "child", ParentUUID: host, RootUUID: host}, "VGPU", 1)
			checktest.Hold(s, checktest.Server, "child", "VGPU", 1)
		}, append(slices.Clone(both), "child")},
		"a provider without inventory": {func(s *snapshot.Snapshot) { // which shows no usage, whatever it holds
			checktest.AddProvider(s, openstack.Provider{UUID: "bare", Name: "bare"}, "", 0)
		}, []string{checktest.Storage, "bare"}},
	})
}

// A quick look reads who holds what only where it has to: of shared storage always, of a host where sums do not fit or
// something is on the move.
func looksQuickly(t *testing.T, cases map[string]quickLook) {
	t.Helper()
	host := checktest.Compute
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := checktest.Cloud()
			tc.change(s)
			q := &quick{s: s, trees: map[string]*tree{}}
			q.plant()
			q.settle()
			if got := q.odd(); !slices.Equal(got, tc.odd) {
				t.Errorf("reads %v, want %v", got, tc.odd)
			}
			granted := q.granted()
			reads := slices.Contains(tc.odd, host) || s.UsageMap[host]["VCPU"] == 0
			if (len(granted) == 0) != reads {
				t.Errorf("takes for granted %v", granted)
			}
		})
	}
}

// What is taken for granted is what the host gives: a disk on shared storage is not.
func TestQuickGrants(t *testing.T) {
	s := checktest.Cloud()
	q := &quick{s: s, trees: map[string]*tree{}}
	q.plant()
	q.settle()
	granted := q.granted()
	if len(granted) != 1 || granted[0].ConsumerUUID != checktest.Server || granted[0].ProviderUUID != checktest.Compute {
		t.Fatalf("granted %v", granted)
	}
	if _, disk := granted[0].Resources["DISK_GB"]; disk || granted[0].Resources["VCPU"] != 1 {
		t.Errorf("granted %v", granted[0].Resources)
	}
}
