// SPDX-License-Identifier: Apache-2.0

package catalogue

import "slices"

// ofComputes are what nova-compute says of its own host, without a refusal of Placement's. (nova/compute/manager.py,
// nova/compute/resource_tracker.py)
func ofComputes() []Entry {
	return append([]Entry{
		{
			Name: "allocations-remaining", Kind: Reread, About: OfConsumer, Lookalike: true,
			Texts: []string{
				"Instance <uuid> has been moved to another host <host>(<node>). There are allocations remaining against the source host that might need to be removed: <rest>",
				"Instance <uuid> is not being actively managed by this compute host but has allocations referencing this compute host: <rest>",
				"Instance <uuid> has allocations against this compute host but is not found in the database.",
			},
			Retried: "nova-compute says it again in every periodic task, and changes nothing.",
			Meaning: "The server left this host, is not managed by it or is in no database, and its consumer still holds resources of the host's provider. Only a build or a move in progress is a good reason.",
			Remedy:  "Audit the allocations (placement_audit: PLC103 names a server that holds two hosts, PLC104 one that holds the wrong host, PLC101 a consumer that is no server), and repair what it finds. If no move of the server is in progress, remove the share of the source host.",
		},
		serviceWithoutProvider(),
	}, refusesToStart()...)
}

// serviceWithoutProvider is what nova-api says when it is to delete a compute node without a resource provider (nova/compute/provider_tree.py).
func serviceWithoutProvider() Entry {
	return Entry{
		Name: "service-without-provider", Kind: Persistent, About: OfProvider, Lookalike: true,
		Texts:   []string{"Unexpected exception in API method: ValueError: No such provider <uuid>"},
		Retried: "Nobody. nova-api answers 500 to whoever deletes the compute service, each time.",
		Meaning: "The compute service can't be deleted: its compute node has no resource provider in Placement. None could be made, or somebody deleted it.",
		Remedy:  "Make a resource provider with this UUID, and with a name that is free, such as the UUID itself. Then delete the compute service again: openstack resource provider create --uuid UUID UUID.",
	}
}

// renamed names the host that has the compute node, not the one that refuses to start.
const renamed = "compute-renamed"

// RefusesToStart reports whether an entry of that name is a reason why nova-compute refuses to start on the host that it names.
func RefusesToStart(name string) bool {
	return name != renamed && slices.ContainsFunc(refusesToStart(), func(e Entry) bool { return e.Name == name })
}

// again is who tries again to start.
const again = "nova-compute itself does not. systemd or the container engine starts it again."

// refusesToStart lists why nova-compute refuses to start since 2023.1: it would write to the provider of another host.
func refusesToStart() []Entry {
	return append(ofNamesOfHosts(), append(ofIdentities(), ofDatabases()...)...)
}

// ofNamesOfHosts are the reasons that lie in the name of the host.
func ofNamesOfHosts() []Entry {
	return []Entry{
		{
			Name: renamed, Kind: Persistent, About: OfHost, Lookalike: true,
			Texts: []string{
				"My compute node <uuid> has hypervisor_hostname <name> but virt driver reports it should be <given>. Possible rename detected, refusing to start!",
				"My node <uuid> has host '<name>' but my host is '<given>'; Possible rename detected, refusing to start!",
			},
			Retried: again,
			Meaning: "The host name or the option host changed since the compute node was created. nova-compute does not start, so that it creates no second resource provider and loses no servers.",
			Remedy:  "Give the host its former name back ([DEFAULT]host in nova.conf, or the host name that libvirt reports), then start nova-compute. A host is not renamed in place: to rename one, empty it, delete its compute service, and add it anew.",
		},
		{
			Name: "compute-not-found", Kind: Persistent, About: OfHost, Lookalike: true,
			Texts: []string{
				"Upgrading from service version <given>, but found no nodes in the database for host <name> to persist locally; Possible rename detected, refusing to start!",
				"Upgrading from service version <given> but found no nodes in the database for host <name> to persist locally; Possible rename detected, refusing to start!",
			},
			Retried: again,
			Meaning: "nova-compute was upgraded to a release that keeps its identity in a file, and the database has no compute node for its host name: the name changed with the upgrade, or before it.",
			Remedy:  "Give the host its former name back ([DEFAULT]host in nova.conf), then start nova-compute. Compare it with the names in the list of compute services: openstack compute service list.",
		},
	}
}

