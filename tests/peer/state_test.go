// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// state is one broken state, until its test ends.
type state struct {
	*bench
	t       *testing.T
	ctx     context.Context
	at      map[string]string // the host that each server of the test is on
	free    []string          // servers that are not broken yet
	taken   map[string]bool   // hosts that a fault has to itself
	classes []string          // that it made

	disowned []string // consumers of another project than they were
	tables   int      // for rows as they were
}

// newState begins a state, and has it undone when its test ends.
func newState(t *testing.T, b *bench) *state {
	s := &state{bench: b, t: t, at: maps.Clone(b.home), taken: map[string]bool{}}
	s.ctx = context.WithoutCancel(t.Context()) // it is undone after the test has ended
	t.Cleanup(s.restore)
	s.must(b.lab.SQL(s.ctx, "UPDATE nova_cell1.migrations SET created_at = UTC_TIMESTAMP(), updated_at = UTC_TIMESTAMP() WHERE uuid = '"+b.running.UUID+
		"'")) // on a slow machine the move waits longer than an hour, and would be found stuck
	b.random.Shuffle(len(b.victims), func(i, j int) { b.victims[i], b.victims[j] = b.victims[j], b.victims[i] })
	return s
}

func (s *state) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// undo takes something back when the state ends: the last first, and before Placement is restored.
func (s *state) undo(step func() error) {
	s.t.Cleanup(func() {
		if err := step(); err != nil {
			s.t.Errorf("undo: %v", err)
		}
	})
}

// take gives each kind that needs one a host to itself. Servers on other hosts are free.
func (s *state) take(faults []kind) []string {
	hosts := make([]string, len(faults))
	for i, k := range faults {
		if k.hosts == "" {
			continue
		}
		choice := slices.DeleteFunc(strings.Fields(k.hosts), func(host string) bool { return s.taken[host] })
		hosts[i] = choice[s.random.Intn(len(choice))]
		s.taken[hosts[i]] = true
	}
	s.free = slices.DeleteFunc(slices.Clone(s.victims), func(server string) bool { return s.taken[s.home[server]] })
	return hosts
}

// server returns one that this state has not broken yet.
func (s *state) server() string {
	server := s.free[0]
	s.free = s.free[1:]
	return server
}

// serverInCell1 returns one whose row is in the database of cell1.
func (s *state) serverInCell1() string {
	i := slices.IndexFunc(s.free, func(server string) bool { return s.home[server] != "cn6" })
	server := s.free[i]
	s.free = slices.Delete(s.free, i, i+1)
	return server
}

// others returns so many providers of random hosts that no fault has to itself, without those.
func (s *state) others(n int, without ...string) []string {
	names := slices.Sorted(maps.Keys(s.hosts))
	s.random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var found []string
	for _, name := range names {
		if !s.taken[name] && !slices.Contains(without, s.hosts[name]) && len(found) < n {
			found = append(found, s.hosts[name])
		}
	}
	return found
}

func (s *state) other(without ...string) string { return s.others(1, without...)[0] }

// consumer makes one that is nothing and holds this.
func (s *state) consumer(shares map[string]live.Share) string {
	consumer := live.UUID()
	s.must(s.cloud.Hold(s.ctx, consumer, shares))
	return consumer
}

// hold changes what a consumer holds.
func (s *state) hold(consumer string, shares map[string]live.Share) {
	s.t.Helper()
	s.must(s.cloud.Hold(s.ctx, consumer, shares))
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

// holders lists who holds something of a provider.
func (s *state) holders(uuid string) []string {
	return slices.Sorted(maps.Keys(s.details(uuid).shares))
}

// change changes columns of rows in a database, as another time of their life would have left them.
func (s *state) change(table, where, change string, columns ...string) {
	s.t.Helper()
	kept := s.keep(table, "id, "+strings.Join(columns, ", "), where)
	s.must(s.lab.SQL(s.ctx, "UPDATE "+table+" SET "+change+" WHERE "+where))
	back := make([]string, len(columns))
	for i, column := range columns {
		back[i] = fmt.Sprintf("a.%s = b.%s", column, column)
	}
	s.undo(func() error {
		return s.lab.SQL(s.ctx, fmt.Sprintf("UPDATE %s a, %s b SET %s WHERE a.id = b.id; DROP TABLE %s", table, kept, strings.Join(back, ", "), kept))
	})
}

// lose deletes rows.
func (s *state) lose(table, where string) {
	s.t.Helper()
	kept := s.keep(table, "*", where)
	s.must(s.lab.SQL(s.ctx, "DELETE FROM "+table+" WHERE "+where))
	s.undo(func() error {
		return s.lab.SQL(s.ctx, fmt.Sprintf("INSERT INTO %s SELECT * FROM %s; DROP TABLE %s", table, kept, kept))
	})
}

// loseInventories deletes inventories. Where the provider was deleted meanwhile, none come back.
func (s *state) loseInventories(where string) {
	s.t.Helper()
	s.undo(func() error {
		return s.lab.SQL(s.ctx, "USE placement; DELETE i FROM placement.inventories i LEFT JOIN placement.resource_providers p ON p.id = i.resource_provider_id WHERE p.id IS NULL")
	})
	s.lose("placement.inventories", where)
}

// keep copies rows into a table of its own and returns its name.
func (s *state) keep(table, columns, where string) string {
	s.tables++
	database, _, _ := strings.Cut(table, ".")
	kept := fmt.Sprintf("%s.peer_%d", database, s.tables)
	s.must(s.lab.SQL(s.ctx, fmt.Sprintf("CREATE OR REPLACE TABLE %s AS SELECT %s FROM %s WHERE %s", kept, columns, table, where)))
	return kept
}

// rewrite changes the row of a server in cell1.
func (s *state) rewrite(server, change string) {
	s.t.Helper()
	s.change("nova_cell1.instances", "uuid = '"+server+"'", change,
		"host", "node", "vm_state", "task_state", "created_at", "updated_at", "launched_at")
}
