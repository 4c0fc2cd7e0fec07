// SPDX-License-Identifier: Apache-2.0

package check

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Strangers are the roots and consumers in Placement that look like another Nova's. Both are empty if nothing does.
type Strangers struct {
	Roots     []snapshot.Strange
	Consumers []string // sorted
}

// Strangers finds what looks like another Nova's. See docs/decisions/0021-whose-is-it.md. Needs what snapshot.ForStrange lists.
func (p *Pass) Strangers() Strangers { return p.Settings.Owners.strangers(p.Snapshot) }

func (o Owners) strangers(s *snapshot.Snapshot) Strangers {
	if o.ofRoots() { // every root is told
		return Strangers{}
	}
	open := slices.DeleteFunc(slices.Clone(s.Strange()), func(one snapshot.Strange) bool {
		return one.Ours || o.provider(s, one.Root.UUID) != ""
	})
	inhabited := 0
	for _, one := range open {
		if one.Inhabited() {
			inhabited++
		}
	}
	if !many(inhabited, len(s.Hypervisors())) {
		return Strangers{}
	}
	found := Strangers{Roots: open}
	for _, one := range open {
		found.Consumers = append(found.Consumers, one.Holders...)
	}
	found.Consumers = unique(found.Consumers)
	return found
}

// Unproven counts the roots without compute node of which nothing shows that they were hosts of this Nova, if the provider is in
// the tree of one of them; else 0. One alone is taken for a host that was removed. Wants what snapshot.ForStrange lists.
func (p *Pass) Unproven(provider string) int {
	s := p.Snapshot
	if _, _, unread := s.Unread(snapshot.ForStrange()); unread || p.Settings.Owners.ofRoots() {
		return 0
	}
	root, _ := s.Root(provider)
	roots := s.Unproven()
	if len(roots) < 2 || !roots[root.UUID] {
		return 0
	}
	return len(roots)
}

// Proven reports whether a root without compute node is known to be this Nova's: the option owned names it, or a server or a
// migration of this Nova holds something in its tree. Needs Providers; wants Allocations, Servers and Migrations.
func (p *Pass) Proven(root openstack.Provider) bool {
	s := p.Snapshot
	if p.Settings.Owners.ofRoots() && p.Settings.Owners.ownsRoot(s, root) {
		return true
	}
	if !s.Usable(snapshot.Allocations) || !s.Usable(snapshot.Servers) || !s.Usable(snapshot.Migrations) {
		return false
	}
	known := func(a openstack.Allocation) bool { return s.Knows(a.ConsumerUUID) }
	return slices.ContainsFunc(s.Tree(root.UUID), func(one openstack.Provider) bool { return slices.ContainsFunc(s.HeldOn(one.UUID), known) })
}

// many reports whether so many roots, on each of which only strangers hold something, are too many for hosts that were removed:
// three, or in a small cloud two, if this Nova has no more compute nodes itself. Nova refuses to delete a compute service
// while it has servers, and deletes its provider with it.
func many(inhabited, nodes int) bool {
	return inhabited >= 3 || inhabited == 2 && nodes <= 2
}

// why says in one sentence what was found.
func (t Strangers) String() string {
	return fmt.Sprintf("%d roots and %d consumers are unknown to this Nova: another one may use this Placement", len(t.Roots), len(t.Consumers))
}

// among says why a subject is one of the strangers; empty if it is none.
func (t Strangers) among(s *snapshot.Snapshot, subject Subject) string {
	ofRoot := func(provider string) bool {
		root, _ := s.Root(provider)
		return slices.ContainsFunc(t.Roots, func(one snapshot.Strange) bool { return one.Root.UUID == root.UUID })
	}
	_, strange := slices.BinarySearch(t.Consumers, subject.UUID)
	if subject.Type == OfConsumer && strange || subject.Type == OfProvider && ofRoot(subject.UUID) {
		return t.String()
	}
	return ""
}

// hidden says why too little was read to judge a subject; empty if it was not.
func hidden(sight snapshot.Sight, subject Subject) string {
	switch subject.Type {
	case OfProvider:
		return sight.HidesProvider(subject.UUID)
	case OfConsumer, OfServer:
		return sight.HidesConsumer(subject.UUID)
	default: // of a list that was read whole
		return ""
	}
}

// part takes out of the findings what is hidden or not this Nova's, and counts it as not judged.
func (p *Pass) part() {
	if len(p.findings) == 0 {
		return
	}
	sight := p.Snapshot.Sight(p.check.Needs)
	var others Strangers
	if _, _, unread := p.Snapshot.Unread(snapshot.ForStrange()); !unread {
		others = p.Strangers()
	}
	p.findings = slices.DeleteFunc(p.findings, func(f Finding) bool {
		reason := cmp.Or(hidden(sight, f.Subject), p.Settings.Owners.notOurs(p.Snapshot, f.Subject))
		if reason == "" {
			reason = others.among(p.Snapshot, f.Subject)
		}
		if reason != "" {
			p.NotJudged(f.Subject.UUID, reason)
		}
		return reason != ""
	})
}
