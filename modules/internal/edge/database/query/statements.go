// SPDX-License-Identifier: Apache-2.0

package query

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// kind says what a database holds.
type kind string

// The databases that are read.
const (
	ofPlacement kind = "placement"
	ofAPI       kind = "nova_api"
	ofCell      kind = "nova_cell"
)

// Statement is one of the fixed list of statements that are sent. No value is ever put into one, but the name of the database: the values
// that one of Among asks for are sent beside it.
type Statement struct {
	Kind    string              // whose database it reads: placement, nova_api or nova_cell
	Reads   map[string][]string // table -> its columns that the statement names
	Table   string              // that messages name
	Only    string              // which of its rows, where another statement reads the others
	Columns int                 // of its rows
	Places  int                 // how many values it asks for
	text    string              // DATABASE stands for the name of the database
}

// Key tells the rows that the statement reads from those that others read.
func (s Statement) Key() string { return strings.TrimSpace(s.Table + " " + s.Only) }

// In returns the statement for a database of that name.
func (s Statement) In(schema string) string {
	return strings.ReplaceAll(s.text, "DATABASE", "`"+schema+"`")
}

// list reads columns of one table; where may narrow it.
func list(k kind, table, columns, where string) Statement {
	names := strings.Split(strings.ReplaceAll(columns, "`", ""), ", ")
	text := fmt.Sprintf("SELECT %s FROM DATABASE.%s", columns, table)
	if where != "" {
		text += " WHERE " + where
	}
	reads := slices.Clone(names)
	for _, word := range strings.Fields(where) {
		if word == "deleted" && !slices.Contains(reads, word) {
			reads = append(reads, word)
		}
	}
	return Statement{Kind: string(k), Reads: map[string][]string{table: reads}, text: text, Columns: len(names), Table: table}
}

// Catalogue has all statements that read rows, by what they read.
type Catalogue struct {
	Classes, Traits, FreeTraits, Providers, Inventories, Consumers, Allocations, Projects, Users, Types, Memberships Statement
	Cells, Connections, Hosts, Servers, Gone, Requests, Aggregates, Members                                          Statement
	Services, Nodes, Migrations, Instances, Deleted                                                                  Statement

	// What of these a second look at a few needs: by the UUIDs of consumers and servers, and by the numbers of providers.
	ConsumersOf, ConsumersOn, HeldBy, HeldOn, ServersOf, InstancesOf Statement
}

// All returns the catalogue.
func All() Catalogue {
	const alive = "deleted = 0"
	c := Catalogue{
		Classes:     list(ofPlacement, "resource_classes", "id, name", ""),
		Providers:   list(ofPlacement, "resource_providers", "id, uuid, name, generation, root_provider_id, parent_provider_id", ""),
		Inventories: list(ofPlacement, "inventories", "resource_provider_id, resource_class_id, total, reserved, min_unit, max_unit, step_size, allocation_ratio", ""),
		Consumers:   list(ofPlacement, "consumers", "uuid, generation, project_id, user_id, consumer_type_id", ""),
		Allocations: list(ofPlacement, "allocations", "resource_provider_id, resource_class_id, consumer_id, used", ""),
		Projects:    list(ofPlacement, "projects", "id, external_id", ""),
		Users:       list(ofPlacement, "users", "id, external_id", ""),
		Types:       list(ofPlacement, "consumer_types", "id, name", ""),
		Traits:      heldTraits(),
		FreeTraits:  freeTraits(),
		Memberships: Statement{
			Kind: string(ofPlacement), Columns: 3, Table: "resource_provider_aggregates",
			Reads: map[string][]string{
				"resource_provider_aggregates": {"resource_provider_id", "aggregate_id"}, "placement_aggregates": {"id", "uuid"},
			},
			text: "SELECT m.resource_provider_id, a.uuid, m.aggregate_id FROM DATABASE.resource_provider_aggregates m LEFT JOIN DATABASE.placement_aggregates a ON a.id = m.aggregate_id",
		},
		Cells:       list(ofAPI, "cell_mappings", "id, uuid, name", ""),
		Connections: list(ofAPI, "cell_mappings", "id, database_connection", ""),
		Hosts:       list(ofAPI, "host_mappings", "host, cell_id", ""),
		Servers: list(ofAPI, "instance_mappings", "instance_uuid, cell_id, queued_for_delete, project_id, user_id, created_at",
			"(queued_for_delete = 0 OR queued_for_delete IS NULL)"),
		Gone:       gone(),
		Requests:   list(ofAPI, "build_requests", "instance_uuid, instance, project_id, created_at", ""),
		Aggregates: list(ofAPI, "aggregates", "id, uuid, name", ""),
		Members:    list(ofAPI, "aggregate_hosts", "id, aggregate_id, host", ""),
		Services:   upSince(list(ofCell, "services", "uuid, `binary`, host, disabled, forced_down, last_seen_up, created_at, updated_at", alive)),
		Nodes:      list(ofCell, "compute_nodes", "uuid, host, hypervisor_hostname, hypervisor_type, vcpus, memory_mb, local_gb", alive),
		Migrations: list(ofCell, "migrations", "uuid, instance_uuid, migration_type, status, source_compute, source_node, dest_compute, dest_node, "+
			"created_at, updated_at, hidden, old_instance_type_id, new_instance_type_id", alive),
		Instances: withFlavors(),
		Deleted:   deletedLately(),
	}
	c.few()
	return c
}

