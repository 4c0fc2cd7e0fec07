// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// The servers on which faults are provoked that only a database has, by what is done to them.
func stuckServers() map[string]string {
	servers := map[string]string{}
	for name, host := range map[string]string{
		"task": "cn4", "migrating": "cn3", "deleting": "cn1", "rebooting": "cn1", "building": "cn5", "nowhere": "cn3", "case": "cn4",
		"astray": "cn5", "unmapped": "cn5", "hostless": "cn3", "queued": "cn4", "running": "cn1", "pre": "cn5", "evacuated": "cn4", "gone": "cn2",
	} {
		servers[ours+name] = host
	}
	return servers
}

// takesMinutes skips a test outside make soak.
func takesMinutes(t *testing.T) {
	t.Helper()
	if os.Getenv("PLACEMENT_SOAK_MINUTES") == "" {
		t.Skip("it takes minutes: make soak")
	}
}

// Faults that only a database has: Nova lost something, or a process that was killed left it.
func TestLabProvokedInDatabase(t *testing.T) {
	takesMinutes(t)
	b := benchOf(t)
	b.boot(stuckServers())
	cell, deleting := b.cell1(), b.server[ours+"deleting"].ID
	b.run([]int{0, 1}, "nova-manage", "cell_v2", "map_instances", "--cell_uuid", cell) // so that it has to begin anew
	t.Cleanup(func() {
		b.run([]int{0, 1}, "nova-manage", "cell_v2", "discover_hosts", "--by-service")
		b.run([]int{0, 1}, "nova-manage", "cell_v2", "map_instances", "--reset", "--cell_uuid", cell)
		b.query("UPDATE nova_api.instance_mappings SET queued_for_delete=1 WHERE instance_uuid='" + deleting + "'") // as a request does
	})
	b.send(b.nova, http.MethodDelete, "/servers/"+b.server[ours+"gone"].ID, nil, nil)
	b.until("end of the server", func() bool { return b.servers()[ours+"gone"].ID == "" })
	b.provoke(slices.Concat(serverFaults(), moveFaults(), mappingFaults()), map[string]any{"stuck_after": 3600})
}

// set changes what Nova keeps of a server, as if it had been so for long, and returns its UUID.
func (b *bench) set(name, values string) string {
	b.t.Helper()
	id := b.server[ours+name].ID
	const old = "created_at='2020-01-01 00:00:00', launched_at='2020-01-01 00:00:00', updated_at='2020-01-01 00:00:00'"
	b.query("UPDATE nova_cell1.instances SET " + values + ", " + old + " WHERE uuid='" + id + "'")
	return id
}

// stuck is the fault of one server.
func stuck(check, name, values string) provocation {
	return provocation{checks: check, provoke: func(b *bench) []string {
		return []string{check + ":server:" + b.set(name, values)}
	}}
}

// serverFaults are about servers that stand still, and that are on hosts which Nova does not know.
func serverFaults() []provocation {
	return []provocation{
		stuck("PLC504", "rebooting", "task_state='reboot_started'"),
		stuck("PLC504", "deleting", "task_state='deleting'"),
		stuck("PLC505", "building", "vm_state='building', task_state='spawning'"),
		stuck("PLC505", "hostless", "vm_state='building', task_state='scheduling', host=NULL, node=NULL"),
		stuck("PLC111", "case", "host='CN4'"),
		{checks: "PLC504 PLC105", provoke: func(b *bench) []string {
			server := b.set("task", "task_state='updating_password'")
			b.unset(server)
			return []string{"PLC504:server:" + server, "PLC105:server:" + server}
		}},
		{checks: "PLC504", provoke: func(b *bench) []string {
			server := b.set("migrating", "task_state='migrating'")
			b.insertMove(server, "live-migration", "completed", "cn3", "cn4")
			return []string{"PLC504:server:" + server}
		}},
		{checks: "PLC111 PLC105", provoke: func(b *bench) []string {
			server := b.set("nowhere", "host='nowhere'")
			b.unset(server)
			return []string{"PLC111:server:" + server, "PLC105:server:" + server}
		}},
		{checks: "PLC111 PLC103", provoke: func(b *bench) []string {
			all := []string{"VCPU", "MEMORY_MB", "DISK_GB"}
			b.split(ours+"astray", map[string][]string{"cn5": all, "cn4": {"VCPU"}})
			server := b.set("astray", "host='nowhere'")
			return []string{"PLC111:server:" + server, "PLC103:server:" + server}
		}},
	}
}

