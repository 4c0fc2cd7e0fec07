// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"regexp"
	"testing"
)

// Faults that only a database has: Nova lost them, or a process that was killed left them.
func TestLabProvokedInDatabase(t *testing.T) {
	b := benchOf(t)
	for _, f := range databaseFaults() {
		t.Cleanup(func() { f.mend(b) })
	}
	b.provoke(databaseFaults(), map[string]any{"checks": "PLC111,PLC504,PLC505,PLC507,PLC508", "stuck_after": 3600})
}

// sql changes what Nova keeps of a server.
func (b *bench) sql(server, set string) {
	b.t.Helper()
	if err := b.SQL(context.WithoutCancel(b.t.Context()), "UPDATE nova_cell1.instances SET "+set+" WHERE uuid='"+b.server[server].ID+"'"); err != nil {
		b.t.Fatal(err)
	}
}

// databaseFaults are about servers that stand still, and about hosts that Nova does not know.
func databaseFaults() []provocation {
	const old = ", updated_at='2020-01-01 00:00:00'"
	return []provocation{{
		checks: "PLC111", remedy: "give the compute service its old host name back",
		provoke: func(b *bench) []string {
			b.sql("s5", "host='nowhere'")
			return []string{"PLC111:server:" + b.server["s5"].ID}
		},
		mend: func(b *bench) { b.sql("s5", "host='cn5'") },
	}, {
		checks: "PLC504", remedy: "openstack server set --state active SERVER",
		provoke: func(b *bench) []string {
			b.sql("s4", "task_state='migrating', created_at='2020-01-01 00:00:00', launched_at='2020-01-01 00:00:00'"+old)
			return []string{"PLC504:server:" + b.server["s4"].ID}
		},
		mend: func(b *bench) { b.sql("s4", "task_state=NULL") },
	}, {
		checks: "PLC505", remedy: "openstack server delete SERVER, or what it was before",
		provoke: func(b *bench) []string {
			b.sql("s2", "vm_state='building', task_state='spawning', created_at='2020-01-01 00:00:00'"+old)
			return []string{"PLC505:server:" + b.server["s2"].ID}
		},
		mend: func(b *bench) { b.sql("s2", "vm_state='active', task_state=NULL, created_at=NOW()") },
	}, {
		checks: "PLC507", remedy: "nova-manage cell_v2 discover_hosts --by-service",
		provoke: func(b *bench) []string {
			if err := b.SQL(context.WithoutCancel(b.t.Context()), "DELETE FROM nova_api.host_mappings WHERE host='cn3'"); err != nil {
				b.t.Fatal(err)
			}
			for _, s := range b.services() {
				if s.Host == "cn3" {
					return []string{"PLC507:service:" + s.ID}
				}
			}
			return nil
		},
		mend: func(b *bench) { b.run([]int{0}, "nova-manage", "cell_v2", "discover_hosts", "--by-service") },
	}, {
		checks: "PLC508", remedy: "nova-manage cell_v2 map_instances --cell_uuid CELL",
		provoke: func(b *bench) []string { // nothing else is wrong with it
			server := b.server["s1"].ID
			if err := b.SQL(context.WithoutCancel(b.t.Context()), "DELETE FROM nova_api.instance_mappings WHERE instance_uuid='"+server+"'"); err != nil {
				b.t.Fatal(err)
			}
			return []string{"PLC508:server:" + server}
		},
		mend: func(b *bench) {
			cell := regexp.MustCompile(`cell1 *\| *([0-9a-f-]{36})`).FindStringSubmatch(b.run([]int{0}, "nova-manage", "cell_v2", "list_cells"))
			b.run([]int{0}, "nova-manage", "cell_v2", "map_instances", "--reset", "--cell_uuid", cell[1])
		},
	}}
}
