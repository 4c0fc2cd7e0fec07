// SPDX-License-Identifier: Apache-2.0

package check

import (
	"path"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Marks tell whose something is: patterns for the names or UUIDs of providers, and names, numbers or UUIDs of the rest.
type Marks struct {
	Aggregates, Providers, Projects, Users, Types []string
}

// Owners say what in Placement belongs to the Nova that is audited, and what to others. What Nova shows is its own, whatever
// they say. Empty lists say nothing.
type Owners struct {
	Owned, Others Marks
}

// Needs lists what has to be read to tell whose such a subject is.
func (o Owners) Needs(kind SubjectType) []snapshot.Part {
	if !o.ofRoots() || kind != OfProvider && kind != OfConsumer {
		return nil
	}
	parts := snapshot.ForComputeRoots()
	if len(o.Owned.Aggregates) > 0 {
		parts = append(parts, snapshot.Aggregates, snapshot.Memberships)
	}
	return parts
}

// ofRoots reports whether Owned says which roots are this Nova's.
func (o Owners) ofRoots() bool { return len(o.Owned.Aggregates)+len(o.Owned.Providers) > 0 }

// ofConsumers reports whether anything is said by which a consumer alone is told.
func (o Owners) ofConsumers() bool {
	n := 0
	for _, m := range []Marks{o.Owned, o.Others} {
		n += len(m.Projects) + len(m.Users) + len(m.Types)
	}
	return n > 0
}

// notOurs says why a subject belongs to others; empty if it is this Nova's or nothing says whose it is.
func (o Owners) notOurs(s *snapshot.Snapshot, subject Subject) string {
	switch {
	case subject.Type == OfProvider && s.Parts[snapshot.Providers].Read:
		return o.provider(s, subject.UUID)
	case subject.Type == OfConsumer:
		return o.consumer(s, subject.UUID)
	}
	return ""
}

func (o Owners) provider(s *snapshot.Snapshot, uuid string) string {
	p, _ := s.Provider(uuid)
	root, ok := s.Root(uuid)
	switch {
	case !ok:
		return ""
	case !p.IsRoot() && matches(o.Others.Providers, p):
		return "the option others names it"
	case isNode(s, root):
		return ""
	case matches(o.Others.Providers, root):
		return "the option others names it"
	case o.ofRoots() && s.ComputeRoot(root.UUID) && !o.ownsRoot(s, root):
		return "the option owned does not name it"
	case o.ofConsumers() && o.heldByOthers(s, root.UUID):
		return "all its consumers belong to others"
	}
	return ""
}

// isNode reports whether Nova shows a compute node for the root.
func isNode(s *snapshot.Snapshot, root openstack.Provider) bool {
	if !s.Usable(snapshot.Hypervisors) {
		return false
	}
	_, node := s.Hypervisor(root.UUID)
	return node
}

// ownsRoot reports whether Owned names a root, or a host aggregate that it is in.
func (o Owners) ownsRoot(s *snapshot.Snapshot, root openstack.Provider) bool {
	if matches(o.Owned.Providers, root) {
		return true
	}
	if len(o.Owned.Aggregates) == 0 {
		return false
	}
	return slices.ContainsFunc(s.Aggregates(), func(a openstack.Aggregate) bool {
		here := slices.Contains(s.Memberships(root.UUID), a.UUID) || slices.Contains(a.Hosts, root.Name)
		return here && slices.ContainsFunc(o.Owned.Aggregates, a.Named)
	})
}

func (o Owners) heldByOthers(s *snapshot.Snapshot, root string) bool {
	if _, _, unread := s.Unread(snapshot.ForStrange()); unread {
		return false
	}
	for _, one := range s.Strange() {
		if one.Root.UUID == root {
			ours := func(consumer string) bool { return o.byMarks(s, consumer) == "" }
			return one.Inhabited() && !slices.ContainsFunc(one.Holders, ours)
		}
	}
	return false
}

func (o Owners) consumer(s *snapshot.Snapshot, uuid string) string {
	if s.Usable(snapshot.Servers) && s.Usable(snapshot.Migrations) && s.Knows(uuid) {
		return ""
	}
	if reason := o.byMarks(s, uuid); reason != "" || !s.Usable(snapshot.Allocations) {
		return reason
	}
	for _, a := range s.Held(uuid) {
		if o.ofRoots() || len(o.Others.Providers) > 0 {
			if reason := o.provider(s, a.ProviderUUID); reason != "" {
				return "it holds something on a resource provider of others: " + reason
			}
		}
	}
	return ""
}

// byMarks tells by project, user and type whether a consumer belongs to others. All three are read at the second look.
func (o Owners) byMarks(s *snapshot.Snapshot, consumer string) string {
	if !o.ofConsumers() || s.Second == nil {
		return ""
	}
	owner, known := s.OwnerOf(consumer)
	for _, m := range []struct {
		what, value   string
		owned, others []string
	}{
		{"project", owner.ProjectID, o.Owned.Projects, o.Others.Projects},
		{"user", owner.UserID, o.Owned.Users, o.Others.Users},
		{"consumer type", s.ConsumerType(consumer), o.Owned.Types, o.Others.Types},
	} {
		switch {
		case len(m.owned)+len(m.others) == 0:
		case !known:
			return "its project, user and type are unknown: it may belong to others"
		case slices.Contains(m.others, m.value):
			return "the option others names its " + m.what
		case len(m.owned) > 0 && !slices.Contains(m.owned, m.value):
			return "the option owned does not name its " + m.what
		}
	}
	return ""
}

func matches(patterns []string, p openstack.Provider) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return Glob(pattern, p.Name) || Glob(pattern, p.UUID) })
}

// Glob reports whether the pattern stands for the name. It matches as path.Match does, but a slash is a character like any
// other: server names may contain it.
func Glob(pattern, name string) bool {
	plain := strings.NewReplacer("/", "\x00")
	ok, err := path.Match(plain.Replace(pattern), plain.Replace(name))
	return ok && err == nil
}
