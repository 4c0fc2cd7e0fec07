// SPDX-License-Identifier: Apache-2.0

package catalogue

func onAllocations() []Request {
	return []Request{{"PUT", Allocation}, {"POST", Allocations}}
}

const (
	fourTries = "Nova's scheduler, conductor and computes: 4 tries with random pauses of up to 0, 2, 4 and 6 seconds."
	nextHost  = "No client sends it again. The scheduler claims on the next host; when all are tried it says NoValidHost."
)

func ofAllocations() []Entry {
	return []Entry{
		{
			Name: "over-capacity", On: onAllocations(), Status: 409, Code: undefinedCode, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Unable to allocate inventory: Unable to create allocation for '<class>' on resource provider '<uuid>'. The requested amount would exceed the capacity."},
			Retried: nextHost,
			Meaning: "The resource provider has less room than was asked for. Often several servers claim a host that has just become full. That is harmless if the consumer got a place elsewhere. Before Placement 14.0.0 a provider that is over its capacity refuses every write, even smaller amounts and moves away from it.",
			Remedy:  "If the same provider refuses again and again, look for leftover allocations on it (placement_audit: PLC101 to PLC104), and raise a capacity that is below the usage (PLC301).",
		},
		{
			Name: "unit-violation", On: onAllocations(), Status: 409, Code: undefinedCode, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Unable to allocate inventory: Unable to create allocation for '<class>' on resource provider '<uuid>'. The requested amount would violate inventory constraints."},
			Retried: nextHost,
			Meaning: "The amount is below min_unit, above max_unit or not a multiple of step_size of that inventory.",
			Remedy:  "Correct the units of the inventory (placement_inventory), or the flavor. placement_audit finds consumers that hold such amounts already (PLC110).",
		},
		{
			Name: "no-inventory", On: onAllocations(), Status: 409, Code: undefinedCode, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Unable to allocate inventory: Inventory for '<class>' on resource provider '<uuid>' invalid."},
			Retried: nextHost,
			Meaning: "The resource provider has no inventory of that class: it was taken away, or nova-compute has not reported it yet.",
			Remedy:  "Restart the nova-compute that owns the provider, or give it the inventory again (placement_inventory). placement_audit names providers without inventory (PLC207).",
		},
		{
			Name: "allocation-race", On: onAllocations(), Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfConsumer,
			Texts:   []string{"Inventory and/or allocations changed while attempting to allocate: " + Race},
			Older:   []string{"Unable to allocate inventory: " + Race},
			Retried: "Placement itself, 10 times ([placement]allocation_conflict_retry_count), then " + fourTries,
			Meaning: "Many clients write allocations of one resource provider at the same time. Placement's log says 'Exceeded retry limit' when its own tries were not enough.",
			Remedy:  "Do nothing if it passes. If it is frequent, raise allocation_conflict_retry_count, or spread the claims that hit one provider (a sharing provider, a huge host, many schedulers with the same first candidate: [filter_scheduler]host_subset_size).",
		},
	}
}

