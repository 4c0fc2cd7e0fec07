// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Strange is a compute root that is no compute node of this Nova, with who holds something in its tree.
type Strange struct {
	Root    openstack.Provider
	Holders []string // consumers, sorted
	// Ours says that this Nova knows one of the holders, or that an empty root may be its own by its name or otherwise.
	Ours bool
}

// Inhabited reports whether somebody holds something there and this Nova knows none of them.
func (s Strange) Inhabited() bool { return len(s.Holders) > 0 && !s.Ours }

// ForStrange lists the parts that Strange needs, and more, in reading order.
func ForStrange(more ...Part) []Part {
	return ForComputeRoots(append([]Part{Allocations, Services, Servers, Migrations}, more...)...)
}

// Strange returns the compute roots that are no compute nodes of this Nova, in the order in which they were read. Needs
// what ForStrange lists.
func (s *Snapshot) Strange() []Strange {
	x := s.indexed()
	if x.strange == nil {
		x.strange = []Strange{}
		names := s.hostNames()
		unmapped := len(s.UnmappedHosts().Services) > 0
		for _, p := range s.Providers() {
			if _, node := s.Hypervisor(p.UUID); node || !s.ComputeRoot(p.UUID) {
				continue
			}
			one := Strange{Root: p, Holders: s.holders(p.UUID)}
			one.Ours = slices.ContainsFunc(one.Holders, s.Knows) ||
				len(one.Holders) == 0 && (unmapped || names[openstack.ShortName(p.Name)])
			x.strange = append(x.strange, one)
		}
	}
	return x.strange
}

// Unproven returns the UUIDs of the strange roots that nothing in Nova identifies as its own: no host, compute node,
// server or end of a move has the short name of the root, no server and no migration holds something in its tree, and it is in no
// host aggregate. Needs what ForStrange lists.
func (s *Snapshot) Unproven() map[string]bool {
	x := s.indexed()
	if x.unproven == nil {
		x.unproven = map[string]bool{}
		var names map[string]bool
		for _, one := range s.Strange() {
			if names == nil { // most clouds have no strange root
				names = s.mentioned()
			}
			if !names[openstack.ShortName(one.Root.Name)] && !slices.ContainsFunc(one.Holders, s.Knows) && !s.aggregated(one.Root) {
				x.unproven[one.Root.UUID] = true
			}
		}
	}
	return x.unproven
}

// mentioned has the short names of hostNames, and of the hosts and nodes of all servers and moves.
func (s *Snapshot) mentioned() map[string]bool {
	names, seen := s.hostNames(), map[string]bool{}
	add := func(all ...string) {
		for _, name := range all {
			if !seen[name] {
				seen[name], names[openstack.ShortName(name)] = true, true
			}
		}
	}
	for _, m := range s.Migrations() {
		add(m.SourceHost, m.SourceNode, m.DestHost, m.DestNode)
	}
	for _, v := range s.Servers() {
		add(v.Host, v.Node)
	}
	return names
}

func (s *Snapshot) aggregated(root openstack.Provider) bool {
	if !s.Usable(Aggregates) {
		return false
	}
	return slices.ContainsFunc(s.Aggregates(), func(a openstack.Aggregate) bool {
		here := s.Usable(Memberships) && slices.Contains(s.Memberships(root.UUID), a.UUID)
		return here || slices.Contains(a.Hosts, root.Name)
	})
}

// Knows reports whether Nova has a server or a migration of this UUID. Needs Servers and Migrations.
func (s *Snapshot) Knows(consumer string) bool {
	_, server := s.Server(consumer)
	_, migration := s.Migration(consumer)
	return server || migration
}

// hostNames has the short names of all hosts and compute nodes that Nova shows.
func (s *Snapshot) hostNames() map[string]bool {
	names := map[string]bool{}
	for _, h := range s.Hypervisors() {
		names[openstack.ShortName(h.Name)], names[openstack.ShortName(h.ServiceHost)] = true, true
	}
	for _, v := range s.Services() {
		names[openstack.ShortName(v.Host)] = true
	}
	return names
}

// holders lists who holds something in the tree of a root, sorted.
func (s *Snapshot) holders(root string) []string {
	var out []string
	for _, p := range s.Tree(root) {
		for _, a := range s.HeldOn(p.UUID) {
			out = append(out, a.ConsumerUUID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// OwnerOf returns the project and the user that Placement names for a consumer. They are known of consumers that were looked
// at twice, and of incomplete ones.
func (s *Snapshot) OwnerOf(consumer string) (openstack.Owner, bool) {
	if s.Second != nil {
		if owner, known := s.Second.Owners[consumer]; known {
			return owner, true
		}
	}
	i := slices.IndexFunc(s.IncompleteList, func(o openstack.Owner) bool { return o.ConsumerUUID == consumer })
	if i < 0 {
		return openstack.Owner{}, false
	}
	return s.IncompleteList[i], true
}
