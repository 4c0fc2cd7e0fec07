// SPDX-License-Identifier: Apache-2.0

// Package catalogue lists every conflict that Placement answers with, and tells from a method, a path, a status and a text
// which one an answer is. The clients decide by it whether to try again.
package catalogue

// Kind says what helps against a conflict.
type Kind string

// The kinds of conflicts.
const (
	// Transient ones pass: read again, judge again, send again.
	Transient Kind = "transient"
	// Reread ones need a look at the consumer before anything is sent again: what was to be written may be wrong now.
	Reread Kind = "re-read"
	// Persistent ones stay until something else changes.
	Persistent Kind = "persistent"
	// Unknown is what can't be told from what was logged.
	Unknown Kind = "unknown"
)

// The routes of Placement's API that answer with conflicts, and the one of Nova's that does when a host is removed.
const (
	Providers    = "/resource_providers"
	Provider     = "/resource_providers/{uuid}"
	Inventories  = "/resource_providers/{uuid}/inventories"
	Inventory    = "/resource_providers/{uuid}/inventories/{class}"
	ProviderTags = "/resource_providers/{uuid}/traits"
	Aggregates   = "/resource_providers/{uuid}/aggregates"
	Allocations  = "/allocations"
	Allocation   = "/allocations/{consumer}"
	Reshaper     = "/reshaper"
	Classes      = "/resource_classes"
	Class        = "/resource_classes/{name}"
	Trait        = "/traits/{name}"
	NovaService  = "/os-services/{id}"
)

// Request is a method on a route.
type Request struct {
	Method, Route string
}

// Thing is the kind of thing that a conflict is about.
type Thing string

// What conflicts are about.
const (
	OfProvider Thing = "provider"
	OfConsumer Thing = "consumer"
	OfName     Thing = "provider name"
	OfClass    Thing = "resource class"
	OfTrait    Thing = "trait"
	OfHost     Thing = "host"
)

// The error codes that Placement sends from microversion 1.23 on (placement/errors.py).
const (
	ConcurrentUpdate = "placement.concurrent_update"
	undefinedCode    = "placement.undefined_code"
	inventoryInUse   = "placement.inventory.inuse"
	duplicateName    = "placement.duplicate_name"
	providerInUse    = "placement.resource_provider.inuse"
	hasChildren      = "placement.resource_provider.cannot_delete_parent"
)

// Entry is one way in which a write is refused. Texts and codes are those of Placement 8.0.0 (Zed) and 16.0.0, read in its
// handlers and objects and provoked on both, but for those of NotProvoked.
type Entry struct {
	Name string
	On   []Request
	// Status is the HTTP status, 0 where there is no answer to tell it by.
	Status int
	Code   string
	// Texts are the details of the answer, without the sentence that all begin with. <word> stands for what differs.
	Texts []string
	// Older are texts of earlier releases, or that guides quote so.
	Older []string
	Kind  Kind
	About Thing
	// Harmless ones need nobody to act although they stay: what was wanted is there already.
	Harmless bool
	// Lookalike ones are no 409 of Placement's, or no refusal at all, but belong to the same troubles.
	Lookalike bool
	// Retried says which service tries again, and how often.
	Retried string
	Meaning string
	Remedy  string
	// RemedyOf is the remedy for a refusal of one kind of client, by the first part of the service's name.
	RemedyOf map[string]string
}

// NovaCompute is the one service of Nova that has remedies of its own.
const NovaCompute = "nova-compute"

// All lists all entries. Where several fit, the first is meant.
func All() []Entry {
	var all []Entry
	for _, part := range [][]Entry{
		ofAllocations(), ofConsumers(), ofInventories(), ofInventoryPosts(), ofInventoryDeletes(), ofProviders(), ofProviderParts(), ofReshapes(), ofNames(),
		uncaught(), lookalikes(), ofHosts(), ofComputes(),
	} {
		all = append(all, part...)
	}
	return all
}

const (
	// Race is what Placement answers when it gave up to update a generation.
	Race = "Another thread concurrently updated the resource provider data. Please retry your update"
	// InUse is the exception that clients raise when an inventory is in use. A log may have no more than its name.
	InUse      = "InventoryInUse"
	rereadSend = "Do nothing if a service retries. In a client of your own, read the provider and its usages again, judge again, and send again after a random pause."
	nobody     = "No client."
)