func ofConsumers() []Entry {
	return []Entry{
		{
			Name: "consumer-race", On: onAllocations(), Status: 409, Code: ConcurrentUpdate, Kind: Reread, About: OfConsumer,
			Texts:   []string{"Inventory and/or allocations changed while attempting to allocate: Another thread concurrently updated the data. Please retry your update"},
			Retried: fourTries,
			Meaning: "Two writers changed the allocations of one consumer at the same moment.",
			Remedy:  "Read the consumer again and decide anew what it should hold. If it repeats, two services act on one server: look for a move that is stuck (placement_audit: PLC502).",
		},
		{
			Name: "ghost-consumer", On: onAllocations(), Status: 409, Code: ConcurrentUpdate, Kind: Persistent, About: OfConsumer, Lookalike: true,
			Texts:   []string{"consumer generation conflict - expected 0 but got None", "consumer generation conflict - expected 0 but got null"},
			Retried: nobody,
			Meaning: "The consumer has a record but holds nothing: an earlier write failed half way. Reading the consumer does not show the record, and a client that writes it as a new one is always refused. Or another client has just created the consumer.",
			Remedy:  "Write the allocation with consumer_generation 0 (placement_allocation does). nova-manage placement heal_allocations can't: delete the server, or write its allocation by hand with that generation.",
		},
		{
			Name: "consumer-unknown", On: onAllocations(), Status: 409, Code: ConcurrentUpdate, Kind: Reread, About: OfConsumer,
			Texts:   []string{"consumer generation conflict - expected null but got <given>"},
			Retried: "No client: Nova gives up immediately with AllocationUpdateFailed or AllocationMoveFailed.",
			Meaning: "The consumer no longer holds anything, but the request treated it as one that does.",
			Remedy:  "Accept that the consumer is gone, or write it as new, with consumer_generation null. A running server without allocations is PLC105 of placement_audit; nova-manage placement heal_allocations writes its allocation again.",
		},
		{
			Name: "consumer-generation", On: onAllocations(), Status: 409, Code: ConcurrentUpdate, Kind: Reread, About: OfConsumer,
			Texts:   []string{"consumer generation conflict - expected <wanted> but got <given>"},
			Retried: "No client: Nova gives up immediately with AllocationUpdateFailed or AllocationMoveFailed.",
			Meaning: "The consumer was written by another client since it was read: two operations on one server, or a tool beside Nova.",
			Remedy:  "Read the consumer again and decide anew. A migration that failed like this may leave allocations on both hosts: placement_audit (PLC102, PLC103).",
		},
	}
}

func ofReshapes() []Entry {
	on := []Request{{"POST", Reshaper}}
	tracker := "nova-compute: 4 tries without a pause, then again at its next periodic task."
	return []Entry{
		{
			Name: "reshape-generation", On: on, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"resource provider generation conflict for provider <uuid>: actual: <actual>, given: <given>"},
			Retried: tracker,
			Meaning: "A resource provider of the tree was written by another client since it was read.",
			Remedy:  rereadSend,
		},
		{
			Name: "reshape-race", On: on, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"update conflict: " + Race},
			Retried: tracker,
			Meaning: "A resource provider of the tree was written by another client at the same moment.",
			Remedy:  rereadSend,
		},
		{
			Name: "reshape-in-use", On: on, Status: 409, Code: inventoryInUse, Kind: Persistent, About: OfProvider,
			Texts:   []string{"update conflict: Inventory for '<classes>' on resource provider '<uuid>' in use."},
			Retried: nobody,
			Meaning: "The reshape removes a class that still has allocations, which it does not move: those of consumers that nova-compute does not know.",
			Remedy:  "Find who holds it: placement_audit (PLC101 to PLC104). Free that, then restart nova-compute.",
		},
		{
			Name: "reshape-refused", On: on, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfProvider,
			Texts: []string{
				"Unable to allocate inventory: Unable to create allocation for '<class>' on resource provider '<uuid>'. The requested amount would exceed the capacity.",
				"Unable to allocate inventory: Unable to create allocation for '<class>' on resource provider '<uuid>'. The requested amount would violate inventory constraints.",
				"Unable to allocate inventory: Inventory for '<class>' on resource provider '<uuid>' invalid.",
			},
			Retried: nobody,
			Meaning: "The new shape has no room for what moves there.",
			Remedy:  "Correct what the compute offers (its configuration of devices, reserved amounts and ratios), then restart nova-compute.",
		},
		{
			Name: "reshape-consumer", On: on, Status: 409, Code: ConcurrentUpdate, Kind: Reread, About: OfConsumer,
			Texts: []string{
				"consumer generation conflict - expected null but got <given>",
				"consumer generation conflict - expected <wanted> but got <given>",
			},
			Retried: nobody,
			Meaning: "A consumer that the reshape moves was written by another client since it was read.",
			Remedy:  "Restart nova-compute while no server of the host has a task or a move under way.",
		},
	}
}
