// SPDX-License-Identifier: Apache-2.0

// Package peer_test compares the audit with the truth on random broken states, and with `nova-manage placement audit --verbose`,
// which looks for orphans too.
package peer_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// kind is one way in which a cloud can be broken, or look broken, and who then calls the consumer that it is about an orphan.
type kind struct {
	name  string
	hosts string // a host for which this is done alone is one of these; empty where hosts are shared
	uses  string // what two kinds of one state can't both have
	peer  bool   // nova-manage calls the consumer an orphan
	ours  bool   // PLC101 or PLC102 does

	// Where the two differ: a row of docs/peers.md, or the kind whose row is about this one too.
	like    string
	what    string // that is there
	instead string // the check that names the server where it is none
	reason  string // why ours is right
}

func (k kind) differs() bool { return k.peer != k.ours }

const (
	anyHost   = "cn3 cn4 cn5 cn6"
	plainHost = "cn3 cn4 cn6" // with no provider below it
	cell1Host = "cn3 cn4 cn5" // in the first cell
)

// kinds is all that is tried.
func kinds() []kind {
	return slices.Concat(orphanKinds(), serverKinds(), hostKinds(), healthyKinds())
}

// orphanKinds are about consumers that are nothing, and moves that have ended.
func orphanKinds() []kind {
	return []kind{
		{name: "orphan", peer: true, ours: true},
		{name: "orphan-two-hosts", peer: true, ours: true},
		{name: "orphan-shared-disk", peer: true, ours: true},
		{name: "orphan-numa", peer: true, ours: true},
		{name: "orphan-stale-provider", peer: true, ours: true},
		{name: "orphan-incomplete", peer: true, ours: true},
		{name: "ended-migration", uses: "ended", peer: true, ours: true},
		{name: "ended-migration-twice", uses: "ended", peer: true, ours: true},
		{
			name: "orphan-device", ours: true,
			what: "a consumer that is neither a server nor a migration holds only a PCI device below a host",
			reason: "nova-manage looks at a fixed list of classes, without custom ones and PCI devices. The name of the class shows that " +
				"the device is Nova's.",
		},
		{
			name: "custom-only", ours: true, what: "a consumer that is neither a server nor a migration holds only a custom class of a compute root",
			reason: "nova-manage looks at a fixed list of classes, without custom ones and PCI devices. Allocations on a " +
				"compute node itself are Nova's, whatever their class, and prevent its deletion.",
		},
		{
			name: "orphan-no-inventory", peer: true, ours: true,
		},
	}
}

// serverKinds are about what servers hold, and how they stand.
func serverKinds() []kind {
	return []kind{
		{name: "missing"},
		{name: "drift"},
		{name: "drift-shared-disk", peer: true, like: "shared-disk"},
		{name: "incomplete"},
		{name: "stuck-task"},
		{name: "stuck-task-missing"},
		{name: "lost-mapping"},
		{name: "stuck-migration", uses: "running"},
		{
			name: "double", what: "a live server holds a part of a second host", peer: true, instead: "PLC103",
			reason: "The consumer is no orphan: its server lives. Only the allocation on the other host is too much, and PLC103 " +
				"says which one that is.",
		},
		{name: "double-child", peer: true, like: "double"},
		{
			name: "misplaced", what: "a live server holds a part of another host only", peer: true, instead: "PLC104",
			reason: "`--delete` takes a running server's only allocation. PLC104 says to move it to the server's host.",
		},
		{name: "misplaced-two", peer: true, like: "misplaced"},
		{name: "misplaced-three", peer: true, like: "misplaced"},
		{name: "misplaced-child", peer: true, like: "misplaced"},
		{name: "misplaced-stale", peer: true, like: "misplaced"},
		{
			name: "failed-migration", uses: "failed", peer: true, instead: "PLC104",
			what: "a server is back where it was, and the failed migration still holds its allocation there",
			reason: "nova-manage calls both orphaned, and `--delete` leaves the server with nothing. PLC104 has one request that gives the " +
				"migration's allocation to the server.",
		},
		{name: "failed-migration-missing", uses: "failed"},
		{
			name: "unknown-host", what: "a server's host has no compute service", peer: true, instead: "PLC111",
			reason: "The server exists, and holds what it needs where it was. nova-manage looks servers up only by existing hosts.",
		},
		{
			name: "offloaded", what: "a SHELVED_OFFLOADED server still holds a part of a host", peer: true, instead: "PLC107", uses: "shelved",
			reason: "It is a leftover, but its consumer is a server that exists, and may be unshelved while the allocation is " +
				"taken away. PLC107 says so.",
		},
		{name: "stuck-build", peer: true, like: "building"},
	}
}

