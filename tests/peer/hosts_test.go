// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

func hostMakers() map[string]func(s *state, host string) truth {
	return map[string]func(s *state, host string) truth{
		"invisible": invisible, "stale": stale, "stale-tree": staleTree, "duplicate": duplicate, "empty-child": emptyChild,
		"aggregate-missing": aggregateMissing, "aggregate-stale": aggregateStale, "unit-violation": unitViolation,
		"lost-inventory": lostInventory, "lost-inventories": lostInventories, "renamed": renamed, "uuid-mismatch": uuidMismatch,
		"usurped": usurped, "missing-provider": missingProvider, "empty": empty, "trait-disabled": traitDisabled,
		"service-disabled": serviceDisabled, "trait-missing": traitMissing, "over-capacity": overCapacity, "near-full": nearFull,
		"bad-shape": badShape, "min-unit": minUnit, "inventory-drift": inventoryDrift, "nested": nested, "unmapped": unmapped,
		"disabled": disabled,
	}
}

// on is the truth about the provider of a host of which one check says something.
func (s *state) on(id, host string, names ...string) truth {
	return truth{found: []want{finding(id, "provider", s.hosts[host], names...)}}
}

// invisible is usage whose consumer has no row any more.
func invisible(s *state, _ string) truth {
	host := s.other()
	consumer := s.consumer(map[string]live.Share{host: part()})
	s.must(s.lab.SQL(s.ctx, "DELETE FROM placement.consumers WHERE uuid = '"+consumer+"'"))
	s.undo(func() error {
		return s.lab.SQL(s.ctx, "DELETE FROM placement.allocations WHERE consumer_id = '"+consumer+"'")
	})
	return truth{found: []want{finding("PLC109", "provider", host)}}
}

func stale(s *state, _ string) truth {
	root := s.computeRoot("", "VCPU", "MEMORY_MB", "DISK_GB")
	return truth{found: []want{finding("PLC201", "provider", root)}}
}

func staleTree(s *state, _ string) truth {
	root := s.computeRoot("", "VCPU")
	child := s.provider("", root, "VCPU")
	return truth{found: []want{finding("PLC201", "provider", root, child), finding("PLC206", "provider", child, root)}}
}

// duplicate is what is left of a host that was called by its whole name before.
func duplicate(s *state, _ string) truth {
	host := s.other()
	name, _, _ := strings.Cut(s.called(host), " ")
	root := s.computeRoot(name+".example.org", "VCPU", "MEMORY_MB")
	return truth{found: []want{finding("PLC202", "provider", root, host), finding("PLC201", "provider", root, host)}}
}

func emptyChild(s *state, _ string) truth {
	host := s.other()
	return truth{found: []want{finding("PLC212", "provider", s.provider("", host), host)}}
}

// aggregate makes a host aggregate with a host, which Nova writes into Placement too.
func (s *state) aggregate(host string) (uuid string) {
	var made struct {
		Aggregate struct {
			ID   int
			UUID string
		}
	}
	s.must(s.cloud.Nova(s.ctx, http.MethodPost, "/os-aggregates", map[string]any{"aggregate": map[string]any{"name": "peer-" + host}}, &made))
	path := fmt.Sprintf("/os-aggregates/%d", made.Aggregate.ID)
	s.undo(func() error { return s.cloud.Nova(s.ctx, http.MethodDelete, path, nil, nil) })
	change := func(action string) error {
		return s.cloud.Nova(s.ctx, http.MethodPost, path+"/action", map[string]any{action: map[string]any{"host": host}}, nil)
	}
	s.must(change("add_host"))
	s.undo(func() error { return change("remove_host") })
	return made.Aggregate.UUID
}

func aggregateMissing(s *state, host string) truth {
	aggregate := s.aggregate(host)
	s.must(s.put(s.ctx, s.hosts[host], "aggregates", []string{}))
	return s.on("PLC401", host, aggregate)
}

func aggregateStale(s *state, host string) truth {
	aggregate := live.UUID()
	s.must(s.put(s.ctx, s.hosts[host], "aggregates", []string{aggregate}))
	return s.on("PLC402", host, aggregate)
}

// unitViolation is an inventory that does not allow what is held of it.
func unitViolation(s *state, host string) truth {
	s.amend(s.hosts[host], "MEMORY_MB", map[string]any{"step_size": 3000})
	t := s.on("PLC307", host)
	for _, consumer := range s.holders(s.hosts[host]) {
		t.found = append(t.found, finding("PLC110", "consumer", consumer, s.hosts[host]))
	}
	return t
}

// lostInventory is one whose row is gone beneath what is held of it.
func lostInventory(s *state, host string) truth {
	return s.lostRows(host, "resource_class_id = (SELECT id FROM placement.resource_classes WHERE name = 'DISK_GB') AND ", "")
}

func lostInventories(s *state, host string) truth { return s.lostRows(host, "", "PLC207") }

func (s *state) lostRows(host, which, id string) truth {
	uuid := s.hosts[host]
	s.loseInventories(which + "resource_provider_id = (SELECT id FROM placement.resource_providers WHERE uuid = '" + uuid + "')")
	var t truth
	if id != "" {
		t = s.on(id, host)
	}
	for _, consumer := range s.holders(uuid) {
		t.found = append(t.found, finding("PLC110", "consumer", consumer, uuid))
	}
	return t
}

