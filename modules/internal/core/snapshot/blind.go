// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Blind is what is missing of the parts that were read only in part (Status.Partial).
type Blind struct {
	// Hosts are the service hosts in cells that do not answer, sorted: all compute hosts of these cells. Nova's lists lack what is
	// in these cells.
	Hosts []string `json:"hosts,omitempty"`
	// Providers says of which providers something could not be read, and why, by UUID.
	Providers map[string]string `json:"providers,omitempty"`
}

// MarkPartial records that a part was read but for what Blind names, and why.
func (s *Snapshot) MarkPartial(p Part, reason string) {
	s.mark(p, Status{Partial: true, Reason: reason})
}

// BlindTo adds what could not be read.
func (s *Snapshot) BlindTo(more Blind) { s.Blind = s.Blind.and(&more) }

// and returns what both lack.
func (b *Blind) and(other *Blind) *Blind {
	if b == nil || other == nil {
		return pick(b, other)
	}
	both := &Blind{Hosts: slices.Sorted(slices.Values(slices.Concat(b.Hosts, other.Hosts))), Providers: maps.Clone(b.Providers)}
	both.Hosts = slices.Compact(both.Hosts)
	for uuid, why := range other.Providers {
		put(&both.Providers, uuid, why)
	}
	return both
}

func pick(a, b *Blind) *Blind {
	if a != nil {
		return a
	}
	return b
}

// Available returns the first of the parts that can't be used, and why. A part that was read in part can be used by who knows
// of it.
func (s *Snapshot) Available(parts []Part, partly bool) (Part, string, bool) {
	for _, p := range parts {
		if partly && s.Parts[p].Partial {
			continue
		}
		if part, reason, unread := s.Unread([]Part{p}); unread {
			return part, reason, true
		}
	}
	return "", "", false
}

// Missing names what of these parts was not read, hosts and providers, and says why; nothing if all of it was.
func (s *Snapshot) Missing(parts []Part) (names []string, cause string) {
	if s.Blind == nil {
		return nil, ""
	}
	for _, p := range parts {
		switch st := s.Parts[p]; {
		case !st.Partial:
			continue
		case p.FromCells():
			names = append(names, s.Blind.Hosts...)
		default:
			names = append(names, s.blindProviders()...)
		}
		if cause == "" {
			cause = s.Parts[p].Reason
		}
	}
	slices.Sort(names)
	return slices.Compact(names), cause
}

func (s *Snapshot) blindProviders() []string {
	var names []string
	for uuid := range s.Blind.Providers {
		name := uuid
		if p, ok := s.Provider(uuid); ok {
			name = p.Name
		}
		names = append(names, name)
	}
	return names
}

// Sight tells which subjects those parts hide that were read in part.
type Sight struct {
	s     *Snapshot
	blind Blind
}

// Sight returns what of these parts can be seen.
func (s *Snapshot) Sight(parts []Part) Sight {
	sight := Sight{s: s}
	for _, p := range parts {
		switch {
		case s.Blind == nil || !s.Parts[p].Partial:
		case p.FromCells():
			sight.blind.Hosts = s.Blind.Hosts
		default:
			sight.blind.Providers = s.Blind.Providers
		}
	}
	return sight
}

// all reports whether nothing is hidden, or nothing tells what is.
func (v Sight) all() bool {
	return len(v.blind.Hosts)+len(v.blind.Providers) == 0 || !v.s.Usable(Providers)
}

// HidesProvider says why nothing can be said about a provider; empty if it was read, and so was what its root's compute node
// is known by.
func (v Sight) HidesProvider(uuid string) string {
	if v.all() {
		return ""
	}
	root, known := v.s.Root(uuid)
	for _, one := range []string{uuid, root.UUID} {
		if why := v.blind.Providers[one]; why != "" {
			return "not all of its resource provider could be read: " + why
		}
	}
	if !known || len(v.blind.Hosts) == 0 || !v.s.Usable(Hypervisors) {
		return ""
	}
	return v.inTheDark(root)
}

// inTheDark says why the compute node of a root may be in a cell that does not answer; empty if it is not. A root that bears the
// name of a host of such a cell is that host's. Any other one without compute node may be: bare metal and VMware name their nodes
// otherwise. It is not if each of these hosts has the root of its name.
func (v Sight) inTheDark(root openstack.Provider) string {
	if _, node := v.s.Hypervisor(root.UUID); node || v.otherKind(root.UUID) {
		return ""
	}
	short := openstack.ShortName(root.Name)
	dark := map[string]bool{}
	for _, host := range v.blind.Hosts {
		dark[openstack.ShortName(host)] = true
	}
	const answer = "its host may be in a cell that does not answer: "
	if dark[short] {
		return answer + short
	}
	if v.namesNode(short) {
		return ""
	}
	for _, p := range v.s.Providers() {
		if p.IsRoot() {
			delete(dark, openstack.ShortName(p.Name))
		}
	}
	if len(dark) == 0 {
		return ""
	}
	return answer + strings.Join(slices.Sorted(maps.Keys(dark)), ", ")
}

// otherKind reports whether a root is known to be no compute service's.
func (v Sight) otherKind(root string) bool {
	return v.s.Usable(Traits) && v.s.Usable(Capacities) && !v.s.ComputeRoot(root)
}

// namesNode reports whether a compute node that Nova shows bears this short name.
func (v Sight) namesNode(short string) bool {
	return slices.ContainsFunc(v.s.Hypervisors(), func(h openstack.Hypervisor) bool { return openstack.ShortName(h.Name) == short })
}

// HidesConsumer says why nothing can be said about a consumer: something of what it holds is on a provider that is hidden, or
// the provider of the host is on which the server of its UUID runs.
func (v Sight) HidesConsumer(uuid string) string {
	if v.all() {
		return ""
	}
	if v.s.Usable(Allocations) {
		for _, a := range v.s.Held(uuid) {
			if why := v.HidesProvider(a.ProviderUUID); why != "" {
				return why
			}
		}
	}
	if !v.s.Usable(Servers) || !v.s.Usable(Hypervisors) {
		return ""
	}
	server, _ := v.s.Server(uuid)
	node, _ := v.s.NodeOf(server)
	for _, p := range v.s.Tree(node.UUID) {
		if why := v.HidesProvider(p.UUID); why != "" {
			return why
		}
	}
	return ""
}

// Usable reports whether a part was read, whole or in part.
func (s *Snapshot) Usable(p Part) bool { return s.Parts[p].Read || s.Parts[p].Partial }
