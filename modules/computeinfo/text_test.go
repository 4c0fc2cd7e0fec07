// SPDX-License-Identifier: Apache-2.0

package computeinfo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

const node = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"

// The computes are a table; servers, consumers and identities follow where they were asked for.
func TestShowOfComputes(t *testing.T) {
	seen := time.Date(2026, 11, 22, 18, 3, 13, 0, time.UTC)
	r := &Result{
		Msg: "2 computes", Complete: true,
		Computes: []Compute{
			{Host: "cn1", State: "up", Status: "enabled", Updated: &seen, Nodes: []computeid.Named{{UUID: node, Name: "cn1"}}},
			{Host: "cn2", State: "down", ForcedDown: true},
		},
		Hosts: []openstack.OnHost{
			{Host: "cn1", Servers: []openstack.Resident{{Name: "web\n$ rm", Status: "ACTIVE"}}, Moves: []openstack.Move{{
				Migration: openstack.Migration{Type: "resize", Status: "finished", SourceHost: "cn1", DestHost: "cn2"}, Name: "db",
			}}},
			{Host: "cn2"},
		},
		Consumers:  []openstack.Holder{{UUID: "c1", Kind: "server", Name: "web", Host: "cn1", Status: "ACTIVE"}},
		Identities: []computeid.Identity{{Host: "cn1", Safe: true, Message: "keeps it"}, {Host: "cn2", Message: "loses it", Remedy: "Write it first"}},
		Unseen:     []string{"cn3"},
	}
	want := []string{
		"2 computes",
		"", "HOST  STATE          STATUS   LAST REPORT (UTC)    COMPUTE NODES",
		"cn1   up             enabled  2026-11-22 18:03:13", "    cn1 (4f1e2c3d…) without a resource provider",
		"cn2   down (forced)  unknown  never                -",
		"", "servers on cn1", "  SERVER    STATUS  TASK", "  web $ rm  ACTIVE     -", "  resize of server db from cn1 to cn2: finished",
		"", "servers on cn2", "  none",
		"", "CONSUMER  KIND    SERVER  HOST  STATUS", "c1        server  web     cn1   ACTIVE",
		"", "cn2  UNSAFE  loses it", "  Write it first", "", "cn1  safe  keeps it",
		"", "Not looked at: cn3",
	}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	r = &Result{Msg: "1 compute", Computes: r.Computes[:1], NotRead: []Unread{{Part: "hypervisors", Reason: "503"}}}
	if got := r.Show(screen.View{}); len(got) != 4 || !strings.HasSuffix(got[3], "  not read") {
		t.Errorf("nodes that were not read: %q", got)
	}
	if got := (&Result{Msg: "the services could not be read: 503"}).Show(screen.View{}); len(got) != 1 {
		t.Errorf("%q", got)
	}
}
