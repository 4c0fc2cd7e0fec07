// SPDX-License-Identifier: Apache-2.0

package unitviolation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// serverOf returns the server that a consumer is, as far as servers were read.
func serverOf(s *snapshot.Snapshot, consumer string) (openstack.Server, bool) {
	if !s.Has(snapshot.Servers) {
		return openstack.Server{}, false
	}
	return s.Server(consumer)
}

// metal returns the name of the bare-metal node that all of the violations are of; empty if they are of anything else.
func metal(s *snapshot.Snapshot, found []violation) string {
	if !s.Has(snapshot.Hypervisors) {
		return ""
	}
	node, ok := s.Hypervisor(found[0].provider)
	if !ok || node.Type != "ironic" || len(providers(found)) > 1 {
		return ""
	}
	return node.Name
}

// ofMetal is the remedy for what a bare-metal node does not allow. nova-compute writes its inventory from the node in Ironic: one of
// the class that the node's resource class stands for.
func ofMetal(s *snapshot.Snapshot, who string, found []violation, lost []string) check.Remedy {
	name := metal(s, found)
	if len(lost) > 0 {
		return check.Remedy{
			Text: fmt.Sprintf("Compare the resource class of node %s in Ironic with %s, which %s holds, and set it back if it was changed by "+
				"mistake: nova-compute writes the inventory of a node from it within a few minutes. If the node got another class for "+
				"good, delete the server before it is used", name, found[0].class, who),
			Command: foreign.Command("openstack baremetal node show %s --fields resource_class", name),
		}
	}
	return check.Remedy{Text: fmt.Sprintf("Restart the nova-compute of bare-metal node %s: it writes an inventory of 1 in units of 1. On such a "+
		"node %s has to hold 1: write its allocation again with that amount", name, who)}
}

// gone reports whether a consumer is known to be neither a server nor a migration.
func gone(s *snapshot.Snapshot, consumer string) bool {
	if !s.Has(snapshot.Servers) || !s.Has(snapshot.Migrations) {
		return false
	}
	_, server := s.Server(consumer)
	_, migration := s.Migration(consumer)
	return !server && !migration
}

// remedy says what to do about all that an inventory does not allow a consumer. movable is true of a server that Nova can
// migrate: only such a one can be moved to another provider.
func remedy(s *snapshot.Snapshot, consumer string, found []violation, movable bool) check.Remedy {
	server, _ := serverOf(s, consumer)
	who, move := check.Named(server.Name, consumer), ""
	if movable {
		move = ", or cold-migrate the server"
	}
	var lost []string
	for _, v := range found {
		if v.inventory == nil {
			provider, _ := s.Provider(v.provider)
			lost = append(lost, fmt.Sprintf("%s of resource provider %s", v.class, check.Named(provider.Name, v.provider)))
		}
	}
	switch {
	case gone(s, consumer):
		return check.Remedy{Text: "Find out whose consumer " + consumer + " is: it is neither a server nor a migration. If it belongs to no " +
			"other service, do what PLC101 says, and nothing has to be written again"}
	case metal(s, found) != "":
		return ofMetal(s, who, found, lost)
	case len(lost) > 0:
		return check.Remedy{Text: "Bring back the inventory of " + strings.Join(lost, " and ") + ", large enough for what is held. " +
			"nova-compute writes that of its own provider when it is restarted, if the host still has the resource. If the host no longer has it, take " +
			"that part of the allocation away from " + who}
	}
	return check.Remedy{
		Text:    fmt.Sprintf("Make the units of resource provider %s fit what %s holds%s", places(s, found), who, move),
		Command: amend(found),
	}
}

// places names the providers of violations, each once.
func places(s *snapshot.Snapshot, found []violation) string {
	var all []openstack.Allocation
	for _, uuid := range providers(found) {
		all = append(all, openstack.Allocation{ProviderUUID: uuid})
	}
	return check.Places(s, all)
}

func providers(found []violation) []string {
	var uuids []string
	for _, v := range found {
		if !slices.Contains(uuids, v.provider) {
			uuids = append(uuids, v.provider)
		}
	}
	return uuids
}

// amend is the command that makes the units fit; empty if several providers need one each.
func amend(found []violation) string {
	command := foreign.Command("openstack resource provider inventory set --amend")
	for _, v := range found {
		for _, unit := range v.fitting() {
			command += foreign.Command(" --resource=%s", v.class+":"+unit)
		}
	}
	if len(providers(found)) > 1 {
		return ""
	}
	return command + foreign.Command(" %s", found[0].provider)
}

// fitting lists the units, with values, that allow the amount.
func (v violation) fitting() []string {
	var units []string
	if v.amount < v.inventory.MinUnit {
		units = append(units, fmt.Sprintf("min_unit=%d", v.amount))
	}
	if v.amount > v.inventory.MaxUnit {
		units = append(units, fmt.Sprintf("max_unit=%d", v.amount))
	}
	if v.amount%max(v.inventory.StepSize, 1) != 0 {
		units = append(units, "step_size=1")
	}
	return units
}