// hostKinds are about hosts and their providers.
func hostKinds() []kind {
	return []kind{
		{name: "invisible"},
		{name: "stale"},
		{name: "stale-tree"},
		{name: "duplicate"},
		{name: "empty-child"},
		{name: "aggregate-missing", hosts: anyHost},
		{name: "aggregate-stale", hosts: anyHost},
		{name: "unit-violation", hosts: anyHost},
		{name: "lost-inventory", hosts: anyHost},
		{name: "lost-inventories", hosts: anyHost},
		{name: "renamed", hosts: anyHost},
		{name: "uuid-mismatch", hosts: anyHost},
		{name: "usurped", hosts: plainHost},
		{name: "missing-provider", hosts: plainHost},
		{name: "empty", hosts: anyHost},
		{name: "trait-disabled", hosts: anyHost},
		{name: "service-disabled", hosts: cell1Host},
		{name: "trait-missing", hosts: anyHost},
		{name: "over-capacity", hosts: anyHost},
		{name: "near-full", hosts: anyHost},
		{name: "bad-shape", hosts: anyHost},
		{name: "min-unit", hosts: anyHost},
		{name: "inventory-drift", hosts: anyHost},
		{name: "unmapped", hosts: cell1Host},
		{
			name: "nested", hosts: plainHost, peer: true, instead: "PLC211", what: "a compute node's provider is below another root",
			reason: "All servers of the host live and hold what they need there. nova-manage looks for a compute node that has the UUID of " +
				"the root. PLC211 says to make the provider a root again.",
		},
	}
}

// healthyKinds are right, or not to be judged: nothing may be found.
func healthyKinds() []kind {
	return []kind{
		{name: "running-migration", uses: "running"},
		{name: "reservation"},
		{name: "soft-deleted"},
		{name: "fresh-task"},
		{name: "bare-metal"},
		{name: "own-child"},
		{name: "one-time-use"},
		{name: "idle-share"},
		{name: "disabled", hosts: cell1Host},
		{
			name: "shared-disk", what: "a live server's DISK_GB is on a sharing provider", peer: true,
			reason: "That is where the disk is. nova-manage looks for a compute node that has the sharing provider's UUID, finds none, " +
				"and concludes that everything held there is orphaned.",
		},
		{
			name: "renamed-node", what: "a live server's record names its node as it was called before", peer: true,
			reason: "The server is on that host, and holds a part of it. nova-manage looks servers up by host and node name and so " +
				"misses it; `--delete` takes its only allocation.",
		},
		{
			name: "building", what: "a server that is being built holds a part of a host that it is not on yet", peer: true,
			reason: "The scheduler claims before the server has a host. nova-manage sees only servers that have one.",
		},
		{
			name: "foreign-type", what: "a consumer of the type CONTAINER holds a part of a host", peer: true,
			reason: "Its type says that another service owns it. Nova can't know whether it is alive; it is listed as not judged.",
		},
		{
			name: "foreign-disk", what: "a consumer that is not a server holds DISK_GB of a sharing provider only", peer: true,
			reason: "No server holds a disk without a CPU, and other services use shared storage too. It is listed as not judged.",
		},
		{
			name: "foreign-project", what: "a consumer of a project that the option `others` names holds a part of a host", peer: true,
			reason: "nova-manage has no option that says what belongs to other services.",
		},
	}
}

// The page about the peers has each known difference, with its reason.
func TestPeersPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/peers.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds() {
		if !k.differs() || slices.ContainsFunc(kinds(), func(other kind) bool { return other.name == k.like && other.what != "" }) {
			continue
		}
		if row := row(k); !strings.Contains(string(page), row) {
			t.Errorf("docs/peers.md has no row for %s. It should be:\n%s", k.name, row)
		}
	}
}

// row is the row of the page about a difference.
func row(k kind) string {
	who, instead := "orphan", "nothing"
	if k.instead != "" {
		instead = "[" + k.instead + "](checks/" + k.instead + ".md)"
	}
	if k.ours {
		who, instead = "nothing", "[PLC101](checks/PLC101.md)"
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", k.what, who, instead, k.reason)
}
