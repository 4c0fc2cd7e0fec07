// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"maps"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// about is the truth about a server of which one check says something.
func about(id, server string, names ...string) truth {
	return truth{consumer: server, found: []want{finding(id, "server", server, names...)}}
}

func missing(s *state) truth {
	server := s.server()
	s.hold(server, nil)
	return about("PLC105", server)
}

func drift(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	had.Resources["VCPU"]++
	s.hold(server, map[string]live.Share{host: had})
	return about("PLC106", server)
}

// driftSharedDisk is one that heal_allocations would make worse.
func driftSharedDisk(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	had.Resources["VCPU"]++
	disk := had.Resources["DISK_GB"]
	delete(had.Resources, "DISK_GB")
	s.hold(server, map[string]live.Share{host: had, s.sharing(host): holds("DISK_GB", disk)})
	return about("PLC106", server)
}

func incomplete(s *state) truth {
	server := s.server()
	s.own(server, incompleteOwner, incompleteOwner)
	return truth{consumer: server, found: []want{finding("PLC108", "consumer", server)}}
}

func double(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	other := s.other(host)
	s.hold(server, map[string]live.Share{host: had, other: had})
	return about("PLC103", server, other)
}

func doubleChild(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	child := s.provider("", s.other(host), "VCPU")
	s.hold(server, map[string]live.Share{host: had, child: holds("VCPU", 1)})
	return about("PLC103", server, child)
}

// misplaced is a server that holds parts of so many hosts, none of which is its own.
func (s *state) misplaced(id string, hosts int) truth {
	server := s.server()
	host, had := s.only(server)
	shares := map[string]live.Share{}
	named := []string{host}
	for _, other := range s.others(hosts, host) {
		shares[other] = had
		named = append(named, other)
	}
	s.hold(server, shares)
	return about(id, server, named...)
}

func misplacedChild(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	other := s.other(host)
	child := s.provider("", other, "VCPU")
	rest := live.Share{Resources: maps.Clone(had.Resources)}
	delete(rest.Resources, "VCPU")
	s.hold(server, map[string]live.Share{other: rest, child: holds("VCPU", had.Resources["VCPU"])})
	return about("PLC104", server, host, other, child)
}

// misplacedStale is a server that holds a part of a provider whose host is gone.
func misplacedStale(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	root := s.computeRoot("", "VCPU", "MEMORY_MB", "DISK_GB")
	s.hold(server, map[string]live.Share{root: had})
	t := about("PLC104", server, host, root)
	t.found = append(t.found, finding("PLC201", "provider", root))
	return t
}

// failedMigration is a server that is back where it was, while its migration, which failed, holds its share there. The server
// holds a part of the other host, or nothing.
func (s *state) failedMigration(holds bool) truth {
	server, source, target := s.moved, s.hosts["cn1"], s.hosts["cn2"]
	held, err := s.cloud.Held(s.ctx, server)
	s.must(err)
	s.rewrite(server, "host = 'cn1', node = 'cn1'")
	s.change("nova_cell1.migrations", "uuid = '"+s.failed.UUID+"'", "status = 'error'", "status")
	s.at[server] = "cn1"
	s.hold(s.failed.UUID, map[string]live.Share{source: held.Allocations[target]})
	id := "PLC104"
	t := truth{consumer: server}
	if !holds {
		s.hold(server, nil)
		id = "PLC105"
	}
	t.peers = []string{s.failed.UUID}
	if holds {
		t.peers = append(t.peers, server)
	}
	t.found = []want{
		finding(id, "server", server, source, s.failed.UUID),
		finding("PLC102", "consumer", s.failed.UUID, source, server),
	}
	return t
}

func offloaded(s *state) truth {
	s.hold(s.shelved, map[string]live.Share{s.other(): part()})
	return about("PLC107", s.shelved)
}

func stuckBuild(s *state) truth {
	server := s.serverInCell1()
	s.rewrite(server, "host = NULL, node = NULL, vm_state = 'building', task_state = 'scheduling', launched_at = NULL, created_at = "+
		old+", updated_at = "+old)
	s.at[server] = ""
	return about("PLC505", server)
}

func (s *state) stuckTask(missing bool) truth {
	server := s.serverInCell1()
	s.rewrite(server, "task_state = 'rebooting', created_at = "+old+", updated_at = "+old+", launched_at = "+old)
	t := about("PLC504", server, s.hosts[s.home[server]])
	if missing {
		s.hold(server, nil)
		t.found = append(t.found, finding("PLC105", "server", server))
	}
	return t
}

func stuckMigration(s *state) truth {
	s.change("nova_cell1.migrations", "uuid = '"+s.running.UUID+"'", "created_at = "+old+", updated_at = "+old, "created_at", "updated_at")
	return truth{consumer: s.running.UUID, found: []want{finding("PLC502", "consumer", s.running.UUID, s.waiting)}}
}

func unknownHost(s *state) truth {
	server := s.serverInCell1()
	s.rewrite(server, "host = 'nowhere'")
	s.at[server] = ""
	return about("PLC111", server)
}

// lostMapping is a server without allocation of which Nova has no instance mapping: the audit looks twice at it.
func lostMapping(s *state) truth {
	server := s.server()
	s.hold(server, nil)
	s.lose("nova_api.instance_mappings", "instance_uuid = '"+server+"'")
	t := about("PLC508", server)
	t.found = append(t.found, finding("PLC105", "server", server))
	return t
}

// rewritten is a server in another time of its life, with which nothing is wrong.
func (s *state) rewritten(change string) truth {
	server := s.serverInCell1()
	s.rewrite(server, change)
	return truth{consumer: server}
}

// freshTask is a server with a task of now, which explains that it holds nothing.
func freshTask(s *state) truth {
	t := s.rewritten("task_state = 'rebuilding', updated_at = UTC_TIMESTAMP()")
	s.hold(t.consumer, nil)
	return t
}

// bareMetal is a free node of bare metal that is reserved, as Ironic's driver has it.
func bareMetal(s *state) truth {
	class := s.custom()
	node := s.provider("", "", class)
	s.must(s.put(s.ctx, node, "inventories", map[string]any{class: map[string]any{"total": 1, "reserved": 1, "max_unit": 1}}))
	return truth{}
}

func ownChild(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	child := s.provider("", host, "VCPU")
	rest := live.Share{Resources: maps.Clone(had.Resources)}
	delete(rest.Resources, "VCPU")
	s.hold(server, map[string]live.Share{host: rest, child: holds("VCPU", had.Resources["VCPU"])})
	return truth{consumer: server}
}

// oneTimeUse is a device that was used: everything of it is reserved.
func oneTimeUse(s *state) truth {
	const class = "CUSTOM_PCI_8086_0953"
	s.class(class)
	device := s.provider("", s.other(), class)
	if live.Release() == "zed" { // has not that trait: it is a device that is free
		s.must(s.put(s.ctx, device, "inventories", map[string]any{class: map[string]any{"total": 1, "max_unit": 1}}))
		return truth{}
	}
	s.must(s.put(s.ctx, device, "inventories", map[string]any{class: map[string]any{"total": 1, "reserved": 1, "max_unit": 1}}))
	s.must(s.put(s.ctx, device, "traits", []string{"HW_PCI_ONE_TIME_USE"}))
	return truth{}
}

func sharedDisk(s *state) truth {
	server := s.server()
	host, had := s.only(server)
	disk := had.Resources["DISK_GB"]
	delete(had.Resources, "DISK_GB")
	s.hold(server, map[string]live.Share{host: had, s.sharing(host): holds("DISK_GB", disk)})
	return truth{consumer: server}
}
