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
			Retried: "No client; but nova-compute creates its provider again in every periodic task, 60 seconds by default, forever (ResourceProviderCreationFailed).",
			Meaning: "A resource provider with that name exists under another UUID: left over from a host that was rebuilt or renamed, or of a second nova-compute with the same name. Until it is gone, nothing can be scheduled to the compute.",
			Remedy:  "Find the provider behind the name (placement_audit: PLC203, PLC202, PLC201). If no compute node has its UUID: move or clear what it holds, then delete it; nova-compute creates its own within a minute. If two nova-computes have the name: stop the wrong one.",
		},
		{
			Name: "duplicate-uuid", On: post, Status: 409, Code: duplicateName, Kind: Transient, About: OfProvider,
			Texts:   []string{"Conflicting resource provider uuid: <uuid> already exists."},
			Retried: "Nova takes it for a lost race and reads the provider.",
			Meaning: "Somebody else created the same resource provider a moment before.",
			Remedy:  "Nothing.",
		},
		{
			Name: "rename-taken", On: []Request{{"PUT", Provider}}, Status: 409, Code: duplicateName, Kind: Persistent, About: OfName,
			Texts:   []string{"Conflicting resource provider <name> already exists."},
			Retried: nobody,
			Meaning: "Another resource provider has the name that one was to get.",
			Remedy:  "Find the provider behind the name; if nothing needs it, delete it first (placement_audit: PLC201, PLC202).",
		},
		{
			Name: "provider-in-use", On: remove, Status: 409, Code: providerInUse, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Unable to delete resource provider <uuid>: Resource provider has allocations."},
			Retried: "No client. Nova swallows it when a compute service is deleted, and the provider stays behind.",
			Meaning: "Something on the resource provider is allocated. Allocations without a consumer count too, although no list shows them.",
			Remedy:  "Move or clear what it holds, then delete it: placement_audit (PLC201 names the holders, PLC109 what can't be seen).",
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
			Retried: "Nova: 4 tries, in nova-compute without a pause; nova-api, when a host enters or leaves an aggregate, likewise.",
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
			Retried: nobody, Meaning: "The resource class is there, as was wanted. On MariaDB and MySQL also: another one was created at the same moment, and this one was not.",
			Remedy: "See whether it is there; if not, send it again. PUT /resource_classes/NAME, from microversion 1.7 on, answers both with 204, so look after it too.",
		},
		{
			Name: "class-race", On: post, Status: 409, Code: undefinedCode, Kind: Transient, About: OfClass,
			Texts:   []string{"Max retries of DB transaction exceeded attempting to create resource class: <name>, please try again."},
			Retried: "Placement itself, 100 times.", Meaning: "Many created resource classes at the same moment.", Remedy: "Send it again.",
		},
		{
			Name: "class-name-taken", On: []Request{{"PUT", Class}}, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfClass,
			Texts:   []string{"Resource class already exists: <name>"},
			Retried: nobody, Meaning: "A resource class was to be renamed (microversions 1.2 to 1.6) to a name that is taken.", Remedy: "Take another name.",
		},
		{
			Name: "class-in-use", On: []Request{{"DELETE", Class}}, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfClass,
			Texts:   []string{"Error in delete resource class: Cannot delete resource class <name>. Class is in use in inventory."},
			Retried: nobody, Meaning: "Some resource provider has an inventory of the class.", Remedy: "Take those inventories away first.",
			RemedyOf: map[string]string{
				"cyborg": "Nothing while other devices offer the class: Cyborg deletes it with the last of them. If no device is left, find the provider that still has the inventory below the host's (openstack resource provider list --in-tree UUID), and free it.",
			},
		},
		{
			Name: "trait-in-use", On: []Request{{"DELETE", Trait}}, Status: 409, Code: undefinedCode, Kind: Persistent, About: OfTrait,
			Texts:   []string{"The trait <name> is in use by a resource provider."},
			Retried: nobody, Meaning: "Some resource provider has the trait.", Remedy: "Take it from them first: openstack resource provider list --required NAME.",
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
			Retried: nobody, Meaning: "Nova refuses to forget a host that has servers.", Remedy: "Migrate or delete them first.",
		},
		{
			Name: "host-has-migrations", On: on, Status: 409, Kind: Persistent, About: OfHost, Lookalike: true,
			Texts:   []string{"Unable to delete compute service that has in-progress migrations. Complete the migrations or delete the instances first."},
			Retried: nobody, Meaning: "Nova refuses to forget a host that servers are moving to or from.", Remedy: "Confirm, revert or finish them first; those that hang are PLC502 of placement_audit.",
		},
	}
}
