// SPDX-License-Identifier: Apache-2.0

// Package peer_test compares the audit with `nova-manage placement audit --verbose`, which looks for orphans too.
package peer_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// kind is one way in which a cloud can be broken, and who then calls its consumer an orphan.
type kind struct {
	name    string
	what    string // that is there
	peer    bool   // nova-manage calls the consumer an orphan
	ours    bool   // PLC101 or PLC102 does
	instead string // the check that names the server where it is none
	reason  string // where the two differ: why ours is right
}

func (k kind) differs() bool { return k.peer != k.ours }

// kinds is the table of what is tried. Where the two differ, it is the table of the known differences.
func kinds() []kind {
	return []kind{
		{name: "orphan", what: "a consumer that is nothing holds a part of a host", peer: true, ours: true},
		{name: "orphan-two-hosts", what: "such a consumer holds parts of two hosts", peer: true, ours: true},
		{name: "orphan-shared-disk", what: "such a consumer holds VCPU of a host and DISK_GB of a sharing provider", peer: true, ours: true},
		{name: "orphan-numa", what: "such a consumer holds VCPU of a child of a host", peer: true, ours: true},
		{name: "orphan-stale-provider", what: "such a consumer holds a part of a compute provider whose host is gone", peer: true, ours: true},
		{name: "ended-migration", what: "a confirmed migration holds a part of its source", peer: true, ours: true, instead: "PLC102"},
		{name: "running-migration", what: "a resize that waits for its confirmation holds its source"},
		{name: "reservation", what: "a consumer holds a custom class of a child of a host, as Blazar's reservations do"},
		{name: "soft-deleted", what: "a soft-deleted server holds its part, which Nova's list of servers leaves out"},
		{name: "missing", what: "a server holds nothing", instead: "PLC105"},
		{
			name: "double", what: "a live server holds a part of a second host", peer: true, instead: "PLC103",
			reason: "The consumer is no orphan: its server lives. Only the share on the other host is too much, and PLC103 says " +
				"which one that is.",
		},
		{
			name: "misplaced", what: "a live server holds a part of another host only", peer: true, instead: "PLC104",
			reason: "`--delete` takes a running server's only allocation. It has to be moved to the server's host, which PLC104 says.",
		},
		{
			name: "shared-disk", what: "a live server's DISK_GB is on a sharing provider", peer: true,
			reason: "That is where the disk is. nova-manage looks for a compute node that has the sharing provider's UUID, finds none, " +
				"and takes everything held there for orphaned.",
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
			name: "offloaded", what: "a SHELVED_OFFLOADED server still holds a part of a host", peer: true, instead: "PLC107",
			reason: "It is a leftover, but its consumer is a server that exists, and may be unshelved while the allocation is " +
				"taken away. PLC107 says so.",
		},
		{
			name: "foreign-type", what: "a consumer of the type CONTAINER holds a part of a host", peer: true,
			reason: "Its type says that another service owns it. Nova can't know whether it is alive; it is listed as not judged.",
		},
		{
			name: "foreign-disk", what: "a consumer that is no server's holds DISK_GB of a sharing provider only", peer: true,
			reason: "No server holds a disk without a processor; shared storage is other services' too. It is listed as not judged.",
		},
		{
			name: "custom-only", what: "a consumer that is nothing holds only a custom class of a compute root", ours: true,
			reason: "nova-manage looks at a fixed list of classes, without custom ones and PCI devices. What is held of a " +
				"compute node itself is Nova's, whatever its class, and stands in the way of its deletion.",
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
		if !k.differs() {
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
