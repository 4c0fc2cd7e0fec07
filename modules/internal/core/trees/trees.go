// SPDX-License-Identifier: Apache-2.0

// Package trees tells what is on each resource provider of a cloud: room, holders, traits, aggregates and findings, tree by tree.
// It is pure: it is told a snapshot and what the checks found in it.
package trees

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Provider is a resource provider in its tree. What could not be read is left out: see Trees.Unread.
type Provider struct {
	UUID       string   `json:"uuid"`
	Name       string   `json:"name"`
	ParentUUID string   `json:"parent_uuid"`
	RootUUID   string   `json:"root_uuid"`
	Depth      int      `json:"depth"` // 0 for a root
	Generation int      `json:"generation"`
	Compute    string   `json:"compute,omitempty"` // state and status of its nova-compute, such as "up, enabled"
	Host       string   `json:"host,omitempty"`    // of that nova-compute
	Classes    []Class  `json:"classes"`
	Traits     []string `json:"traits"`     // those that decide where servers go: custom ones, and COMPUTE_STATUS_DISABLED
	Aggregates []string `json:"aggregates"` // host aggregates by name, others by UUID
	Holders    []Holder `json:"holders"`
	Findings   []string `json:"findings"` // ids of checks
}

// Class is the room of one resource class.
type Class struct {
	Class    string `json:"class"`
	Used     int    `json:"used"`
	Capacity int    `json:"capacity"`
}

// Holder is a consumer with what it holds on one provider.
type Holder struct {
	Consumer  string         `json:"consumer_uuid"`
	Name      string         `json:"server_name"` // empty if Nova shows no server of that UUID
	Status    string         `json:"server_status"`
	Host      string         `json:"host"`
	Resources map[string]int `json:"resources"`
}

// Trees are all providers, each behind its parent, the roots by name.
type Trees struct {
	Providers []Provider
	Unread    []snapshot.Part // what could not be read, of what would be shown
	NotRun    []string        // ids of checks whose findings are therefore not among those of the providers, or not all
}

// Of tells the trees of a snapshot, and what the checks said of it. Of the trees without a provider that is wanted nothing is told; nil wants all.
func Of(s *snapshot.Snapshot, v check.Verdict, wanted func(openstack.Provider) bool) Trees {
	t := &teller{s: s, ids: map[string][]string{}, aggregates: map[string]string{}}
	for _, part := range Parts() {
		if !s.Usable(part) {
			t.unread = append(t.unread, part)
		}
	}
	t.found(v.Findings)
	var roots []openstack.Provider
	for _, p := range s.Providers() {
		if p.IsRoot() && (wanted == nil || slices.ContainsFunc(s.Tree(p.UUID), wanted)) {
			roots = append(roots, p)
		}
	}
	slices.SortFunc(roots, byName)
	for _, root := range roots {
		t.branch(root, 0)
	}
	told := Trees{Providers: t.out, Unread: t.unread}
	for _, n := range v.NotRun {
		told.NotRun = append(told.NotRun, n.Check)
	}
	return told
}

func byName(a, b openstack.Provider) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UUID, b.UUID))
}

type teller struct {
	s          *snapshot.Snapshot
	unread     []snapshot.Part
	ids        map[string][]string // by UUID of a provider
	aggregates map[string]string   // names by UUID
	out        []Provider
}

// reads reports whether these parts were read, as far as they are shown.
func (t *teller) reads(parts ...snapshot.Part) bool {
	return !slices.ContainsFunc(parts, func(p snapshot.Part) bool { return slices.Contains(t.unread, p) })
}

// found notes the findings that are about a provider, or about a consumer that holds something there.
func (t *teller) found(findings []check.Finding) {
	for _, f := range findings {
		switch f.Subject.Type {
		case check.OfProvider:
			t.note(f.Subject.UUID, f.ID)
		case check.OfConsumer, check.OfServer:
			if !t.reads(snapshot.Allocations) {
				continue
			}
			for _, a := range t.s.Held(f.Subject.UUID) {
				t.note(a.ProviderUUID, f.ID)
			}
		case check.OfCell, check.OfService:
		}
	}
	if !t.reads(snapshot.Aggregates) {
		return
	}
	for _, a := range t.s.Aggregates() {
		t.aggregates[a.UUID] = a.Name
	}
}

