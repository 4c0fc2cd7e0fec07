// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"context"
	"fmt"
	"math/rand"
	"net/http"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// bench is the lab with servers of the test's own on it.
type bench struct {
	t       *testing.T
	lab     *live.Lab
	cloud   *live.Cloud
	raw     *live.Raw
	manage  *novaManage
	random  *rand.Rand
	image   string
	hosts   map[string]string // providers by host
	victims []string          // servers that may be broken
	home    map[string]string // the host of each server of the test
	was     placement         // before the first state

	running live.Move // of a server that waits for its confirmation
	ended   live.Move // a confirmed one
	failed  live.Move // another, whose server is `moved`

	waiting, confirmed, moved, shelved string // servers
}

// newBench makes the servers, and deletes them when the test ends. Those of the moves are on cn1 and cn2, which no fault has to
// itself.
func newBench(t *testing.T, seed int64) *bench {
	t.Helper()
	l := live.Find(t)
	l.Build(t)
	b := &bench{
		t: t, lab: l, cloud: l.Login(t), raw: l.Raw(t), manage: newNovaManage(t, l), random: rand.New(rand.NewSource(seed)), hosts: map[string]string{},
		home: map[string]string{},
	}
	providers, err := b.cloud.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		name := fmt.Sprintf("cn%d", i+1)
		b.hosts[name] = providers[name]
	}
	b.image = b.cloud.Image(t)
	b.sweep(t)
	t.Cleanup(func() { b.delete(t, b.home) })
	b.boot(t)
	if b.was, err = b.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// boot makes all servers at once, then moves those that are to be moved.
func (b *bench) boot(t *testing.T) {
	t.Helper()
	for _, host := range []string{"cn1", "cn1", "cn2", "cn2", "cn3", "cn3", "cn4", "cn4", "cn5", "cn6"} {
		b.victims = append(b.victims, b.server(t, "victim", host))
	}
	b.confirmed = b.server(t, "confirmed", "cn1")
	b.waiting, b.moved, b.shelved = b.server(t, "waiting", "cn2"), b.server(t, "moved", "cn1"), b.server(t, "shelved", "cn2")
	for server := range b.home {
		b.settle(t, server, "ACTIVE")
	}
	b.act(t, b.confirmed, "migrate", map[string]any{"host": "cn2"})
	b.act(t, b.moved, "migrate", map[string]any{"host": "cn2"})
	b.act(t, b.waiting, "migrate", map[string]any{"host": "cn1"})
	b.act(t, b.shelved, "shelve", nil)
	b.settle(t, b.shelved, "SHELVED_OFFLOADED")
	for _, server := range []string{b.confirmed, b.moved, b.waiting} {
		b.settle(t, server, "VERIFY_RESIZE")
	}
	b.act(t, b.confirmed, "confirmResize", nil)
	b.act(t, b.moved, "confirmResize", nil)
	b.settle(t, b.confirmed, "ACTIVE")
	b.settle(t, b.moved, "ACTIVE")
	b.ended, b.failed, b.running = b.move(t, b.confirmed), b.move(t, b.moved), b.move(t, b.waiting)
	b.home[b.confirmed], b.home[b.moved], b.home[b.waiting], b.home[b.shelved] = "cn2", "cn2", "cn1", ""
}

func (b *bench) server(t *testing.T, name, host string) string {
	t.Helper()
	server, err := b.cloud.Boot(t.Context(), "peer-"+name, b.image, "1", host)
	if err != nil {
		t.Fatal(err)
	}
	b.home[server] = host
	return server
}

// sweep deletes the servers that an earlier run has left.
func (b *bench) sweep(t *testing.T) {
	t.Helper()
	var list struct{ Servers []live.Server }
	if err := b.cloud.Nova(t.Context(), http.MethodGet, "/servers?name=^peer-", nil, &list); err != nil {
		t.Fatal(err)
	}
	left := map[string]string{}
	for _, server := range list.Servers {
		left[server.ID] = ""
	}
	b.delete(t, left)
}

// delete deletes servers at once.
func (b *bench) delete(t *testing.T, servers map[string]string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	for server := range servers {
		if err := b.cloud.Delete(ctx, server); err != nil {
			t.Error(err)
		}
	}
	for server := range servers {
		if err := b.cloud.Gone(ctx, server, 4*time.Minute); err != nil {
			t.Error(err)
		}
	}
}

// move returns the one migration of a server.
func (b *bench) move(t *testing.T, server string) live.Move {
	t.Helper()
	moves, err := b.cloud.Moves(t.Context(), server)
	if err != nil || len(moves) != 1 {
		t.Fatalf("migrations of server %s: %v, %v", server, moves, err)
	}
	return moves[0]
}

func (b *bench) act(t *testing.T, server, action string, with any) {
	t.Helper()
	if err := b.cloud.Act(t.Context(), server, action, with); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) settle(t *testing.T, server, becomes string) {
	t.Helper()
	if _, err := b.cloud.Settle(t.Context(), server, 4*time.Minute, becomes); err != nil {
		t.Fatal(err)
	}
}
