// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
)

// operation is what a client was doing when it was refused, by what it says.
type operation struct {
	says, method, route string
}

// operations of Nova (nova/scheduler/client/report.py, of Rocky to 2025.2), of those who took over its client (Cyborg, Blazar,
// Zun) and of the one in neutron-lib, of which the log has the call.
func operations() []operation {
	return []operation{
		{"Failed to create resource provider record", "POST", catalogue.Providers},
		{"Failed to update inventory", "PUT", catalogue.Inventories},
		{"Failed to update traits", "PUT", catalogue.ProviderTags},
		{"Failed to update aggregates", "PUT", catalogue.Aggregates},
		{"Failed to delete resource provider", "DELETE", catalogue.Provider},
		{"Failed to delete inventory", "DELETE", catalogue.Inventories},
		{"Failed to save allocation for", "PUT", catalogue.Allocation},
		{"Unable to submit allocation for instance", "PUT", catalogue.Allocation},
		{"Unable to post allocations for consumer", "POST", catalogue.Allocations},
		{"Failed to move allocations from consumer", "POST", catalogue.Allocations},
		{"Unable to delete allocation for", "PUT", catalogue.Allocation},
		{"attempting to reshape", "POST", catalogue.Reshaper},
		{"inventory and allocation data migration failed", "POST", catalogue.Reshaper},
		{"Unable to delete compute service", "DELETE", catalogue.NovaService},
		{"Failed to delete trait", "DELETE", catalogue.Trait},
		{"Failed to delete resource class", "DELETE", catalogue.Class},
		{"Failed to create resource class", "POST", catalogue.Classes},
		{"delete_resource_provider_inventories(", "DELETE", catalogue.Inventories},
		{"delete_resource_provider_traits(", "DELETE", catalogue.ProviderTags},
		{"delete_resource_provider(", "DELETE", catalogue.Provider},
		{"update_resource_provider_inventories(", "PUT", catalogue.Inventories},
		{"update_resource_provider_traits(", "PUT", catalogue.ProviderTags},
		{"update_resource_provider(", "PUT", catalogue.Provider},
		{"create_resource_provider(", "POST", catalogue.Providers},
		{"ensure_resource_provider(", "POST", catalogue.Providers},
		{"associate_aggregates(", "PUT", catalogue.Aggregates},
		{"update_qos_allocation(", "PUT", catalogue.Allocation},
		{"update_allocation(", "PUT", catalogue.Allocation},
		{"delete_resource_class(", "DELETE", catalogue.Class},
		{"delete_trait(", "DELETE", catalogue.Trait},
	}
}

var (
	named = regexp.MustCompile(`(?:trait|class|for) ([A-Z][A-Z0-9_]+)|\('([A-Z][A-Z0-9_]+)'`)
	// providerNamed is the name of a provider in the call that creates it, as neutron-lib logs it.
	providerNamed = regexp.MustCompile(`['"]name['"]: ['"]([^'"]+)['"]`)
	address       = regexp.MustCompile(`(?:\b(PUT|POST|DELETE) )?(?:call to placement for )?https?://[^\s,]*?(/(?:resource_providers|allocations|traits|resource_classes|reshaper)\b[^\s,"')]*)`)
)

// readOperation tells what was requested from what the client says that it was doing, or from the URL.
func (e *Event) readOperation(before, text string) {
	for _, o := range operations() {
		at := strings.Index(before, o.says)
		if at < 0 {
			continue
		}
		rest, name := before[at+len(o.says):], ""
		e.UUID = catalogue.UUIDPattern.FindString(rest)
		if m := named.FindStringSubmatch(before[at:]); m != nil {
			name = first(m[1], m[2])
		}
		if m := providerNamed.FindStringSubmatch(rest); m != nil && o.route == catalogue.Providers {
			e.Name = m[1]
		}
		e.asks(o.method, strings.NewReplacer("{uuid}", e.UUID, "{consumer}", e.UUID, "{id}", "", "{name}", name).Replace(o.route))
		return
	}
	e.UUID = catalogue.UUIDPattern.FindString(before)
	if m := address.FindStringSubmatch(text); m != nil {
		e.asks(m[1], m[2])
		e.UUID = first(e.UUID, catalogue.UUIDPattern.FindString(m[2]))
	}
}

// saysUsed is what keystoneauth says at DEBUG after the answer of a request: "PUT call to placement for URL used request id req-…".
const saysUsed = " used request id req-"

var sentTo = regexp.MustCompile(`^(PUT|POST|DELETE) call to placement for (\S+) used request id (req-[0-9a-f-]+)`)

// sent reads that.
func (e Event) sent(text string) (Event, Outcome) {
	m := sentTo.FindStringSubmatch(text)
	if m == nil {
		return Event{}, Other
	}
	if e.asks(m[1], withoutHost(m[2])); e.Place.Route == "" {
		return Event{}, Other
	}
	e.What, e.RequestID, e.UUID = Sent, m[3], catalogue.UUIDPattern.FindString(m[2])
	return e, Found
}

// What neutron-lib makes of a refusal (neutron_lib/exceptions/placement.py, neutron_lib/exceptions/qos.py). It takes any
// answer of that request for the one that it names, so it tells the request only.
const (
	saysQoS     = "Updating placement allocation with "
	saysChanged = "Resource allocation has been changed for consumer "
	saysStale   = "Placement resource provider generation does not match"
	saysClass   = "Placement inventory update conflict for resource provider "
)

// said reads such words. It reports whether the text is of them.
func (e *Event) said(text string) bool {
	says, method, route := "", "PUT", catalogue.Allocation
	at := -1
	for _, words := range []string{saysQoS, saysChanged, saysStale, saysClass} {
		if at = strings.Index(text, words); at >= 0 {
			says = words
			break
		}
	}
	if at < 0 {
		return false
	}
	rest := text[at+len(says):]
	switch says {
	case saysQoS:
		if !strings.Contains(rest, "would exceed the capacity") {
			return false
		}
		_, rest, _ = strings.Cut(rest, "for consumer ")
	case saysStale, saysClass:
		route = catalogue.Inventories
	}
	e.What, e.Status, e.Said = Reported, 409, text[at:]
	if e.UUID = catalogue.UUIDPattern.FindString(rest); e.UUID == "" {
		e.readOperation(text[:at], "") // the call stands before what was raised
	}
	e.asks(method, strings.NewReplacer("{uuid}", e.UUID, "{consumer}", e.UUID).Replace(route))
	return true
}

// What nova-compute says of allocations that it finds against its host, and why it does not start.
const (
	saysMoved  = "allocations remaining against the source host"
	saysOther  = "allocations referencing this compute host"
	saysNone   = "allocations against this compute host"
	saysNodes  = "manual node uuid configuration required"
	saysTwice  = "uplicate compute node record found for host"
	saysRecord = "duplicate record for compute node"
	// saysIdentity is in the reasons that lie in the file compute_id.
	saysIdentity = "node identity configuration"
	saysOrphan   = ": ValueError: No such provider "
)
