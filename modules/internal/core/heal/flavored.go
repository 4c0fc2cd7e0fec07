// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// flavored is what a server should hold by its flavor, where that is certain: all on the provider of its host. Why not is said
// where it is not. What it holds otherwise may not be lost: held is that, nil if it does not matter.
func (p *planner) flavored(server openstack.Server, node openstack.Hypervisor, held repair.Held) (repair.Held, string) {
	expected := flavor.Expect(server)
	if why := uncertain(p.Facts, server, expected); why != "" {
		return nil, "what the server should hold is not certain: " + why
	}
	amounts := maps.Clone(expected.Amounts)
	maps.DeleteFunc(amounts, func(_ string, n int) bool { return n == 0 })
	provider, there := p.Providers[node.UUID]
	switch {
	case !there && p.comes(node.UUID) && amounts["PCPU"] == 0:
		return repair.Held{node.UUID: amounts}, ""
	case !there:
		return nil, p.lacks(node)
	}
	for _, class := range sortedKeys(amounts) {
		if _, offered := provider.Inventories[class]; !offered {
			return nil, fmt.Sprintf("what the server should hold is not certain: resource provider %s does not offer %s, another one gives it",
				p.called(node.UUID), class)
		}
	}
	if _, pcpu := provider.Inventories["PCPU"]; pcpu && len(expected.AnyCPUs) > 0 {
		return nil, "what the server should hold is not certain: its image may ask for dedicated CPUs, which its host has"
	}
	for uuid, classes := range held {
		for class := range classes {
			if _, told := amounts[class]; !told && uuid != node.UUID {
				return nil, fmt.Sprintf("it also holds %s of %s, which its flavor does not mention", class, p.called(uuid))
			}
		}
	}
	return repair.Held{node.UUID: amounts}, ""
}

// comes reports whether a nova-compute will make the provider because of a step before.
func (p *planner) comes(uuid string) bool {
	return slices.ContainsFunc(p.drafts, func(d *draft) bool { return d.makes == uuid })
}

// lacks says that a compute node has no resource provider: none that the audit saw, or none any more.
func (p *planner) lacks(node openstack.Hypervisor) string {
	if _, seen := p.Snapshot.Provider(node.UUID); seen {
		return fmt.Sprintf("the resource provider of its host %s is not there any more: audit again", node.Name)
	}
	return fmt.Sprintf("its host %s has no resource provider yet (PLC205)", node.Name)
}

// uncertain says why a flavor does not tell all that a server should hold; empty if it does.
func uncertain(f *Facts, server openstack.Server, expected flavor.Expected) string {
	node, _ := f.node(server)
	switch why := flavor.Unhealable(server.Flavor); {
	case why != "":
		return "its flavor asks for more than the provider of its host gives; " + why
	case len(expected.Unknown) > 0:
		return strings.Join(expected.Unknown, ", ")
	case expected.Nothing():
		return "its flavor asks for nothing"
	case check.BareMetal(f.Snapshot, server):
		return "it is bare metal"
	}
	for _, child := range f.Snapshot.Tree(node.UUID) {
		if child.UUID != node.UUID && len(f.Snapshot.Capacity(child.UUID)) > 0 {
			return fmt.Sprintf("its host has the nested resource provider %s (%s), which may give part of it", child.Name, child.UUID)
		}
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