// heldTraits reads who has the traits that checks ask for. A trait that Placement knows and nobody has comes with NULL.
func heldTraits() Statement {
	names := "'" + strings.Join(snapshot.KnownTraits(), "', '") + "'"
	return Statement{
		Kind: string(ofPlacement), Columns: 2, Table: "resource_provider_traits",
		Reads: map[string][]string{"traits": {"id", "name"}, "resource_provider_traits": {"trait_id", "resource_provider_id"}},
		text: "SELECT t.name, h.resource_provider_id FROM DATABASE.traits t LEFT JOIN DATABASE.resource_provider_traits h ON h.trait_id = t.id " +
			"WHERE t.name IN (" + names + ")",
	}
}

// freeTraits reads the custom traits that no provider has.
func freeTraits() Statement {
	return Statement{
		Kind: string(ofPlacement), Columns: 1, Table: "traits",
		Reads: map[string][]string{"traits": {"id", "name"}, "resource_provider_traits": {"trait_id"}},
		text: "SELECT t.name FROM DATABASE.traits t LEFT JOIN DATABASE.resource_provider_traits h ON h.trait_id = t.id " +
			"WHERE LEFT(t.name, 7) = 'CUSTOM_' AND h.trait_id IS NULL",
	}
}

// upSince adds the seconds since a service reported, by the clock of the server: Nova writes UTC.
func upSince(s Statement) Statement {
	const since = ", TIMESTAMPDIFF(SECOND, COALESCE(last_seen_up, created_at), UTC_TIMESTAMP()) FROM"
	s.text = strings.Replace(s.text, " FROM", since, 1)
	s.Columns++
	return s
}

func withFlavors() Statement {
	columns := []string{
		"uuid", "display_name", "vm_state", "task_state", "host", "node", "project_id", "user_id", "launched_at", "created_at", "updated_at",
		"image_ref", "hidden",
	}
	return Statement{
		Kind: string(ofCell), Columns: len(columns) + 1, Table: "instances",
		Reads: map[string][]string{"instances": append(slices.Clone(columns), "deleted"), "instance_extra": {"instance_uuid", "flavor", "deleted"}},
		text: "SELECT i." + strings.Join(columns, ", i.") + ", e.flavor FROM DATABASE.instances i LEFT JOIN DATABASE.instance_extra e " +
			"ON e.instance_uuid = i.uuid AND e.deleted = 0 WHERE i.deleted = 0",
	}
}

// gone reads the mappings of servers that are deleted, or about to be.
func gone() Statement {
	s := list(ofAPI, "instance_mappings", "instance_uuid, cell_id", "queued_for_delete <> 0")
	s.Only, s.Reads["instance_mappings"] = "gone", append(s.Reads["instance_mappings"], "queued_for_delete")
	return s
}

// The clocks of two servers may differ by this much.
const clockSkew = 2 * time.Minute

// deletedLately reads which servers were deleted in the last minutes. No index has deleted_at: the server looks at every soft-deleted row,
// which takes long in a cell whose rows are never archived.
func deletedLately() Statement {
	minutes := int((snapshot.JustDeleted + clockSkew).Minutes())
	return Statement{
		Kind: string(ofCell), Columns: 1, Table: "instances", Only: "deleted", Reads: map[string][]string{"instances": {"uuid", "deleted", "deleted_at"}},
		text: fmt.Sprintf("SELECT uuid FROM DATABASE.instances WHERE deleted <> 0 AND deleted_at >= UTC_TIMESTAMP() - INTERVAL %d MINUTE", minutes),
	}
}

// Statements lists every statement that reads rows.
func Statements() []Statement {
	s := All()
	return []Statement{
		s.Classes, s.Traits, s.FreeTraits, s.Providers, s.Inventories, s.Consumers, s.Allocations, s.Projects, s.Users, s.Types, s.Memberships,
		s.Cells, s.Connections, s.Hosts, s.Servers, s.Gone, s.Requests, s.Aggregates, s.Members,
		s.Services, s.Nodes, s.Migrations, s.Instances, s.Deleted,
		s.ConsumersOf, s.ConsumersOn, s.HeldBy, s.HeldOn, s.ServersOf, s.InstancesOf,
	}
}

// Framing lists what is sent around them: the limit of each statement in the words of MariaDB and of MySQL, and the transaction.
// SECONDS and MILLISECONDS stand for the limit.
func Framing() []string {
	return []string{
		limitMariaDB, limitMySQL, isolate, begin, end,
	}
}

const (
	limitMariaDB = "SET SESSION max_statement_time = SECONDS"
	limitMySQL   = "SET SESSION max_execution_time = MILLISECONDS"
	isolate      = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
	begin        = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
	end          = "ROLLBACK"
)
