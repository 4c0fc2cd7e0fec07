// SPDX-License-Identifier: Apache-2.0

package catalogue

// uncaught are lost races that Placement answers as a fault of its own.
func uncaught() []Entry {
	return []Entry{
		{
			Name: "trait-race", On: []Request{{"PUT", ProviderTags}}, Status: 500, Code: undefinedCode, Kind: Transient, About: OfProvider, Lookalike: true,
			Texts:   []string{Race},
			Retried: nobody,
			Meaning: "A lost race that Placement does not catch (placement/handlers/trait.py): it answers 500 instead of 409.",
			Remedy:  rereadSend,
		},
		{
			Name: "deadlock", On: []Request{{"PUT", Inventories}, {"PUT", ProviderTags}},
			Status: 500, Code: undefinedCode, Kind: Transient, About: OfProvider, Lookalike: true,
			Texts:   []string{"<error> (1213, 'Deadlock found when trying to get lock; try restarting transaction') <error>"},
			Retried: nobody,
			Meaning: "Two writers of one resource provider locked rows in different order, and the database (MariaDB, MySQL) rolled this one back. Placement answers 500.",
			Remedy:  rereadSend,
		},
	}
}

// lookalikes are troubles of the same origin that come with another status, or with no refusal at all.
func lookalikes() []Entry {
	return []Entry{
		{
			Name: "provider-vanished", On: onAllocations(), Status: 400, Code: undefinedCode, Kind: Persistent, About: OfProvider, Lookalike: true,
			Texts:   []string{"Allocation for resource provider '<uuid>' that does not exist."},
			Retried: nobody,
			Meaning: "The resource provider was deleted meanwhile. The consumer, if it was new, is left as a ghost that holds nothing.",
			Remedy:  "Claim again, for a ghost with consumer_generation 0.",
		},
		{
			Name: "consumer-type-unknown", On: onAllocations(), Status: 400, Code: undefinedCode, Kind: Persistent, About: OfConsumer, Lookalike: true,
			Texts:   []string{"JSON does not validate: 'unknown' does not match '^[A-Z0-9_]+$'<rest>"},
			Retried: nobody,
			Meaning: "What was read at microversion 1.38 or later was written back: Nova's consumers have no type, which reads as unknown and can't be written.",
			Remedy:  "Read and write at 1.28 to 1.37, which keep the type.",
		},
		{
			Name: "reparent-refused", On: []Request{{"PUT", Provider}}, Status: 400, Code: undefinedCode, Kind: Persistent, About: OfProvider, Lookalike: true,
			Texts: []string{
				"Unable to save resource provider <uuid>: Object action update failed because: re-parenting a provider is not currently allowed.",
			},
			Retried: nobody, Meaning: "A resource provider gets another parent only from microversion 1.37 on.", Remedy: "Send the request at microversion 1.37 or later.",
		},
		{
			Name: "reserved-too-large", On: []Request{{"PUT", Inventories}, {"PUT", Inventory}, {"POST", Inventories}},
			Status: 400, Code: undefinedCode, Kind: Persistent, About: OfProvider, Lookalike: true,
			Texts: []string{
				"Unable to update inventory for resource provider <uuid>: Invalid inventory for '<class>' on resource provider '<uuid>'. The reserved value is greater than <limit>.",
				"Unable to create inventory for resource provider <uuid>: Invalid inventory for '<class>' on resource provider '<uuid>'. The reserved value is greater than <limit>.",
			},
			Retried: "nova-compute sends it again in every periodic task.",
			Meaning: "More is reserved than there is; before microversion 1.26 also when all of it is.",
			Remedy:  "Correct reserved_host_cpus, reserved_host_memory_mb or reserved_host_disk_mb in nova.conf, and restart nova-compute.",
		},
		{
			Name: "invisible-allocations", Kind: Persistent, About: OfProvider, Lookalike: true,
			Retried: nobody,
			Meaning: "A resource provider shows usage but no allocations, can't be deleted (409), and deleting the consumer says 404: the database has allocations without their consumer.",
			Remedy:  "Run this where Placement runs, to create the missing consumers: placement-manage db online_data_migrations. placement_audit names the providers (PLC109).",
		},
		{
			Name: "empty-answer", Kind: Persistent, About: OfConsumer, Lookalike: true,
			Retried: nobody,
			Meaning: "Placement answers 200 with an empty body to a list that is filtered by a UUID which does not exist, and to a request for the allocations of a consumer that does not exist.",
			Remedy:  "Treat the empty answer as \"does not exist\", not as a fault.",
		},
	}
}
