// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// A part that was not read panics, whether it failed or nobody asked for it.
func TestUnreadPartsCantBeUsed(t *testing.T) {
	s := checktest.Cloud()
	s.MarkFailed(snapshot.Servers, "403")
	delete(s.Parts, snapshot.Migrations)
	s.MarkFailed(snapshot.Generations, "503")
	for name, use := range map[string]func(){
		"servers":     func() { s.Servers() },
		"migrations":  func() { s.Moving("x") },
		"generations": func() { s.Watched() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s were used without having been read", name)
				}
			}()
			use()
		}()
	}
	if part, reason, unread := s.Unread([]snapshot.Part{snapshot.Providers, snapshot.Servers}); !unread ||
		part != snapshot.Servers || reason != "403" {
		t.Errorf("unread: %s %s %v", part, reason, unread)
	}
}

// No provider at all beside hypervisors is a contradiction, not an empty cloud.
func TestNoProviders(t *testing.T) {
	s := snapshot.Empty(checktest.Taken())
	if _, _, unread := s.Unread([]snapshot.Part{snapshot.Providers}); unread {
		t.Error("an empty cloud counts as unread")
	}
	s.HypervisorList = checktest.Cloud().HypervisorList
	if _, reason, _ := s.Unread([]snapshot.Part{snapshot.Servers, snapshot.Allocations}); !strings.Contains(reason, "lists no resource provider") {
		t.Errorf("what nobody holds: %q", reason)
	}
	if _, reason, _ := s.Unread([]snapshot.Part{snapshot.Traits, snapshot.Providers}); !strings.Contains(reason, "lists no resource provider") {
		t.Errorf("reason %q", reason)
	}
}

// A part that was read in part is not read, but for who knows of it.
func TestPartial(t *testing.T) {
	s := checktest.Cloud()
	s.MarkPartial(snapshot.Servers, "a cell does not answer")
	s.BlindTo(snapshot.Blind{Hosts: []string{"cn9"}})
	needs := []snapshot.Part{snapshot.Providers, snapshot.Servers}
	if part, _, unread := s.Unread(needs); !unread || part != snapshot.Servers {
		t.Errorf("unread: %v %s", unread, part)
	}
	if _, _, unread := s.Available(needs, false); !unread {
		t.Error("who does not know of it may use it")
	}
	if _, _, unread := s.Available(needs, true); unread || len(s.Servers()) != 1 {
		t.Error("who knows of it may not use it")
	}
	if names, cause := s.Missing(needs); !slices.Equal(names, []string{"cn9"}) || cause != "a cell does not answer" {
		t.Errorf("missing %v: %s", names, cause)
	}
}

// A cell hides the roots of its hosts; while one of these has no root of its name, others that have no compute node too.
func TestSight(t *testing.T) {
	const dark, stale, named = "dark root", "stale root", "named root"
	for name, c := range map[string]struct {
		hosts  []string
		hidden []string
	}{
		"its own root":    {[]string{"cn9.example"}, []string{dark}},
		"of bare metal":   {[]string{"cn9", "ironic"}, []string{dark, stale}},
		"nothing is dark": {nil, nil},
	} {
		s := checktest.Cloud()
		for uuid, host := range map[string]string{dark: "cn9", stale: "cn8", named: "cn1.example"} {
			checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: host}, "VCPU", 1)
			s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], uuid)
			checktest.Hold(s, "on "+uuid, uuid, "VCPU", 1)
		}
		s.MarkPartial(snapshot.Hypervisors, "a cell does not answer")
		s.BlindTo(snapshot.Blind{Hosts: c.hosts})
		sight := s.Sight([]snapshot.Part{snapshot.Hypervisors})
		for _, uuid := range []string{dark, stale, named, checktest.Compute, checktest.Storage} {
			want := slices.Contains(c.hidden, uuid)
			if got := sight.HidesProvider(uuid) != ""; got != want {
				t.Errorf("%s: %s is hidden: %v", name, uuid, got)
			}
			if got := sight.HidesConsumer("on "+uuid) != ""; got != want {
				t.Errorf("%s: who holds something on %s is hidden: %v", name, uuid, got)
			}
		}
		if s.Sight([]snapshot.Part{snapshot.Usages}).HidesProvider(dark) != "" {
			t.Errorf("%s: it is hidden from who needs no part of a cell", name)
		}
	}
}

