// SPDX-License-Identifier: Apache-2.0

package check

import "strings"

// EvidenceKey is a key of the evidence of findings, of any of its levels. It means the same in each check.
type EvidenceKey struct{ Name, Meaning string }

// EvidenceKeys lists all keys, by name.
func EvidenceKeys() []EvidenceKey {
	var keys []EvidenceKey
	for line := range strings.Lines(evidence) {
		name, meaning, _ := strings.Cut(strings.TrimSpace(line), ": ")
		keys = append(keys, EvidenceKey{name, meaning})
	}
	return keys
}

// evidence has a line for each key.
const evidence = `age: How long the state has lasted, in seconds.
aggregate_name: Name of a host aggregate.
aggregate_uuid: UUID of a host aggregate, which is that of its Placement aggregate too.
aggregates: UUIDs of the Placement aggregates that the provider is in.
allocation_ratio: allocation_ratio of the inventory.
allocations: What the consumer holds: a list of provider_uuid, provider_name and resources.
amount: What the consumer holds of the class.
at: Time of a sample.
blocks_moves: Whether Placement also refuses to move servers away: yes, no or unknown.
body: Body of a request.
capacity: What may be allocated: (total - reserved) * allocation_ratio; of several providers together where the finding is about them all.
cell: Cell of the host: its name, or its UUID if it has none; only with source: database.
cells: Cells whose databases could not be read; only with source: database.
children: UUIDs of the providers right below this one.
class: Resource class.
classes: What is wrong, one entry a resource class.
column: Column of the table that points to nothing.
compute_newest: Newest microversion that Nova offers.
compute_nodes_with: How many compute nodes have each of the traits.
consumer_generation: Generation of the consumer.
consumer_type: Type of the consumer, as Placement has it.
consumer_uuid: UUID of the consumer.
consumers: How many consumers are concerned.
custom_trait: Name of a custom trait.
dest_host: Service host that the move goes to.
dest_node: Name of the compute node that the move goes to.
difference: Amount held, less the amount expected.
disk: Root disk of the flavor, in GiB.
elsewhere: Providers of other hosts than the server's that it holds something of, by UUID.
ephemeral: Ephemeral disk of the flavor, in GiB.
examples: UUIDs or hosts that identify some of the rows.
expected: What is right, by resource class; within classes, of that class.
expected_provider_uuid: UUID of the provider that should hold it.
explained: Steps of the generation that allocations explain.
faults: What is wrong with the inventories, in words.
field: Field of the inventory that is wrong.
fields: Fields that changed while the provider was watched, with their values.
flavor: Flavor of the server: its name, or where amounts matter, its fields.
flavors: Flavors that do not fit, with the amount that each asks for.
from_volume: Whether the server boots from a volume.
generation: Generation of the provider.
held: What is held, by resource class; within classes, of that class.
holders: Who holds something: a list of consumers with their server's name, status and host where Nova knows them.
host: Service host: the name under which nova-compute of the compute node, or of the server, is registered in Nova.
hosts: Service hosts concerned; within ratios, how many hosts of the aggregate offer the class.
hosts_with_it: How many of the hosts have the usual ratio.
hypervisor: Name of the compute node (hypervisor_hostname); within classes, the amount that it has.
hypervisor_of_that_name: UUID of the compute node that has the name of the provider; empty if there is none.
hypervisor_type: Type of the compute node, as Nova has it.
hypervisor_uuid: UUID of the compute node.
hypervisors: How many compute nodes this Nova has.
id: Id of a host aggregate.
inventories: Inventories of the provider, by resource class.
inventory: Whether the provider has an inventory of the class.
invisible: Usage that no allocation shows, by resource class.
invisible_consumers: Consumers that no request shows, with what they hold on the provider; only with source: database.
keeps_name: Why the provider must not be given another name, although it has that of a compute node.
last_resize: Last resize of the server: uuid, status and updated.
limits: Inventory of the class, with all of its fields.
method: Method of a request.
microversion: Microversion of a request.
migration_allocations: What the migration holds, as in allocations.
migration_status: Status of the migration.
migration_type: Type of the move.
migration_uuid: UUID of the migration.
misfits: What does not fit, one entry a field of a resource class.
missing: What is missing: traits, or host aggregates with uuid, name and id.
name: Name of what the entry is about.
near_full: Share of the capacity at which a provider is nearly full.
needed: Microversion that is needed.
node: Name of the compute node that the server runs on.
nova_has_it: Whether Nova has the aggregate.
one_writer: How many writes one nova-compute explains.
option: Option of nova.conf from which the amount follows.
own_provider_uuid: UUID of the provider of the server's own host.
parent_uuid: UUID of the provider right above this one; empty for a root.
path: Path of a request, below the endpoint of Placement.
per_minute: Unexplained writes in a minute.
placement_newest: Newest microversion that Placement offers.
project_id: Project of the consumer or server.
provider_name: Name of the provider.
provider_uuid: UUID of the provider.
provider_uuids: UUIDs of the providers that it holds something of.
providers: UUIDs of the providers concerned.
ram: Memory of the flavor, in MiB.
ratios: Ratios that differ, one entry a resource class of a host aggregate.
reserved: reserved of the inventory.
resources: Amounts by resource class.
root_name: Name of the root of the tree.
root_uuid: UUID of the root of the tree.
roots: Root providers concerned.
rows: How many rows point to nothing.
sample: UUIDs of some of the consumers.
samples: Times and generations of the provider while it was watched.
schedulers: Hosts of nova-scheduler.
server_name: Name of the server.
server_project_id: Project of the server, as Nova has it.
server_status: Status of the server.
server_user_id: User of the server, as Nova has it.
server_uuid: UUID of the server.
service_state: State of nova-compute: up or down.
service_status: Status of nova-compute: enabled or disabled.
share: Share of the capacity that is used.
similar_hosts: Service hosts with a similar name.
since: When the state began.
source_host: Service host that the move goes from.
source_node: Name of the compute node that the move comes from.
stale: Aggregates that the provider should not be in.
state: State of nova-compute: up or down.
status: Status of the server, the migration or nova-compute that the finding is about.
stuck_after: Seconds after which a move counts as stuck.
swap: Swap of the flavor, in MiB.
table: Table of a database, with whose it is.
task_state: Task of the server (task_state); empty for none.
total: total of the inventory.
trait: Whether the provider has the trait.
twin_name: Name of the other compute node of the host.
twin_uuid: UUID of the other compute node of the host.
unexplained: Steps of the generation that allocations do not explain.
unknown_aggregates_read: Whether aggregates that Nova does not have were read too.
unproven_roots: Number of root providers without a compute node that nothing in Nova identifies as former hosts.
updated: When Nova last wrote it.
updated_at: When Nova last wrote it.
used: What is used, by resource class; within classes, of that class.
user_id: User of the consumer.
usual_ratio: allocation_ratio that most hosts of the aggregate have.
uuid: UUID of what the entry is about.
vcpus: CPUs of the flavor.
violations: Amounts that the inventory does not allow, one entry a resource class of a provider.
visible: Usage that allocations show, by resource class.
visible_consumers: How many consumers the allocations show.
vm_state: State of the server in Nova's database (vm_state).
written_between_samples: Between how many samples the provider was written.`
