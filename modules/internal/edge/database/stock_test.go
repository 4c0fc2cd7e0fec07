// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// An error after some rows leaves the parts that need the table unread, and the others read.
func TestBrokenRows(t *testing.T) {
	b := func(text string) driver.Value { return []byte(text) }
	of := &querytest.Server{Broken: "allocations", Rows: map[string][][]driver.Value{
		"resource_classes":   {{b("1"), b("VCPU")}},
		"resource_providers": {{b("5"), b("p-1"), b("cmp1"), b("3"), b("5"), nil}, {b("6"), b("p-2"), b("lost"), b("0"), nil, nil}},
		"inventories":        {{b("5"), b("1"), b("8"), b("0"), b("1"), b("8"), b("1"), b("16")}},
		"consumers":          {{b("c-1"), b("1"), b("1"), b("1"), nil}},
		"allocations":        {{b("5"), b("1"), b("c-1"), b("2")}},
	}}
	p := newStock(querytest.Session(t, of), "x", once.NewIDs())
	parts := ofStock()
	p.read(t.Context(), sweep{parts: parts}.needs, filter{})
	s := &snapshot.Snapshot{}
	p.fill(s, parts)
	for _, part := range []snapshot.Part{snapshot.Allocations, snapshot.Usages, snapshot.Incomplete} {
		if st := s.Parts[part]; st.Read || !strings.Contains(st.Reason, "statement_timeout") || !strings.Contains(st.Reason, "allocations") {
			t.Errorf("%s: %+v", part, st)
		}
	}
	if p.err(snapshot.Rows) == nil {
		t.Error("what only the databases show counts as read")
	}
	want := openstack.Provider{UUID: "p-1", Name: "cmp1", Generation: 3, RootUUID: "p-1"}
	if !s.Parts[snapshot.Inventories].Read || len(s.ProviderList) != 1 || s.ProviderList[0] != want || s.InventoryMap["p-1"]["VCPU"].Total != 8 {
		t.Errorf("%+v %+v", s.Parts, s.ProviderList)
	}
}