// insertMove writes a migration of long ago into the cell's database, and returns its UUID.
func (b *bench) insertMove(server, kind, status, from, to string) string {
	b.t.Helper()
	const long = "2020-01-01 00:00:00"
	values := map[string]string{
		"created_at": long, "updated_at": long, "deleted": "0", "hidden": "0", "uuid": live.UUID(), "instance_uuid": server,
		"migration_type": kind, "status": status, "source_compute": from, "source_node": from, "dest_compute": to, "dest_node": to,
		"old_instance_type_id": "2", "new_instance_type_id": "2", "cross_cell_move": "0",
	}
	names := slices.Sorted(maps.Keys(values))
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = "'" + values[name] + "'"
	}
	b.query("INSERT INTO nova_cell1.migrations (" + strings.Join(names, ",") + ") VALUES (" + strings.Join(words, ",") + ")")
	b.t.Cleanup(func() { b.query("DELETE FROM nova_cell1.migrations WHERE uuid='" + values["uuid"] + "'") })
	return values["uuid"]
}

// moveFaults are of moves that stand still.
func moveFaults() []provocation {
	of := func(name, kind, status, task string) provocation {
		return provocation{checks: "PLC502", provoke: func(b *bench) []string {
			if task != "" {
				b.set(name, "task_state='"+task+"'")
			}
			from := b.server[ours+name].Host
			return []string{"PLC502:consumer:" + b.insertMove(b.server[ours+name].ID, kind, status, from, "cn2")}
		}}
	}
	return []provocation{
		of("queued", "live-migration", "queued", "migrating"),
		of("running", "live-migration", "running", "migrating"),
		of("pre", "migration", "pre-migrating", ""),
		of("evacuated", "evacuation", "accepted", "rebuilding"),
		{checks: "PLC502", provoke: func(b *bench) []string {
			return []string{"PLC502:consumer:" + b.insertMove(b.server[ours+"gone"].ID, "migration", "migrating", "cn4", "cn5")}
		}},
		{checks: "PLC502", provoke: func(b *bench) []string {
			move := b.insertMove(b.server[ours+"gone"].ID, "migration", "migrating", "cn4", "cn5")
			b.hold(move, b.on(b.provider["cn4"]))
			return []string{"PLC502:consumer:" + move}
		}},
	}
}

// mappingFaults are of what only databases know of hosts, servers and providers.
func mappingFaults() []provocation {
	return []provocation{{
		checks: "PLC507",
		provoke: func(b *bench) []string {
			b.query("DELETE FROM nova_api.host_mappings WHERE host='cn2'")
			for _, s := range b.services() {
				if s.Host == "cn2" {
					return []string{"PLC507:service:" + s.ID}
				}
			}
			return nil
		},
	}, {
		checks: "PLC508 PLC105",
		provoke: func(b *bench) []string {
			server := b.server[ours+"unmapped"].ID
			b.unset(server)
			b.query("DELETE FROM nova_api.instance_mappings WHERE instance_uuid='" + server + "'")
			return []string{"PLC508:server:" + server, "PLC105:server:" + server}
		},
	}, {
		checks: "PLC110",
		provoke: func(b *bench) []string {
			b.query("DELETE FROM placement.inventories WHERE resource_class_id=2 AND resource_provider_id=" +
				"(SELECT id FROM placement.resource_providers WHERE uuid='" + b.provider["cn1"] + "')")
			var want []string
			for _, name := range []string{"s1", ours + "rebooting", ours + "deleting", ours + "running"} {
				want = append(want, "PLC110:consumer:"+b.server[name].ID)
			}
			return want
		},
	}}
}

// strangerFaults are of another Nova that uses the same Placement.
func strangerFaults() []provocation {
	return []provocation{{
		checks: "PLC506",
		provoke: func(b *bench) []string {
			for _, name := range []string{"r1", "r2", "r3"} {
				p := labProvider{UUID: live.UUID(), Name: ours + name}
				b.makeProvider(p)
				b.put(p.UUID, "inventories", map[string]inventory{"VCPU": {"total": 8, "max_unit": 8}})
				b.holdClass(live.UUID(), p.UUID, "VCPU", 1)
			}
			return []string{"PLC506:service:"}
		},
	}}
}

// Another Nova is told by the option owned.
func TestLabProvokedStrangers(t *testing.T) {
	benchOf(t).provoke(strangerFaults(), nil)
}
