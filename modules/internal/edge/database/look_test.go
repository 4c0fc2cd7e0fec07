// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// secondLook looks at the server of the second cell and at one that does not exist.
func secondLook(t *testing.T, second *querytest.Server) *snapshot.Look {
	t.Helper()
	o := ofCells()
	suspects := []string{"s2", "nobody"}
	o.keep = filter{second: true, consumers: set(suspects)}
	l := &snapshot.Look{Parts: map[snapshot.Part]snapshot.Status{}}
	withSecondCell(t, second, o).servers(l, suspects)
	if l.Servers["s2"] == nil || !l.Parts[snapshot.Servers].Read {
		t.Errorf("%+v, %+v", l.Servers, l.Parts)
	}
	return l
}

// While a cell is down, a server that no cell has and that no mapping leads to is gone, as Nova's API answers.
func TestGoneWhileACellIsDown(t *testing.T) {
	l := secondLook(t, &querytest.Server{Denied: true})
	if v, looked := l.Servers["nobody"]; !looked || v != nil || l.Unproven != "" {
		t.Errorf("%+v, %q", l.Servers, l.Unproven)
	}
}

// If it is unknown who was deleted a moment ago, who is there is there, and nobody is proven to be gone.
func TestDeletedLatelyUnread(t *testing.T) {
	rows := map[string][][]driver.Value{
		"services": of([]any{"v2", "nova-compute", "h2", "0", "0", largeModern, largeModern, largeModern, "5"}), "instances": of(instance("s2", "h2", smallFlavor)),
		"instances deleted": of([]any{"s7"}),
	}
	l := secondLook(t, &querytest.Server{Rows: rows, Broken: "instances deleted"})
	if _, looked := l.Servers["nobody"]; looked || !strings.Contains(l.Unproven, "table instances") || l.Servers["s2"].Host != "h2" {
		t.Errorf("%+v, %q", l.Servers, l.Unproven)
	}
	l = secondLook(t, &querytest.Server{Rows: rows})
	if v, looked := l.Servers["nobody"]; !looked || v != nil || l.Unproven != "" || len(l.Deleted) != 1 {
		t.Errorf("%+v, %q, %v", l.Servers, l.Unproven, l.Deleted)
	}
}

// Of a few suspects their own rows are read, of many every row; where the first look has rows that only the databases show, all are read
// again.
func TestSuspected(t *testing.T) {
	s := &snapshot.Snapshot{Rows: &snapshot.Database{Cells: []snapshot.Cell{{Name: "cell1"}}}, Parts: map[snapshot.Part]snapshot.Status{}}
	s.MarkRead(snapshot.Rows)
	s.MarkRead(snapshot.Servers)
	few := snapshot.Suspects{Consumers: []string{"s2"}, Providers: []string{"p1"}}
	if o := suspected(s, few); !o.keep.few || !slices.Equal(o.parts, []snapshot.Part{snapshot.Servers}) {
		t.Errorf("%+v", o)
	}
	if o := suspected(s, snapshot.Suspects{Providers: make([]string, mostFew+1)}); o.keep.few || !o.needs(snapshot.Rows) {
		t.Errorf("many: %+v", o.parts)
	}
	s.Rows.Cells[0].Unread = "it does not answer"
	if o := suspected(s, few); o.keep.few || !o.needs(snapshot.Rows) {
		t.Errorf("with a cell that could not be read: %+v", o.parts)
	}
	s.Rows.Cells[0].Unread = ""
	s.Rows.Ghosts = []snapshot.Ghost{{ConsumerUUID: "c"}}
	if o := suspected(s, few); o.keep.few || !o.needs(snapshot.Rows) {
		t.Errorf("with a ghost: %+v", o.parts)
	}
}

// What is held on a provider and what is held by a consumer meet in one row: it counts once, as does the consumer.
func TestHeldOfAFew(t *testing.T) {
	one, other := []any{"5", "1", "c1", "2"}, []any{"6", "1", "c1", "3"}
	who := []any{"c1", "1", "1", "1", nil}
	rows := map[string][][]driver.Value{
		"resource_classes": of([]any{"1", "VCPU"}), "projects": of([]any{"1", "p"}), "users": of([]any{"1", "u"}),
		"resource_providers": of([]any{"5", "p5", "h5", "1", "5", nil}, []any{"6", "p6", "h6", "1", "6", nil}),
		"inventories":        of([]any{"5", "1", "8", "0", "1", "8", "1", "1"}, []any{"6", "1", "8", "0", "1", "8", "1", "1"}),
		"consumers among":    of(who), "consumers on": of(who), "allocations on": of(one), "allocations among": of(one, other),
	}
	for key, broken := range map[string]bool{"": false, "consumers on": true, "allocations among": true} {
		server := &querytest.Server{Rows: maps.Clone(rows), Broken: key}
		f := &found{s: &snapshot.Snapshot{}, stock: newStock(querytest.Session(t, server), "x", once.NewIDs())}
		o := sweep{parts: []snapshot.Part{snapshot.Providers, snapshot.Usages, snapshot.Capacities, snapshot.Inventories, snapshot.Allocations}}
		o.keep = filter{second: true, few: true, consumers: set([]string{"c1"}), providers: set([]string{"p5"})}
		f.stock.read(t.Context(), o.needs, o.keep)
		f.assemble(o, nil, nil)
		if read := f.s.Parts[snapshot.Allocations].Read; read == broken {
			t.Errorf("%q is broken, and allocations read: %v", key, read)
		}
		if broken {
			continue
		}
		if held := f.s.Held("c1"); len(held) != 2 || f.s.UsageMap["p5"]["VCPU"] != 2 || f.s.UsageMap["p6"]["VCPU"] != 3 {
			t.Errorf("%+v, used %v", held, f.s.UsageMap)
		}
	}
}
