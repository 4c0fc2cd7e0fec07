// SPDX-License-Identifier: Apache-2.0

package catalogue

func ofProviders() []Entry {
	post, remove := []Request{{"POST", Providers}}, []Request{{"DELETE", Provider}}
	return []Entry{
		{
			Name: "duplicate-name", On: post, Status: 409, Code: duplicateName, Kind: Persistent, About: OfName,
			Texts: []string{
				"Conflicting resource provider name: <name>, uuid: <uuid> already exists.",
				"Conflicting resource provider name: <name> already exists.",
			},
			Retried: "nova-compute tries to create its provider in every periodic task, every 60 seconds by default, forever (ResourceProviderCreationFailed).",
			Meaning: "A resource provider with that name exists under another UUID. It is left over from a host that was rebuilt or renamed, or belongs to a second nova-compute with the same name. Until it is gone, nothing can be scheduled to the compute.",
			Remedy:  "Find the provider behind the name (placement_audit: PLC203, PLC202, PLC201). If no compute node has its UUID, move or clear what is held on it, then delete it. nova-compute creates its own provider within a minute. If two nova-computes have the name, stop the wrong one.",
		},
		{
			Name: "duplicate-uuid", On: post, Status: 409, Code: duplicateName, Kind: Transient, About: OfProvider,
			Texts:   []string{"Conflicting resource provider uuid: <uuid> already exists."},
			Retried: "Nova takes it for a lost race and reads the provider.",
			Meaning: "Another client created the same resource provider a moment before.",
			Remedy:  "Do nothing.",
		},
		{
			Name: "rename-taken", On: []Request{{"PUT", Provider}}, Status: 409, Code: duplicateName, Kind: Persistent, About: OfName,
			Texts:   []string{"Conflicting resource provider <name> already exists."},
			Retried: nobody,
			Meaning: "Another resource provider already has the new name.",
			Remedy:  "Find the provider behind the name; if nothing needs it, delete it first (placement_audit: PLC201, PLC202).",
		},
		{
			Name: "provider-in-use", On: remove, Status: 409, Code: providerInUse, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Unable to delete resource provider <uuid>: Resource provider has allocations."},
			Retried: "No client. When a compute service is deleted, Nova ignores this refusal, and the provider stays behind.",
			Meaning: "Something on the resource provider is allocated. Allocations without a consumer count too, although no list shows them.",
			Remedy:  "Find what is held on it (placement_audit: PLC201 names the holders, PLC109 what can't be seen). Move or clear that, then delete the provider.",
			RemedyOf: map[string]string{
				NovaCompute: "nova-compute deletes the provider of a device that is no longer configured, and a server still holds the device. Put the device back into [pci]device_spec of nova.conf (a vGPU into [devices]enabled_mdev_types) and restart nova-compute. Then move or delete the servers that hold it, and only then take it out. A holder that is no longer a server is PLC101 of placement_audit.",
				"cyborg":    "The provider is a child that Cyborg made for an accelerator, and an accelerator request still holds it. Find the request (openstack accelerator arq list), and move or delete its server. Cyborg then deletes the provider itself. A holder that is no longer a server is PLC101 of placement_audit.",
				"neutron":   "The provider is a child that Neutron made for the bandwidth or the packet rate of an agent, and ports with a minimum guarantee still hold it. Move or delete their servers, or take the QoS policy off the ports. Then delete the agent again.",
				"blazar":    "The provider is the child that Blazar made for a reservation, and servers of the lease still hold it. Delete those servers. Blazar deletes the provider when the lease ends.",
			},
		},
		{
			Name: "provider-has-children", On: remove, Status: 409, Code: hasChildren, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Unable to delete parent resource provider <uuid>: It has child resource providers."},
			Retried: nobody,
			Meaning: "Other resource providers are nested below it.",
			Remedy:  "Delete from the leaves up: openstack resource provider list --in-tree UUID.",
			RemedyOf: map[string]string{
				"neutron": "The provider is one that Neutron made for an agent, and those of its bridges or devices are still below it. Delete them first, from the leaves up; ports with a minimum guarantee may hold them. Then delete the agent again: openstack resource provider list --in-tree UUID.",
				"cyborg":  "The provider is one that Cyborg made for a device, and others are still below it. Delete them first, from the leaves up; accelerator requests may hold them: openstack resource provider list --in-tree UUID.",
			},
		},
	}
}

