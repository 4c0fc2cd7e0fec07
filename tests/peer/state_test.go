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
	lab    *live.Lab
	cloud  *live.Cloud
	random *rand.Rand
	hosts  []string // providers of cell1's hosts
	free   []string // servers that may be broken

	running string // the migration of a server that waits for its confirmation
	ended   string // a confirmed migration
	source  string // the provider of the host that it left
}

// hostNames are hosts of cell1 without anything special.
func hostNames() []string { return []string{"cn1", "cn2", "cn3", "cn4"} }

// newBench makes the servers, and deletes them when the test ends.
func newBench(t *testing.T, seed int64) *bench {
	t.Helper()
	l := live.Find(t)
	l.Build(t)
	b := &bench{lab: l, cloud: l.Login(t), random: rand.New(rand.NewSource(seed))}
	providers, err := b.cloud.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range hostNames() {
		b.hosts = append(b.hosts, providers[name])
	}
	image := b.cloud.Image(t)
	for i := range 4 {
		b.free = append(b.free, b.boot(t, fmt.Sprintf("peer-%d", i), image, hostNames()[i]))
	}
	ended := b.boot(t, "peer-ended", image, "cn1")
	b.source, b.ended = providers["cn1"], b.migrate(t, ended)
	b.act(t, ended, "confirmResize", "ACTIVE")
	b.running = b.migrate(t, b.boot(t, "peer-running", image, "cn2"))
	return b
}

func (b *bench) boot(t *testing.T, name, image, host string) string {
	t.Helper()
	server, err := b.cloud.Boot(t.Context(), name, image, "1", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := b.cloud.Delete(ctx, server); err != nil {
			t.Error(err)
		}
		if err := b.cloud.Gone(ctx, server, 4*time.Minute); err != nil {
			t.Error(err)
		}
	})
	if _, err := b.cloud.Settle(t.Context(), server, 4*time.Minute, "ACTIVE"); err != nil {
		t.Fatal(err)
	}
	return server
}

// migrate moves a server to another host and returns the migration's UUID.
func (b *bench) migrate(t *testing.T, server string) string {
	t.Helper()
	b.act(t, server, "migrate", "VERIFY_RESIZE")
	moves, err := b.cloud.Moves(t.Context(), server)
	if err != nil || len(moves) != 1 {
		t.Fatalf("migrations of server %s: %v, %v", server, moves, err)
	}
	return moves[0].UUID
}