// Capacity is truncated toward zero, as Placement computes it.
func TestCapacity(t *testing.T) {
	for _, c := range []struct {
		total, reserved int
		ratio           float64
		want            int
	}{
		{10, 0, 16, 160},
		{8192, 512, 1.5, 11520},
		{3, 0, 1.3, 3},
		{1, 1, 1, 0},
		{10, 0, 0, 0},
		{2147483647, 0, 1, 2147483647},
		{10, 12, 1.5, -3},
		{10, 12, 0.7, -1},
		{10, 0, 1e30, 1 << 62},
		{10, 12, 1e30, -1 << 62},
		{2147483647, 0, 3.40282e38, 1 << 62},
		{5, 5, 3.40282e38, 0},
	} {
		i := openstack.Inventory{Total: c.total, Reserved: c.reserved, AllocationRatio: c.ratio}
		if got := i.Capacity(); got != c.want {
			t.Errorf("(%d - %d) * %v: %d, want %d", c.total, c.reserved, c.ratio, got, c.want)
		}
	}
}

func TestMigrationInProgress(t *testing.T) {
	for status, want := range map[string]bool{
		"accepted": true, "queued": true, "migrating": true, "post-migrating": true, "finished": true, "reverting": true,
		"confirmed": false, "reverted": false, "error": false, "failed": false, "completed": false, "cancelled": false, "done": false,
	} {
		if got := (openstack.Migration{Status: status}).InProgress(); got != want {
			t.Errorf("%s: %v", status, got)
		}
	}
}

// laterLook sees a server that moved, a provider that was renamed, one that was deleted, and hypervisors no more.
func laterLook(s *snapshot.Snapshot) *snapshot.Look {
	changed := openstack.Server{UUID: checktest.Server, Host: "cn2"}
	return &snapshot.Look{
		TakenAt:   s.TakenAt.Add(time.Minute),
		Consumers: map[string][]openstack.Allocation{checktest.Server: {{ConsumerUUID: checktest.Server, ProviderUUID: checktest.Compute}}},
		Servers:   map[string]*openstack.Server{checktest.Server: &changed},
		Providers: map[string]*snapshot.ProviderLook{checktest.Storage: nil, checktest.Compute: {
			Provider: openstack.Provider{UUID: checktest.Compute, Name: "renamed"}, Usages: map[string]int{"VCPU": 9},
		}},
		Parts: map[snapshot.Part]snapshot.Status{snapshot.Hypervisors: {Reason: "cell"}, snapshot.Services: {Read: true}},
	}
}

// What the second look saw takes the place of what was read first; the rest stays.
func TestView(t *testing.T) {
	s := checktest.Cloud()
	s.Second = laterLook(s)
	v := s.View()
	if got := v.Held(checktest.Server); len(got) != 1 {
		t.Errorf("the server holds %v", got)
	}
	if server, _ := v.Server(checktest.Server); server.Host != "cn2" {
		t.Errorf("the server is on %q", server.Host)
	}
	if p, _ := v.Provider(checktest.Compute); p.Name != "renamed" || v.Usage(p.UUID)["VCPU"] != 9 {
		t.Errorf("the provider is %v", p)
	}
	if _, there := v.Provider(checktest.Storage); there {
		t.Error("the deleted provider is still there")
	}
	if len(v.Services()) != 0 || v.Parts[snapshot.Hypervisors].Read || !v.Parts[snapshot.Migrations].Read {
		t.Errorf("parts %v, services %v", v.Parts, v.ServiceList)
	}
	if _, there := s.Provider(checktest.Storage); !there || len(s.Held(checktest.Server)) != 2 {
		t.Error("the first look was changed")
	}
}

// A nova-compute for bare metal may have one node left, which need not be that of a server.
func TestNodeOf(t *testing.T) {
	for kind, found := range map[string]bool{"QEMU": true, "ironic": false} {
		s := snapshot.Empty(time.Time{})
		s.HypervisorList = []openstack.Hypervisor{{UUID: "h", Name: "left", ServiceHost: "ctl1", Type: kind}}
		if _, ok := s.NodeOf(openstack.Server{Host: "ctl1", Node: "gone"}); ok != found {
			t.Errorf("%s: found %v", kind, ok)
		}
		if h, ok := s.NodeOf(openstack.Server{Host: "ctl1", Node: "left"}); !ok || h.UUID != "h" {
			t.Errorf("%s: its own node was not found", kind)
		}
	}
}
