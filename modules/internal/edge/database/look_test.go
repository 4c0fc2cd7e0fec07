// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
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