func (b *bench) act(t *testing.T, server, action, becomes string) {
	t.Helper()
	if err := b.cloud.Act(t.Context(), server, action, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := b.cloud.Settle(t.Context(), server, 4*time.Minute, becomes); err != nil {
		t.Fatal(err)
	}
}

// state is one broken state, until its test ends.
type state struct {
	*bench
	t    *testing.T
	ctx  context.Context
	used int // servers
}

func newState(t *testing.T, b *bench) *state {
	b.random.Shuffle(len(b.free), func(i, j int) { b.free[i], b.free[j] = b.free[j], b.free[i] })
	return &state{bench: b, t: t, ctx: context.WithoutCancel(t.Context())} // it is undone after the test has ended
}

func (s *state) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// undo takes something back when the state ends: the last first.
func (s *state) undo(step func() error) {
	s.t.Cleanup(func() {
		if err := step(); err != nil {
			s.t.Errorf("undo: %v", err)
		}
	})
}

// server returns one that this state has not broken yet.
func (s *state) server() string {
	s.used++
	return s.free[s.used-1]
}

// host returns the provider of a random host other than that one.
func (s *state) host(other string) string {
	for {
		if h := s.hosts[s.random.Intn(len(s.hosts))]; h != other {
			return h
		}
	}
}

// consumer makes one that is nothing and holds this.
func (s *state) consumer(shares map[string]live.Share) string {
	consumer := uuid()
	s.must(s.cloud.Hold(s.ctx, consumer, shares))
	s.undo(func() error { return s.cloud.Hold(s.ctx, consumer, nil) })
	return consumer
}

// hold changes what a server holds.
func (s *state) hold(server string, shares map[string]live.Share) {
	before, err := s.cloud.Held(s.ctx, server)
	s.must(err)
	s.must(s.cloud.Hold(s.ctx, server, shares))
	s.undo(func() error { return s.cloud.Hold(s.ctx, server, before.Allocations) })
}

// only returns the one provider of which a server holds something, and what it holds.
func (s *state) only(server string) (provider string, share live.Share) {
	held, err := s.cloud.Held(s.ctx, server)
	s.must(err)
	if len(held.Allocations) != 1 {
		s.t.Fatalf("server %s holds %v", server, held.Allocations)
	}
	for provider, share = range held.Allocations {
	}
	return provider, share
}

// rewritten changes the row of a server in the cell's database, as another time of its life would have left it.
func (s *state) rewritten(change string) string {
	server := s.server()
	where := " WHERE uuid = '" + server + "'"
	s.must(s.lab.SQL(s.ctx, "CREATE OR REPLACE TABLE nova_cell1.peer_"+s.key()+" AS SELECT host, node, vm_state, task_state FROM "+
		"nova_cell1.instances"+where+"; UPDATE nova_cell1.instances SET "+change+where))
	table := "nova_cell1.peer_" + s.key()
	s.undo(func() error {
		return s.lab.SQL(s.ctx, "UPDATE nova_cell1.instances i, "+table+" b SET i.host = b.host, i.node = b.node, "+
			"i.vm_state = b.vm_state, i.task_state = b.task_state WHERE i.uuid = '"+server+"'; DROP TABLE "+table)
	})
	return server
}

// key tells the servers of a state apart.
func (s *state) key() string { return fmt.Sprint(s.used) }

// class makes a custom resource class.
func (s *state) class(name string) {
	path := "/resource_classes/" + name
	s.must(s.cloud.Placement(s.ctx, http.MethodPut, path, nil, nil))
	s.undo(func() error { return s.cloud.Placement(s.ctx, http.MethodDelete, path, nil, nil) })
}

// provider makes one with these classes.
func (s *state) provider(with map[string]any, classes ...string) string {
	id := uuid()
	body := map[string]any{"name": "peer-" + id[:8], "uuid": id}
	for key, value := range with {
		body[key] = value
	}
	inventories := map[string]any{}
	for _, class := range classes {
		if len(class) > 7 && class[:7] == "CUSTOM_" {
			s.class(class)
		}
		inventories[class] = map[string]any{"total": 1000}
	}
	path := "/resource_providers/" + id
	s.must(s.cloud.Placement(s.ctx, http.MethodPost, "/resource_providers", body, nil))
	s.undo(func() error { return s.cloud.Placement(s.ctx, http.MethodDelete, path, nil, nil) })
	s.must(s.cloud.Placement(s.ctx, http.MethodPut, path+"/inventories",
		map[string]any{"resource_provider_generation": s.generation(id), "inventories": inventories}, nil))
	return id
}

func (s *state) traits(provider string, traits ...string) {
	s.must(s.cloud.Placement(s.ctx, http.MethodPut, "/resource_providers/"+provider+"/traits",
		map[string]any{"resource_provider_generation": s.generation(provider), "traits": traits}, nil))
}

// sharing makes a provider that shares its disk with a host.
func (s *state) sharing(host string) string {
	shared, aggregate := s.provider(nil, "DISK_GB"), uuid()
	s.traits(shared, "MISC_SHARES_VIA_AGGREGATE")
	s.must(s.aggregates(shared, []string{aggregate}))
	s.must(s.aggregates(host, []string{aggregate}))
	s.undo(func() error { return s.aggregates(host, []string{}) })
	return shared
}

func (s *state) aggregates(provider string, all []string) error {
	return s.cloud.Placement(s.ctx, http.MethodPut, "/resource_providers/"+provider+"/aggregates",
		map[string]any{"resource_provider_generation": s.generation(provider), "aggregates": all}, nil)
}

func (s *state) generation(provider string) int {
	var answer struct{ Generation int }
	if err := s.cloud.Placement(s.ctx, http.MethodGet, "/resource_providers/"+provider, nil, &answer); err != nil {
		s.t.Errorf("generation of provider %s: %v", provider, err)
	}
	return answer.Generation
}