func ofProviderParts() []Entry {
	aggregates, traits := Request{"PUT", Aggregates}, Request{"PUT", ProviderTags}
	return []Entry{
		{
			Name: "provider-generation", On: []Request{aggregates, traits}, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"Resource provider's generation already changed. Please update the generation and try again."},
			Retried: "nova-compute: 4 tries without a pause. nova-api: 4 tries, when a host enters or leaves an aggregate.",
			Meaning: "The resource provider was written since its generation was read.",
			Remedy:  rereadSend + " If nova-api gave up, the aggregate differs: placement_audit (PLC401), nova-manage placement sync_aggregates.",
		},
		{
			Name: "aggregate-race", On: []Request{aggregates}, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"Update conflict: " + Race},
			Retried: "nova-api: 4 tries.", Meaning: "The resource provider was written by another client at the same moment.", Remedy: rereadSend,
		},
		{
			Name: "aggregate-created-twice", On: []Request{aggregates}, Status: 409, Code: undefinedCode, Kind: Transient, About: OfProvider,
			Texts:   []string{"Update conflict: <error>"},
			Retried: nobody,
			Meaning: "Two writers were the first to use one aggregate, at the same moment; the text is the database's.",
			Remedy:  "Send it again.",
		},
		{
			Name: "traits-delete-race", On: []Request{{"DELETE", ProviderTags}}, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{Race},
			Retried: nobody, Meaning: "The resource provider was written by another client at the same moment.", Remedy: rereadSend,
		},
	}
}

func ofNames() []Entry {
	post := []Request{{"POST", Classes}}
	return []Entry{
		{
			Name: "class-exists", On: post, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfClass, Harmless: true,
			Texts:   []string{"Conflicting resource class already exists: <name>"},
			Retried: nobody, Meaning: "The resource class exists already. On MariaDB and MySQL the answer is the same if another class was created at the same moment, and this one was not.",
			Remedy: "Check whether the class exists. If it does not, send the request again. From microversion 1.7 on, PUT /resource_classes/NAME answers 204 in both cases, so check after it too.",
		},
		{
			Name: "class-race", On: post, Status: 409, Code: undefinedCode, Kind: Transient, About: OfClass,
			Texts:   []string{"Max retries of DB transaction exceeded attempting to create resource class: <name>, please try again."},
			Retried: "Placement itself, 100 times.", Meaning: "Many clients created resource classes at the same moment.", Remedy: "Send it again.",
		},
		{
			Name: "class-name-taken", On: []Request{{"PUT", Class}}, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfClass,
			Texts:   []string{"Resource class already exists: <name>"},
			Retried: nobody, Meaning: "The new name of a resource class is taken (microversions 1.2 to 1.6 rename one).", Remedy: "Take another name.",
		},
		{
			Name: "class-in-use", On: []Request{{"DELETE", Class}}, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfClass,
			Texts:   []string{"Error in delete resource class: Cannot delete resource class <name>. Class is in use in inventory."},
			Retried: nobody, Meaning: "Some resource provider has an inventory of the class.", Remedy: "Remove those inventories first.",
			RemedyOf: map[string]string{
				"cyborg": "Nothing while other devices offer the class: Cyborg deletes it with the last of them. If no device is left, find the provider that still has the inventory below the host's (openstack resource provider list --in-tree UUID), and free it.",
				"blazar": "The class is that of one reservation, and a child provider of a host still has its inventory. Find it below the host's (openstack resource provider list --in-tree UUID), and delete the servers that hold it. Blazar deletes the class when the lease ends.",
			},
		},
		{
			Name: "trait-in-use", On: []Request{{"DELETE", Trait}}, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfTrait,
			Texts:   []string{"The trait <name> is in use by a resource provider."},
			Retried: nobody, Meaning: "Some resource provider has the trait.", Remedy: "Remove the trait from its providers first: openstack resource provider list --required NAME.",
			RemedyOf: map[string]string{
				"cyborg": "Nothing while other devices have the trait: Cyborg deletes it with the last of them. If no device is left, find the child provider that still has it, and free that: openstack resource provider list --required NAME.",
			},
		},
	}
}

func ofHosts() []Entry {
	on := []Request{{"DELETE", NovaService}}
	return []Entry{
		{
			Name: "host-has-servers", On: on, Status: 409, Kind: Persistent, About: OfHost, Lookalike: true,
			Texts:   []string{"Unable to delete compute service that is hosting instances. Migrate or delete the instances first."},
			Retried: nobody, Meaning: "Nova refuses to delete the compute service of a host that has servers.", Remedy: "Migrate or delete the servers first.",
		},
		{
			Name: "host-has-migrations", On: on, Status: 409, Kind: Persistent, About: OfHost, Lookalike: true,
			Texts:   []string{"Unable to delete compute service that has in-progress migrations. Complete the migrations or delete the instances first."},
			Retried: nobody, Meaning: "Nova refuses to delete the compute service of a host that servers are moving to or from.", Remedy: "Confirm, revert or finish the moves first. Those that are stuck are PLC502 of placement_audit.",
		},
	}
}
