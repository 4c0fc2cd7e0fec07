// SPDX-License-Identifier: Apache-2.0

package peer_test

import (
	"os"
	"strings"
	"testing"
)

// trial is one state in which both repair: nova-manage with --delete and heal_allocations after it, then placement_heal on the same state.
type trial struct {
	name  string // of a kind, or of what TestLabPeerDeletes makes
	takes bool   // audit --delete takes something from a live server
	gives bool   // heal_allocations brings back just what that was
	row   string // of docs/peers.md
}

func trials() []trial {
	return []trial{
		{
			name: "building", takes: true,
			row: "| a server is being built, and holds what the scheduler claimed for it | It deletes all that the server holds. | " +
				"It writes nothing: the server has no host yet. | It writes nothing. |\n",
		},
		{
			name: "shared-disk", takes: true,
			row: "| a live server's DISK_GB is on a sharing provider | It deletes the DISK_GB of the live server, which keeps VCPU " +
				"and MEMORY_MB. | With `--force` it writes DISK_GB on the provider of the host, where the disk is not; without, " +
				"nothing. | It writes nothing. |\n",
		},
		{
			name: "two-names", takes: true,
			row: "| a host has two providers, of two names, and a live server holds the old one | It deletes all that the server " +
				"holds. | It writes what the flavor asks for on the provider of the host. | It moves the allocation to the provider " +
				"of the host in one request, and deletes the old tree. |\n",
		},
		{
			name: "one-name", takes: true,
			row: "| two compute nodes have one name in Nova | It deletes all that is held by the servers of the host whose " +
				"compute node has the other host's name. | It fails: `Compute host cn3 could not be found.` The servers hold nothing. | It " +
				"writes nothing. The shared name becomes a step by hand ([PLC204](checks/PLC204.md)). |\n",
		},
		{
			name: "cell-down", takes: true, gives: true,
			row: "| the database of a cell does not answer | It deletes all that the servers of the cell hold. | Once the cell " +
				"answers, it writes what the flavors ask for. | It writes nothing, and says that the audit is incomplete. |\n",
		},
	}
}

// The page about the peers has the row of each trial.
func TestDeletesPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/peers.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range trials() {
		if !strings.Contains(string(page), one.row) {
			t.Errorf("docs/peers.md has no row for %s. It should be:\n%s", one.name, one.row)
		}
	}
}
