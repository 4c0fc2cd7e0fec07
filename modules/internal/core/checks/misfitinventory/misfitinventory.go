// SPDX-License-Identifier: Apache-2.0

// Package misfitinventory finds inventories of compute nodes that flavors do not fit, although there is room (PLC307).
package misfitinventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC307.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC307", Name: "misfit-inventory", Severity: check.Low, Subject: check.OfProvider,
		Title: "Flavors do not fit an inventory of a compute node, although the host has the room.",
		Doc: check.Doc{
			Meaning: "Placement never returns the host for such a flavor, however much is free there. The audit knows the " +
				"flavors of the cloud only from its servers.",
			Causes: "reserved_host_memory_mb or a similar option in MiB where GiB were meant, or left from a larger host; " +
				"max_unit, min_unit or step_size set by hand: nova-compute writes total, 1 and 1.",
			ByHand: "openstack resource provider inventory list PROVIDER      # min_unit, max_unit, step_size, reserved\n" +
				"openstack --os-placement-api-version 1.29 allocation candidate list --resource CLASS=AMOUNT",
			Remedy: "Lower reserved in nova.conf of the host (reserved_host_cpus, reserved_host_memory_mb, " +
				"reserved_host_disk_mb), and restart nova-compute, which writes it back. It also writes max_unit, min_unit and step_size.",
			Never: "Bare metal and VMware; classes other than VCPU, PCPU, MEMORY_MB and DISK_GB; what PLC303 names, such as reserved that " +
				"leaves nothing, and what is over capacity, which PLC301 names; hosts that are too small for every flavor; max_unit below total where the hypervisor is not libvirt's; reserved that leaves less than a tenth where a " +
				"flavor of the cloud fits; flavors that no server has. Anything while a cell does not answer.",
		},
		Needs: []snapshot.Part{snapshot.Providers, snapshot.Usages, snapshot.Inventories, snapshot.Hypervisors},
		Wants: []snapshot.Part{snapshot.Servers},
		Run:   run,
	}
}

func run(p *check.Pass) {
	known := flavors(p)
	for _, h := range p.Snapshot.Hypervisors() {
		provider, there := p.Snapshot.Provider(h.UUID)
		if !there || h.ManyNodes() {
			continue
		}
		var found []misfit
		for _, class := range flavor.Base() {
			i, offers := p.Snapshot.Inventory(h.UUID)[class]
			if offers && p.Snapshot.Usage(h.UUID)[class] <= i.Capacity() { // else it is PLC301's
				found = append(found, misfits(class, i, h, known[class])...)
			}
		}
		if len(found) > 0 {
			report(p, provider, h, found)
		}
	}
}

// flavors returns the amounts that the flavors of servers ask for: class -> amount -> name of a flavor. Nil where it is unknown
// which servers there are.
func flavors(p *check.Pass) map[string]map[int]string {
	if !p.Read(snapshot.Servers) {
		return nil
	}
	known := map[string]map[int]string{}
	for _, server := range p.Snapshot.Servers() {
		for class, amount := range flavor.Expect(server).Amounts {
			if known[class] == nil {
				known[class] = map[int]string{}
			}
			if name, there := known[class][amount]; amount > 0 && (!there || server.Flavor.Name < name) {
				known[class][amount] = server.Flavor.Name
			}
		}
	}
	return known
}

func report(p *check.Pass, provider openstack.Provider, h openstack.Hypervisor, found []misfit) {
	var words, classes []string
	var list []map[string]any
	for _, m := range found {
		words = append(words, m.class+": "+m.text)
		list = append(list, map[string]any{"class": m.class, "field": m.field, "limits": m.inventory, "flavors": m.flavors})
		if m.field == "reserved" && !slices.Contains(classes, m.class) {
			classes = append(classes, m.class)
		}
	}
	who := check.Named(provider.Name, provider.UUID)
	text := fmt.Sprintf("Restart nova-compute on %s: it writes max_unit, min_unit and step_size of resource provider %s", h.ServiceHost, who)
	if len(classes) > 0 {
		text = fmt.Sprintf("Correct what nova.conf of %s reserves on resource provider %s, and restart nova-compute, which writes it: %s",
			h.ServiceHost, who, check.NovaConfOf("reserved", classes...))
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) of host %s has room that flavors can't use: %s",
			provider.Name, provider.UUID, h.ServiceHost, strings.Join(words, "; ")),
		Evidence: map[string]any{"generation": provider.Generation, "host": h.ServiceHost, "misfits": list},
		Remedy:   check.Remedy{Text: text, Command: foreign.Command("openstack resource provider inventory list %s", provider.UUID)},
	})
}
