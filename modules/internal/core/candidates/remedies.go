// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// custom is how the names of traits and resource classes begin that operators make. The services that own resource providers
// report the others.
const custom = "CUSTOM_"

// disabled says why Nova's scheduler never uses the host of a root. Nova keeps neither who disabled a service nor since when:
// its services have a reason alone, and the time of their last report (nova/objects/service.py, releases 26 to 33).
func (j *Judge) disabled(root *Provider) Reason {
	service, known := j.Services[root.UUID]
	text, help := root.label()+" is disabled (it has the trait "+Disabled+")", "Enable the compute service of "+root.label()
	switch reason := foreign.Line(service.DisabledReason); {
	case !known:
	case service.Status == openstack.Unknown:
		help = "Start the database of the cell of " + foreign.Line(service.Host) + ": without it Nova does not tell whether the service is disabled"
	case service.Status != "disabled":
		text = root.label() + " has the trait " + Disabled + ", though its compute service is " + foreign.Line(service.Status)
		help = "Restart nova-compute on " + foreign.Line(service.Host) + ": it corrects the trait when it starts (PLC208)"
	case strings.HasPrefix(reason, "AUTO:"):
		text = root.label() + " is disabled by nova-compute itself (" + reason + ")"
		help = "Mend what nova-compute on " + foreign.Line(service.Host) + " reports: it enables the service again"
	default:
		text = root.label() + " is disabled (nova-compute on " + foreign.Line(service.Host) + " is disabled"
		if reason != "" {
			text += ": " + reason
		}
		text += ")"
		help += ". Nova does not keep who disabled it and since when: look for PUT /os-services in the log of nova-api"
	}
	r := about(KindDisabled, stageEnabled, root, text, help)
	r.Traits = []string{Disabled}
	return r
}

// giveTrait says how a provider gets one of the traits.
func giveTrait(p *Provider, list []string) string {
	own := slices.DeleteFunc(slices.Clone(list), func(t string) bool { return !strings.HasPrefix(t, custom) })
	if len(own) == 0 {
		return fmt.Sprintf("Ask without %s: the service that owns a resource provider reports it where it is true", strings.Join(list, " or "))
	}
	return fmt.Sprintf("Add the trait %s to %s with placement_trait, if it is true of it", strings.Join(own, " or "), p.label())
}

// takeTrait says how a provider loses a trait.
func takeTrait(p *Provider, trait string) string {
	if trait == Disabled {
		return "Enable the compute service of " + p.label()
	}
	if !strings.HasPrefix(trait, custom) {
		return "Ask without forbidding " + trait + ": the service that owns a resource provider reports it where it is true"
	}
	return fmt.Sprintf("Remove the trait %s from %s with placement_trait, if it is no longer true of it", trait, p.label())
}

// giveClass says how a provider gets an inventory.
func giveClass(p *Provider, class string) string {
	if !strings.HasPrefix(class, custom) {
		return "Ask without " + class + ", or set up a host that offers it"
	}
	return fmt.Sprintf("Add an inventory of %s to %s with placement_inventory, or ask without it", class, p.label())
}

// join says how a provider gets into one of the aggregates; nothing where Nova refuses that, as a host can be in one zone only.
func (j *Judge) join(p *Provider, list []string) string {
	host := j.Services[p.UUID].Host
	for _, uuid := range list {
		a, known := j.Aggregates[uuid]
		switch {
		case !known || p.UUID != p.RootUUID:
		case slices.Contains(a.Hosts, host):
			return fmt.Sprintf("Add %s to the aggregate %s with placement_aggregate, as Nova has it in there (PLC401)", p.label(), uuid)
		case a.Zone() != "" && j.zoned(host, a.Zone()):
			return ""
		default:
			return "Add " + p.label() + " to the host aggregate " + foreign.Line(a.Name)
		}
	}
	return fmt.Sprintf("Add %s to the aggregate %s with placement_aggregate", p.label(), list[0])
}

// zoned reports whether a host is in another availability zone.
func (j *Judge) zoned(host, zone string) bool {
	for _, a := range j.Aggregates {
		if a.Zone() != "" && a.Zone() != zone && slices.Contains(a.Hosts, host) {
			return true
		}
	}
	return false
}

// leave says how a provider gets out of the aggregates.
func (j *Judge) leave(p *Provider, list []string) string {
	return fmt.Sprintf("Remove %s from the aggregate %s, or ask without keeping out of it", p.label(), j.aggregates(list))
}
