// SPDX-License-Identifier: Apache-2.0

// Package database reads the databases of Placement and Nova into a snapshot: the same one that package collect reads from the
// APIs, and what only the databases show.
//
// It reads and can't write: every transaction is read only, and the statements are a fixed list without any value in them. All
// that is read of one server as one user is of one moment. A table that can't be read fails the parts that need it, with a reason that
// names it; it never ends as an empty list. A cell whose database can't be read, or is lost while it is read, is treated as the APIs treat a cell that does not answer.
package database

import (
	"context"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
)

// Source is where to read from.
type Source struct {
	Setup *address.Setup
	Now   func() time.Time
	// Secret takes a text that must be in no output.
	Secret func(string)
	// Sleep waits, or ends early with the cause of the context's end.
	Sleep func(context.Context, time.Duration) error
	// Progress hears what is read or waited for, with zeros: rows are not counted beforehand.
	Progress func(what string, done, total int)
}

// sweep is one reading of all databases.
type sweep struct {
	parts    []snapshot.Part
	keep     filter
	downTime time.Duration
	ids      *once.IDs
}

// needs reports whether one of the parts is read.
func (o sweep) needs(parts ...snapshot.Part) bool {
	return slices.ContainsFunc(parts, func(p snapshot.Part) bool { return slices.Contains(o.parts, p) })
}

// filter says of whom rows are kept: of all at the first look, of suspects at the second. Of a few suspects only their own rows are read.
type filter struct {
	second, few          bool
	consumers, providers map[string]bool
}

// holding reports whether what a consumer holds on a provider is kept.
func (f filter) holding(consumer, provider string) bool {
	return !f.second || f.consumers[consumer] || f.providers[provider]
}

func (f filter) server(uuid string) bool { return !f.second || f.consumers[uuid] }

// named are the suspects that may be consumers or servers.
func (f filter) named() []any {
	all := make([]any, 0, len(f.consumers))
	for uuid := range f.consumers {
		all = append(all, uuid)
	}
	return all
}

// found is what one sweep found.
type found struct {
	s        *snapshot.Snapshot
	stock    *stock
	registry *registry
}

// Read reads the wanted parts.
func Read(ctx context.Context, src Source, wanted []snapshot.Part) *snapshot.Snapshot {
	src.Progress("reading the databases", 0, 0)
	return src.sweep(ctx, sweep{parts: expand(wanted), ids: once.NewIDs()}).s
}

// expand adds the parts without which the wanted ones can't be trusted.
func expand(wanted []snapshot.Part) []snapshot.Part {
	parts := slices.DeleteFunc(slices.Clone(wanted), func(p snapshot.Part) bool { return p == snapshot.Generations })
	if slices.ContainsFunc(parts, snapshot.Part.FromNova) {
		parts = append(parts, snapshot.Services)
	}
	if slices.ContainsFunc(parts, func(p snapshot.Part) bool { return !p.FromNova() }) {
		parts = append(parts, snapshot.Providers)
	}
	return snapshot.Subset(parts)
}