func renamed(s *state, host string) truth {
	s.must(s.rename(s.ctx, s.hosts[host], "peer-renamed-"+host, nil))
	return s.on("PLC204", host)
}

// uuidMismatch is a provider in the place of a host's own, which has another name now.
func uuidMismatch(s *state, host string) truth {
	renamed(s, host)
	root := s.computeRoot(host, "VCPU")
	return truth{found: []want{
		finding("PLC204", "provider", s.hosts[host], root), // which has the name
		finding("PLC203", "provider", root, s.hosts[host]), finding("PLC201", "provider", root, s.hosts[host]),
	}}
}

// removed takes a host's provider away, and what its servers hold with it.
func (s *state) removed(host string) truth {
	t := s.on("PLC205", host)
	for _, consumer := range s.holders(s.hosts[host]) {
		s.hold(consumer, nil)
		t.found = append(t.found, finding("PLC105", "server", consumer))
	}
	s.must(s.cloud.Placement(s.ctx, http.MethodDelete, "/resource_providers/"+s.hosts[host], nil, nil))
	return t
}

func missingProvider(s *state, host string) truth { return s.removed(host) }

func usurped(s *state, host string) truth {
	t := s.removed(host)
	root := s.computeRoot(host, "VCPU")
	t.found = append(t.found, finding("PLC203", "provider", root, s.hosts[host]), finding("PLC201", "provider", root, s.hosts[host]))
	return t
}

func empty(s *state, host string) truth {
	t := s.on("PLC207", host)
	for _, consumer := range s.holders(s.hosts[host]) {
		s.hold(consumer, nil)
		t.found = append(t.found, finding("PLC105", "server", consumer))
	}
	s.must(s.put(s.ctx, s.hosts[host], "inventories", map[string]any{}))
	return t
}

func traitDisabled(s *state, host string) truth {
	s.trait(s.hosts[host], "COMPUTE_STATUS_DISABLED", true)
	return s.on("PLC208", host)
}

func serviceDisabled(s *state, host string) truth {
	s.change("nova_cell1.services", "host = '"+host+"' AND `binary` = 'nova-compute' AND deleted = 0", "disabled = 1", "disabled")
	return s.on("PLC208", host)
}

// disabled is a host that is disabled as it should be.
func disabled(s *state, host string) truth {
	serviceDisabled(s, host)
	s.trait(s.hosts[host], "COMPUTE_STATUS_DISABLED", true)
	return truth{}
}

func traitMissing(s *state, host string) truth {
	trait := "COMPUTE_NODE"
	if slices.Contains(s.details(s.hosts[host]).traits, "OWNER_NOVA") && s.random.Intn(2) == 0 {
		trait = "OWNER_NOVA"
	}
	s.trait(s.hosts[host], trait, false)
	return s.on("PLC209", host)
}

// used returns how much is held of a class of a host, and its inventory.
func (s *state) used(host, class string) (used int, inventory map[string]any) {
	var answer struct{ Usages map[string]int }
	s.must(s.cloud.Placement(s.ctx, http.MethodGet, "/resource_providers/"+s.hosts[host]+"/usages", nil, &answer))
	return answer.Usages[class], s.details(s.hosts[host]).inventories[class]
}

func overCapacity(s *state, host string) truth {
	used, inventory := s.used(host, "MEMORY_MB")
	total, _ := inventory["total"].(float64)
	reserved, _ := inventory["reserved"].(float64)
	s.amend(s.hosts[host], "MEMORY_MB", map[string]any{"allocation_ratio": float64(used-100) / (total - reserved)})
	return s.on("PLC301", host)
}

func nearFull(s *state, host string) truth {
	used, inventory := s.used(host, "MEMORY_MB")
	total, _ := inventory["total"].(float64)
	s.amend(s.hosts[host], "MEMORY_MB", map[string]any{"allocation_ratio": 1.0, "reserved": int(total) - used})
	return s.on("PLC302", host)
}

func badShape(s *state, host string) truth {
	s.amend(s.hosts[host], "DISK_GB", map[string]any{"max_unit": 2000})
	return s.on("PLC303", host)
}

func minUnit(s *state, host string) truth {
	s.amend(s.hosts[host], "VCPU", map[string]any{"min_unit": 2})
	t := s.on("PLC307", host)
	for _, consumer := range s.holders(s.hosts[host]) {
		t.found = append(t.found, finding("PLC110", "consumer", consumer, s.hosts[host]))
	}
	return t
}

func inventoryDrift(s *state, host string) truth {
	s.amend(s.hosts[host], "VCPU", map[string]any{"total": 12, "max_unit": 12})
	return s.on("PLC305", host)
}

func nested(s *state, host string) truth {
	root := s.provider("", "")
	s.must(s.rename(s.ctx, s.hosts[host], host, root))
	t := s.on("PLC211", host)
	t.peers = s.holders(s.hosts[host])
	return t
}

// unmapped is a host that is mapped to no cell.
func unmapped(s *state, host string) truth {
	var services struct {
		Services []struct{ ID, Host, Binary string }
	}
	s.must(s.cloud.Nova(s.ctx, http.MethodGet, "/os-services?binary=nova-compute&host="+host, nil, &services))
	s.lose("nova_api.host_mappings", "host = '"+host+"'")
	return truth{found: []want{finding("PLC507", "service", services.Services[0].ID, s.hosts[host])}}
}
