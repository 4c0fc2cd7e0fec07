// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Facts is what a plan rests on.
type Facts struct {
	Snapshot *snapshot.Snapshot // as the second look saw it
	Findings []check.Finding
	// Flapping are the findings about providers that another client keeps writing; an earlier audit may have made them.
	Flapping []check.Finding
	// Providers has all of each provider that Wanted names and that exists; Consumers each consumer.
	Providers map[string]repair.Provider
	Consumers map[string]repair.Consumer
}

// Checks lists the ids of the checks whose findings a plan can heal.
func Checks() []string {
	return []string{
		"PLC101", "PLC102", "PLC103", "PLC104", "PLC105", "PLC106", "PLC107", "PLC108", "PLC109",
		"PLC201", "PLC202", "PLC203", "PLC204", "PLC206", "PLC208", "PLC401", "PLC402",
	}
}

// Witnesses lists the ids of the checks whose findings forbid a step: a cell that is down, what is stuck, and
// servers that Nova does not find.
func Witnesses() []string { return append([]string{"PLC501"}, check.First()...) }

// Parts are what has to be read, beyond what the checks need, to make a plan.
func Parts() []snapshot.Part {
	return snapshot.ForComputeRoots(snapshot.Usages, snapshot.Allocations, snapshot.Servers, snapshot.Migrations, snapshot.Services)
}

// Wanted names the providers and consumers that have to be read as a whole to make a plan of the findings.
func Wanted(s *snapshot.Snapshot, findings []check.Finding) (providers, consumers []string) {
	w := wanted{s: s}
	for _, f := range findings {
		switch f.Subject.Type {
		case check.OfProvider:
			w.tree(f.Subject.UUID)
		case check.OfConsumer, check.OfServer:
			w.consumer(f.Subject.UUID)
		case check.OfCell, check.OfService:
		}
	}
	return sortedSet(w.providers), sortedSet(w.consumers)
}

type wanted struct {
	s                    *snapshot.Snapshot
	providers, consumers []string
}

// consumer wants a consumer, and the server that a migration is of, with the host of each.
func (w *wanted) consumer(uuid string) {
	w.consumers = append(w.consumers, uuid)
	if m, ok := w.s.Migration(uuid); ok {
		w.consumers = append(w.consumers, m.ServerUUID)
		uuid = m.ServerUUID
	}
	server, ok := w.s.Server(uuid)
	if !ok {
		return
	}
	if node, ok := w.s.NodeOf(server); ok {
		w.providers = append(w.providers, node.UUID)
	}
	for _, m := range w.s.MigrationsOf(uuid) {
		if len(w.s.Held(m.UUID)) > 0 {
			w.consumers = append(w.consumers, m.UUID)
		}
	}
}

// tree wants a provider, and where no compute node stands behind it, all of its tree with who holds something there.
func (w *wanted) tree(uuid string) {
	root, ok := w.s.Root(uuid)
	if !ok {
		return
	}
	if _, live := w.s.Hypervisor(root.UUID); live {
		w.providers = append(w.providers, uuid)
		return
	}
	for _, p := range w.s.Tree(root.UUID) {
		w.providers = append(w.providers, p.UUID)
		for _, a := range w.s.HeldOn(p.UUID) {
			w.consumer(a.ConsumerUUID)
		}
	}
}

func sortedSet(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// node is the compute node of a server.
func (f *Facts) node(server openstack.Server) (openstack.Hypervisor, bool) {
	return f.Snapshot.NodeOf(server)
}
