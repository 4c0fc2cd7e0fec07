// SPDX-License-Identifier: Apache-2.0

// Package triage takes from a verdict what concerns the one who asked: the part of the cloud that was asked about, without
// the findings that somebody accepted, and compared with an earlier audit. It is pure: what it is told comes from options
// and files that others read.
package triage

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Names say which part of a cloud is meant. All empty is the whole of it.
type Names struct {
	Providers  []string `json:"providers"`  // names or UUIDs; with what is below each
	Hosts      []string `json:"hosts"`      // service hosts
	Aggregates []string `json:"aggregates"` // names, numbers or UUIDs of host aggregates
}

// Any reports whether something is named.
func (n Names) Any() bool { return len(n.Providers)+len(n.Hosts)+len(n.Aggregates) > 0 }

// Equal reports whether both name the same, in whatever order.
func (n Names) Equal(other Names) bool {
	same := func(a, b []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
	}
	return same(n.Providers, other.Providers) && same(n.Hosts, other.Hosts) && same(n.Aggregates, other.Aggregates)
}

// Limit returns the checks as they judge this part of the cloud. Without a scope they may only be asked what they need.
func (n Names) Limit(checks []*check.Check, scope *Scope) []*check.Check {
	if !n.Any() {
		return checks
	}
	limited := make([]*check.Check, len(checks))
	for i, c := range checks {
		limited[i] = c.Limited(n.needs(c.Subject), scope.Holds)
	}
	return limited
}

// needs lists what has to be read to tell whether such a subject is meant.
func (n Names) needs(kind check.SubjectType) []snapshot.Part {
	parts := []snapshot.Part{snapshot.Providers, snapshot.Hypervisors}
	if len(n.Aggregates) > 0 {
		parts = append(parts, snapshot.Aggregates)
	}
	switch kind {
	case check.OfProvider:
		return parts
	case check.OfConsumer, check.OfServer:
		return append(parts, snapshot.Allocations, snapshot.Servers)
	default: // concerns everybody
		return nil
	}
}

// Unknown are names that stand for nothing in the cloud.
type Unknown struct {
	Option string // providers, hosts or aggregates
	Names  []string
}

// Scope is the part of one cloud that names stand for.
type Scope struct {
	s         *snapshot.Snapshot
	hosts     map[string]bool // service hosts
	nodes     map[string]bool // UUIDs of compute nodes, whether or not they have a provider
	providers map[string]bool
	consumers map[string]bool // servers and migrations too

	roots map[string][]string // short name -> UUIDs of root providers
}

// Resolve finds what the names stand for. Where the lists that tell were not read the scope is empty: no check that asks
// it can run then.
func (n Names) Resolve(s *snapshot.Snapshot) (*Scope, []Unknown) {
	scope := &Scope{
		s: s, hosts: map[string]bool{}, nodes: map[string]bool{}, providers: map[string]bool{}, consumers: map[string]bool{},
		roots: map[string][]string{},
	}
	if _, _, unread := s.Available(n.needs(check.OfProvider), true); unread || !n.Any() {
		return scope, nil
	}
	for _, p := range s.Providers() {
		if p.IsRoot() {
			scope.roots[openstack.ShortName(p.Name)] = append(scope.roots[openstack.ShortName(p.Name)], p.UUID)
		}
	}
	var unknown []Unknown
	for _, of := range []struct {
		option string
		names  []string
		add    func(string) bool
	}{
		{"providers", n.Providers, scope.addProvider},
		{"hosts", n.Hosts, scope.addHost},
		{"aggregates", n.Aggregates, scope.addAggregate},
	} {
		strange := slices.DeleteFunc(slices.Clone(of.names), of.add)
		if len(strange) > 0 {
			unknown = append(unknown, Unknown{of.option, strange})
		}
	}
	scope.addBelow()
	scope.addConsumers()
	return scope, unknown
}

