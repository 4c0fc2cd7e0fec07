// SPDX-License-Identifier: Apache-2.0

package catalogue

const trackerTries = "nova-compute: 4 tries without a pause, then again at its next periodic task. It logs an ERROR at each try, also when the next goes through."

func ofInventories() []Entry {
	put := Request{"PUT", Inventories}
	both := []Request{put, {"PUT", Inventory}}
	return []Entry{
		{
			Name: "inventory-generation", On: both, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts: []string{"resource provider generation conflict"},
			Older: []string{
				"resource provider generation conflict; expected <wanted> but got <given>",
				"resource provider generation conflict - expected <wanted> but got <given>",
			},
			Retried: trackerTries,
			Meaning: "The resource provider was written since its generation was read. Every allocation raises it, so busy hosts meet this now and then.",
			Remedy:  rereadSend + " If one provider meets it again and again, two writers fight over it: placement_audit with watch (PLC210).",
		},
		{
			Name: "inventory-race", On: both, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"update conflict: " + Race},
			Retried: trackerTries,
			Meaning: "The resource provider was written by another client at the same moment.",
			Remedy:  rereadSend,
		},
		{
			Name: "inventory-in-use", On: []Request{put}, Status: 409, Code: inventoryInUse, Kind: Persistent, About: OfProvider,
			Texts:    []string{"update conflict: Inventory for '<classes>' on resource provider '<uuid>' in use."},
			Older:    []string{"Inventory for '<classes>' on resource provider '<uuid>' in use.", InUse},
			Retried:  "nova-compute sends it again in every periodic task. If PCI devices are the cause, nova-compute does not start (PlacementPciException).",
			Meaning:  "The client left out a class of which something is allocated: VCPU becomes PCPU, a device is gone, a class was renamed.",
			Remedy:   "Keep the class until its consumers are moved or deleted: put a PCI device back into [pci]device_spec of nova.conf. placement_provider_info with details allocations names the consumers. One that is no server is PLC101 of placement_audit.",
			RemedyOf: stillHeld(),
		},
		{
			Name: "inventory-class-vanished", On: []Request{put}, Status: 409, Code: undefinedCode, Kind: Transient, About: OfProvider,
			Texts:   []string{"Race condition detected when setting inventory. No inventory record with resource class for resource provider <uuid>: No inventory of class <class> found."},
			Retried: nobody,
			Meaning: "The class was removed while it was being changed.",
			Remedy:  rereadSend,
		},
		{
			Name: "inventory-created-twice", On: []Request{put}, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"update conflict: (<error>"},
			Retried: trackerTries,
			Meaning: "Another client gave the resource provider its first inventory of a class at the same moment; the text is the database's.",
			Remedy:  rereadSend,
		},
	}
}

// stillHeld is the remedy for an inventory that a service other than Nova takes away while something holds it.
func stillHeld() map[string]string {
	return map[string]string{
		"cyborg":  "Find the accelerator request that holds what Cyborg takes away (openstack accelerator arq list), and move or delete its server. If the device is still there, put it back into the configuration of cyborg-agent. A holder that is no longer a server is PLC101 of placement_audit.",
		"neutron": "Put the device back into resource_provider_bandwidths (or resource_provider_packet_processing_without_direction) of the agent, and restart the agent: ports with a minimum guarantee still hold what it no longer reports. Then move or delete the servers of the ports, or take the QoS policy off the ports, and only then take the device out.",
		"blazar":  "Delete the servers of the lease, which still hold what Blazar takes away: placement_provider_info with details allocations names them. Blazar takes the inventory away when the lease ends.",
		"zun":     "Delete or move the container that holds what the compute agent of Zun no longer reports: placement_provider_info with details allocations names the consumers. If a consumer is neither a container nor a server (PLC101 of placement_audit), delete its allocation.",
	}
}

func ofInventoryPosts() []Entry {
	post := []Request{{"POST", Inventories}}
	return []Entry{
		{
			Name: "inventory-post-race", On: post, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"Update conflict: " + Race},
			Retried: nobody,
			Meaning: "The resource provider was written by another client at the same moment.",
			Remedy:  rereadSend,
		},
		{
			Name: "inventory-exists", On: post, Status: 409, Code: ConcurrentUpdate, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Update conflict: <error>"},
			Retried: nobody,
			Meaning: "The provider has an inventory of that class. The code is that of a conflict that passes, the text is the database's; it will never go through.",
			Remedy:  "Change the inventory with PUT (placement_inventory).",
		},
	}
}

func ofInventoryDeletes() []Entry {
	all, one := []Request{{"DELETE", Inventories}}, []Request{{"DELETE", Inventory}}
	const who = "Move or delete the consumers first: placement_provider_info with details allocations names them."
	return []Entry{
		{
			Name: "inventories-in-use", On: all, Status: 409, Code: inventoryInUse, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Inventory for '<classes>' on resource provider '<uuid>' in use."},
			Retried: nobody, Meaning: "At least one of the classes is in use.", Remedy: who, RemedyOf: stillHeld(),
		},
		{
			Name: "inventories-delete-race", On: all, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"Unable to delete inventory for resource provider <uuid> because the inventory was updated by another process. Please retry your request."},
			Retried: nobody, Meaning: "The resource provider was written by another client at the same moment.", Remedy: rereadSend,
		},
		{
			Name: "class-delete-race", On: one, Status: 409, Code: ConcurrentUpdate, Kind: Transient, About: OfProvider,
			Texts:   []string{"Unable to delete inventory of class <class>: " + Race},
			Retried: nobody, Meaning: "The resource provider was written by another client at the same moment.", Remedy: rereadSend,
		},
		{
			Name: "class-delete-in-use", On: one, Status: 409, Code: ConcurrentUpdate, Kind: Persistent, About: OfProvider,
			Texts:   []string{"Unable to delete inventory of class <class>: Inventory for '<class>' on resource provider '<uuid>' in use."},
			Retried: nobody, Meaning: "The class is in use. The code is that of a conflict that passes; this one does not.", Remedy: who, RemedyOf: stillHeld(),
		},
	}
}