// ofIdentities are those that lie in the file compute_id, or in the compute nodes of the database.
func ofIdentities() []Entry {
	return []Entry{
		{
			Name: "compute-identity-lost", Kind: Persistent, About: OfHost, Lookalike: true,
			Texts: []string{
				"No local node identity found, but this is not our first startup on this host. Refusing to start after potentially having lost that state!",
				"No local node identity found, but this is not our first startup<rest>efusing to start",
			},
			Retried: again,
			Meaning: "The file compute_id is gone from the state path of nova-compute, and the host has a compute node already. Without the file nova-compute would create another one, with another resource provider.",
			Remedy:  "Write the UUID of the host's compute node into the file compute_id in the state path of nova-compute (in Kolla-Ansible the volume nova_compute), then start it. The UUID is the ID in the list of hypervisors: openstack hypervisor list.",
		},
		{
			Name: "compute-identity-unusable", Kind: Persistent, About: OfHost, Lookalike: true,
			Texts: []string{
				"Invalid node identity configuration: Unable to parse UUID from <file>",
				"Invalid node identity configuration: UUID <uuid> in <file> does not match <given>",
				"Invalid node identity configuration: Unable to write uuid to <file>: <rest>",
				"Invalid node identity configuration: Identity file <file> appeared unexpectedly",
			},
			Retried: again,
			Meaning: "nova-compute can't use the file compute_id, which has the UUID of its compute node. The file has no UUID in it (it may be empty, after the disk was full), it can't be written, or there are two of them with different UUIDs: one beside nova.conf, one in the state path.",
			Remedy:  "Find the ID of this host in the list of hypervisors. Write it into the file compute_id in the state path of nova-compute (in Kolla-Ansible the volume nova_compute), as a line with nothing else, readable for its user. Remove any other file compute_id beside nova.conf. Then start nova-compute. If the list does not have the host, remove an empty or broken file, and see that its user may write into the state path: openstack hypervisor list.",
		},
		{
			Name: "compute-ambiguous", Kind: Persistent, About: OfHost, Lookalike: true,
			Texts:   []string{"Multiple nodes found in database, manual node uuid configuration required"},
			Retried: again,
			Meaning: "The database has more than one compute node for this host, so nova-compute does not know which UUID is its own.",
			Remedy:  "Find which of the compute nodes holds the servers' allocations (placement_audit: PLC202), write its UUID into the file compute_id in the state path of nova-compute, and start it. Then remove the other one.",
		},
		{
			Name: "compute-duplicate", Kind: Persistent, About: OfHost, Lookalike: true,
			Texts: []string{
				"Duplicate compute node record found for host <name> node <node>",
				"Unable to create duplicate record for compute node <name>:<uuid>",
			},
			Retried: again,
			Meaning: "nova-compute wants to create a compute node, and the database has one of this host already, under another UUID; or one of another host has the UUID. The file compute_id was written anew, or copied from another host.",
			Remedy:  "Compare the file compute_id in the state path of nova-compute (in Kolla-Ansible the volume nova_compute) with the ID of this host in the list of hypervisors: openstack hypervisor list. Write the ID from there into the file, then start nova-compute.",
		},
	}
}

// ofDatabases are those that lie in what is in the database that it is pointed to.
func ofDatabases() []Entry {
	return []Entry{
		{
			Name: "orphan-node", Kind: Persistent, About: OfHost, Lookalike: true,
			Texts:   []string{"Error starting thread.: ValueError: No such provider <uuid>"},
			Retried: again,
			Meaning: "nova-compute ended as it started: it was to delete a compute node of its host, and Placement has no resource provider of that UUID. That happens once when the hypervisor of a host gets another name. The compute node is deleted by then, so the next start succeeds.",
			Remedy:  "Start nova-compute again, unless that was done since.",
		},
		{
			Name: "compute-not-new", Kind: Persistent, About: OfHost, Lookalike: true,
			Texts:   []string{"My hypervisor has existing instances, but I appear to be a new service in this database. Possible database configuration error, refusing to start!"},
			Retried: again,
			Meaning: "The hypervisor runs servers, but no compute service of this host name is in the database: nova-compute was pointed to another cell, or the host was renamed.",
			Remedy:  "Correct the database connection ([database] and transport_url in nova.conf) or the host name ([DEFAULT]host), then start nova-compute.",
		},
	}
}
