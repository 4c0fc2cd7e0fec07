// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// The live migration that is named makes room: Nova does it, to a host in the cell of the server, and the flavor lands where it did not.
func TestLabCandidatesMove(t *testing.T) {
	live.OneIsEnough(t, "current")
	c := newCompute(t)
	ctx := context.WithoutCancel(t.Context())
	name := "move-" + live.UUID()[:8]
	const small, slack = 256, 128 // MiB
	flavor := c.cloud.Flavor(t, name+"-small", 1, small, 1)
	host, free := c.emptiest()
	uuid, err := c.cloud.Boot(ctx, name, c.cloud.Image(t), flavor, host)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.cloud.Delete(ctx, uuid); err != nil {
			t.Error(err)
		}
	}()
	if _, err := c.cloud.Settle(ctx, uuid, 2*time.Minute, "ACTIVE"); err != nil {
		t.Fatal(err)
	}
	big := c.cloud.Flavor(t, name+"-big", 1, free-slack, 1)
	wanted := dict{"flavor": big, "host": host}
	a := c.ask(wanted)
	if a.Lands || a.Move == nil || a.Move.Server != uuid || a.Move.From != host || a.Move.To == host {
		t.Fatalf("%+v", a)
	}
	if err := c.cloud.Act(ctx, uuid, "os-migrateLive", dict{"host": nil, "block_migration": "auto"}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(3 * time.Minute); !c.ask(wanted).Lands; time.Sleep(time.Second) {
		if time.Now().After(end) {
			t.Fatalf("it does not land after %+v: %s", a.Move, c.ask(wanted).Msg)
		}
	}
	if server, err := c.cloud.Settle(ctx, uuid, time.Minute, "ACTIVE"); err != nil || server.Host == host {
		t.Errorf("%+v %v", server, err)
	}
}

// emptiest is the host that Nova uses with the most memory left, in MiB.
func (c *compute) emptiest() (host string, free int) {
	c.t.Helper()
	for _, f := range c.ask(dict{"flavor": "m1.small"}).Fits {
		var all struct {
			Inventories map[string]struct {
				Total, Reserved int
				Ratio           float64 `json:"allocation_ratio"`
			}
		}
		var used struct{ Usages map[string]int }
		for path, into := range map[string]any{"inventories": &all, "usages": &used} {
			if err := c.cloud.Placement(c.t.Context(), "GET", fmt.Sprintf("/resource_providers/%s/%s", f.UUID, path), nil, into); err != nil {
				c.t.Fatal(err)
			}
		}
		memory := all.Inventories["MEMORY_MB"]
		if left := int(float64(memory.Total-memory.Reserved)*memory.Ratio) - used.Usages["MEMORY_MB"]; f.Refused == "" && left > free {
			host, free = f.Host, left
		}
	}
	if host == "" {
		c.t.Fatal("m1.small lands nowhere")
	}
	return host, free
}
