// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"math"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// What excuses a server ends, but for what has no time and for a server that is being deleted.
func TestBusyEnds(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ago := func(age time.Duration) time.Time { return now.Add(-age) }
	move := func(status string, age time.Duration) openstack.Migration {
		return openstack.Migration{UUID: "m", ServerUUID: "s", Status: status, Created: ago(9 * day), Updated: ago(age)}
	}
	for name, tc := range map[string]struct {
		server openstack.Server
		moves  []openstack.Migration
		want   string
	}{
		"still":                        {openstack.Server{Status: "ACTIVE"}, nil, ""},
		"a task":                       {openstack.Server{TaskState: "x", Updated: ago(time.Hour)}, nil, "a task is under way: x"},
		"an old task":                  {openstack.Server{TaskState: "x", Updated: ago(2 * day)}, nil, ""},
		"a task of no time":            {openstack.Server{TaskState: "x"}, nil, "a task is under way: x"},
		"a task after a move":          {openstack.Server{TaskState: "x", Updated: ago(2 * day)}, []openstack.Migration{move("done", 0)}, "a task is under way: x"},
		"a move":                       {openstack.Server{}, []openstack.Migration{move("running", time.Hour)}, "a move is in progress"},
		"an old move":                  {openstack.Server{}, []openstack.Migration{move("running", 2*day)}, ""},
		"an old move and a new one":    {openstack.Server{}, []openstack.Migration{move("running", 2*day), move("queued", 0)}, "a move is in progress"},
		"a build":                      {openstack.Server{Status: "BUILD", Created: ago(time.Hour)}, nil, "it is being built"},
		"an old build":                 {openstack.Server{Status: "BUILD", Created: ago(2 * day)}, nil, ""},
		"soft-deleted long ago":        {openstack.Server{Status: "SOFT_DELETED", Updated: ago(9 * day)}, nil, "it is being deleted"},
		"a cell that does not answer":  {openstack.Server{Status: openstack.Unknown, Updated: ago(9 * day)}, nil, "its cell does not answer"},
		"a flavor that can't be read":  {openstack.Server{Status: openstack.Unknown, VMState: "active", Updated: ago(9 * day)}, nil, "its flavor can't be read"},
		"an old task in such a cell":   {openstack.Server{Status: openstack.Unknown, TaskState: "x", Updated: ago(9 * day)}, nil, "its cell does not answer"},
		"an old task, and a new move":  {openstack.Server{TaskState: "x", Updated: ago(9 * day)}, []openstack.Migration{move("queued", 0)}, "a task is under way: x"},
		"an old task and an old build": {openstack.Server{Status: "BUILD", TaskState: "spawning", Updated: ago(9 * day)}, nil, ""},
	} {
		s := snapshot.Empty(now)
		tc.server.UUID, s.MigrationList = "s", tc.moves
		if got := s.Busy(tc.server, day); got != tc.want {
			t.Errorf("%s: %q", name, got)
		}
		if got := s.Busy(tc.server, math.MaxInt64); (got == "") != (name == "still") {
			t.Errorf("%s, with patience forever: %q", name, got)
		}
	}
}

// A compute node's provider is its own compute service, wherever it is in a tree, and parents may go round in a circle.
func TestComputeOf(t *testing.T) {
	s := snapshot.Empty(time.Time{})
	s.ProviderList = []openstack.Provider{
		{UUID: "root", RootUUID: "root"},
		{UUID: "node", ParentUUID: "root", RootUUID: "root"},
		{UUID: "gpu", ParentUUID: "node", RootUUID: "root"},
		{UUID: "numa", ParentUUID: "root", RootUUID: "root"},
		{UUID: "a", ParentUUID: "b", RootUUID: "a"},
		{UUID: "b", ParentUUID: "a", RootUUID: "a"},
		{UUID: "plain", RootUUID: "plain"},
	}
	s.TraitHolders = map[string][]string{snapshot.TraitComputeNode: {"root"}}
	s.HypervisorList = []openstack.Hypervisor{{UUID: "node"}}
	for uuid, want := range map[string]string{
		"root": "root", "numa": "root", "node": "node", "gpu": "node", "a": "", "plain": "", "unknown": "",
	} {
		if got, ok := s.ComputeOf(uuid); ok != (want != "") || ok && got.UUID != want {
			t.Errorf("%s: %v %v", uuid, got, ok)
		}
	}
}