func (t *teller) note(provider, id string) {
	if !slices.Contains(t.ids[provider], id) {
		t.ids[provider] = append(t.ids[provider], id)
	}
}

// branch tells a provider and those below it.
func (t *teller) branch(p openstack.Provider, depth int) {
	one := Provider{
		UUID: p.UUID, Name: p.Name, ParentUUID: p.ParentUUID, RootUUID: p.RootUUID, Depth: depth, Generation: p.Generation,
		Classes: t.classes(p.UUID), Traits: t.traits(p.UUID), Aggregates: t.memberships(p.UUID), Holders: t.holders(p.UUID),
		Findings: append([]string{}, t.ids[p.UUID]...),
	}
	if t.reads(snapshot.Hypervisors, snapshot.Services) {
		one.Host, one.Compute = t.compute(p.UUID)
	}
	t.out = append(t.out, one)
	children := slices.Clone(t.s.ChildrenOf(p))
	slices.SortFunc(children, byName)
	for _, child := range children {
		t.branch(child, depth+1)
	}
}

func (t *teller) classes(provider string) []Class {
	if !t.reads(snapshot.Usages, snapshot.Capacities) {
		return []Class{}
	}
	used, room := t.s.Usage(provider), t.s.Capacity(provider)
	names := slices.Collect(maps.Keys(room))
	for class, n := range used {
		if _, has := room[class]; !has && n > 0 {
			names = append(names, class)
		}
	}
	slices.SortFunc(names, byClass)
	all := make([]Class, len(names))
	for i, class := range names {
		all[i] = Class{class, used[class], room[class]}
	}
	return all
}

// byClass orders resource classes as people do: processors, memory, disk, then the others by name.
func byClass(a, b string) int {
	usual := []string{"VCPU", "PCPU", "MEMORY_MB", "DISK_GB"}
	rank := func(class string) int {
		if i := slices.Index(usual, class); i >= 0 {
			return i
		}
		return len(usual)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

func (t *teller) traits(provider string) []string {
	out := []string{}
	if !t.reads(snapshot.Traits) {
		return out
	}
	for _, trait := range slices.Sorted(maps.Keys(t.s.TraitHolders)) {
		matters := strings.HasPrefix(trait, "CUSTOM_") || trait == "COMPUTE_STATUS_DISABLED" || trait == "MISC_SHARES_VIA_AGGREGATE"
		if matters && t.s.HasTrait(provider, trait) {
			out = append(out, trait)
		}
	}
	return out
}

func (t *teller) memberships(provider string) []string {
	out := []string{}
	if !t.reads(snapshot.Memberships) {
		return out
	}
	for _, uuid := range t.s.Memberships(provider) {
		out = append(out, cmp.Or(t.aggregates[uuid], uuid))
	}
	slices.Sort(out)
	return out
}

func (t *teller) holders(provider string) []Holder {
	out := []Holder{}
	if !t.reads(snapshot.Allocations) {
		return out
	}
	for _, a := range t.s.HeldOn(provider) {
		h := Holder{Consumer: a.ConsumerUUID, Resources: a.Resources}
		if t.reads(snapshot.Servers) {
			if server, known := t.s.Server(a.ConsumerUUID); known {
				h.Name, h.Status, h.Host = server.Name, server.Status, server.Host
			}
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Holder) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Consumer, b.Consumer)) })
	return out
}

// compute tells the nova-compute of a compute node.
func (t *teller) compute(provider string) (host, words string) {
	node, is := t.s.Hypervisor(provider)
	if !is {
		return "", ""
	}
	for _, service := range t.s.Services() {
		if service.Host == node.ServiceHost {
			return node.ServiceHost, service.Words()
		}
	}
	return node.ServiceHost, "no nova-compute"
}