// Holds reports whether the subject is in the scope. What is neither of a provider, of a consumer nor of a host concerns everybody.
func (c *Scope) Holds(subject check.Subject) bool {
	switch subject.Type {
	case check.OfProvider:
		return c.providers[subject.UUID] || c.nodes[subject.UUID]
	case check.OfConsumer, check.OfServer:
		return c.consumers[subject.UUID]
	case check.OfService:
		return subject.UUID == "" || c.hosts[subject.Name]
	default:
		return true
	}
}

// addProvider adds the provider, and the compute node, of that name or UUID: a node may lack the provider.
func (c *Scope) addProvider(name string) bool {
	known := false
	for _, p := range c.s.Providers() {
		if named(name, p.Name, p.UUID) {
			known, c.providers[p.UUID] = true, true
		}
	}
	for _, h := range c.s.Hypervisors() {
		if named(name, h.Name, h.UUID) || c.providers[h.UUID] {
			c.nodes[h.UUID] = true
			known = known || named(name, h.Name, h.UUID)
		}
	}
	return known
}

// addHost adds the compute nodes of a service host and the root providers that bear its name, short or in full: an old
// name's provider is what the host left behind.
func (c *Scope) addHost(host string) bool {
	nodes := c.s.NodesOf(host)
	known := len(nodes) > 0 || c.service(host)
	names := []string{host}
	for _, h := range nodes {
		c.nodes[h.UUID], c.providers[h.UUID] = true, true
		names = append(names, h.Name)
	}
	for _, name := range names {
		for _, root := range c.roots[openstack.ShortName(name)] {
			known, c.providers[root] = true, true
		}
	}
	c.hosts[host] = known
	return known
}

func (c *Scope) service(host string) bool {
	isHost := func(v openstack.ComputeService) bool { return v.Binary == "nova-compute" && v.Host == host }
	return c.s.Parts[snapshot.Services].Read && slices.ContainsFunc(c.s.Services(), isHost)
}

func (c *Scope) addAggregate(name string) bool {
	known := false
	for _, a := range c.s.Aggregates() {
		if !a.Named(name) {
			continue
		}
		known = true
		for _, host := range a.Hosts {
			c.addHost(host)
			c.hosts[host] = true
		}
	}
	return known
}

// addBelow adds what is below the providers in their trees.
func (c *Scope) addBelow() {
	children := map[string][]string{}
	for _, p := range c.s.Providers() {
		children[p.ParentUUID] = append(children[p.ParentUUID], p.UUID)
	}
	var below func(uuid string)
	below = func(uuid string) {
		for _, child := range children[uuid] {
			if !c.providers[child] {
				c.providers[child] = true
				below(child)
			}
		}
	}
	for uuid := range c.providers {
		below(uuid)
	}
}

// addConsumers adds who holds something on the providers, the servers on the hosts, and the moves from and to them.
func (c *Scope) addConsumers() {
	if c.s.Usable(snapshot.Allocations) {
		for _, a := range c.s.AllocationList {
			if c.providers[a.ProviderUUID] {
				c.consumers[a.ConsumerUUID] = true
			}
		}
	}
	if c.s.Usable(snapshot.Servers) {
		for _, v := range c.s.Servers() {
			if node, ok := c.s.NodeOf(v); c.hosts[v.Host] || ok && c.nodes[node.UUID] {
				c.consumers[v.UUID] = true
			}
		}
	}
	if c.s.Usable(snapshot.Migrations) {
		c.addMigrations()
	}
}

func (c *Scope) addMigrations() {
	names := map[string]bool{}
	for _, h := range c.s.Hypervisors() {
		if c.nodes[h.UUID] {
			names[h.Name] = true
		}
	}
	for _, m := range c.s.Migrations() {
		if c.hosts[m.SourceHost] || c.hosts[m.DestHost] || names[m.SourceNode] || names[m.DestNode] || c.consumers[m.ServerUUID] {
			c.consumers[m.UUID] = true
		}
	}
}

func named(asked, name, uuid string) bool {
	return strings.EqualFold(asked, name) || strings.EqualFold(asked, uuid)
}
