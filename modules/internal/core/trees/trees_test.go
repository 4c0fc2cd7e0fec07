// SPDX-License-Identifier: Apache-2.0

package trees_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/trees"
)

// forest has a root with two children, one of them with a child, and another root.
func forest() *snapshot.Snapshot {
	s := &snapshot.Snapshot{ProviderList: []openstack.Provider{
		{UUID: "b", Name: "cn2", RootUUID: "b"},
		{UUID: "a", Name: "cn1", RootUUID: "a", Generation: 7},
		{UUID: "a2", Name: "cn1-z", ParentUUID: "a", RootUUID: "a"},
		{UUID: "a1", Name: "cn1-y", ParentUUID: "a", RootUUID: "a"},
		{UUID: "a11", Name: "cn1-y-x", ParentUUID: "a1", RootUUID: "a"},
	}}
	s.MarkRead(snapshot.Providers)
	return s
}

// Each provider stands behind its parent, and only the trees of what is asked for are told.
func TestOrder(t *testing.T) {
	names := func(wanted func(openstack.Provider) bool) string {
		var out []string
		for _, p := range trees.Of(forest(), check.Verdict{}, wanted).Providers {
			out = append(out, strings.Repeat(">", p.Depth)+p.UUID)
		}
		return strings.Join(out, " ")
	}
	if got := names(nil); got != "a >a1 >>a11 >a2 b" {
		t.Error(got)
	}
	if got := names(func(p openstack.Provider) bool { return p.Name == "cn1-y-x" }); got != "a >a1 >>a11 >a2" {
		t.Error(got)
	}
}

// What could not be read is named, and not shown as nothing.
func TestUnread(t *testing.T) {
	s := forest()
	s.UsageMap = map[string]map[string]int{"a": {"VCPU": 9}}
	s.MarkRead(snapshot.Usages)
	s.MarkFailed(snapshot.Servers, "503")
	found := []check.Finding{{ID: "PLC301", Subject: check.Subject{Type: check.OfProvider, UUID: "a"}}, {ID: "PLC101", Subject: check.Subject{Type: check.OfConsumer, UUID: "c"}}}
	told := trees.Of(s, check.Verdict{Findings: found, NotRun: []check.NotRun{{Check: "PLC101"}, {Check: "PLC102"}}}, nil)
	for _, part := range []snapshot.Part{snapshot.Servers, snapshot.Capacities, snapshot.Allocations} {
		if !slices.Contains(told.Unread, part) {
			t.Errorf("%s is not among %v", part, told.Unread)
		}
	}
	page := screen.New(screen.View{Width: 100})
	told.Table(page)
	if text := page.String(); !strings.Contains(text, "cn1             -          -        -    7  PLC301\n") || !strings.Contains(text, "Could not be read, and is not shown: capacities, allocations, services,") ||
		!strings.Contains(text, "Did not finish, so findings may be missing: PLC101-102\n") {
		t.Errorf("%s", text)
	}
}

// A class that is used without an inventory is told, and what is over capacity stands in words.
func TestFull(t *testing.T) {
	s := forest()
	s.UsageMap = map[string]map[string]int{"a": {"VCPU": 9, "CUSTOM_GONE": 1}, "a1": {}, "a2": {}, "a11": {}, "b": {}}
	s.CapacityMap = map[string]map[string]int{"a": {"VCPU": 8}, "a1": {}, "a2": {}, "a11": {}, "b": {}}
	s.AllocationList = []openstack.Allocation{{ConsumerUUID: "c", ProviderUUID: "a", Resources: map[string]int{"VCPU": 9, "CUSTOM_GONE": 1}}}
	s.ServerList = []openstack.Server{{UUID: "c", Name: "web\x1b[2J\n$ rm", Status: "ACTIVE", Host: "cn1"}}
	for _, part := range []snapshot.Part{snapshot.Usages, snapshot.Capacities, snapshot.Allocations, snapshot.Servers} {
		s.MarkRead(part)
	}
	page := screen.New(screen.View{Width: 100})
	trees.Of(s, check.Verdict{}, func(p openstack.Provider) bool { return p.UUID == "a" }).Full(page)
	text := page.String()
	for _, want := range []string{"VCPU            9         8  over capacity by 1\n", "CUSTOM_GONE     1         0  over capacity by 1\n", "web\uFFFD[2J $ rm (ACTIVE)  cn1   VCPU 9, CUSTOM_GONE 1\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
