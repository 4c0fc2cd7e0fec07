// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"net/http"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// old is older than stuck_after.
const old = "'2020-01-01 00:00:00'"

// incompleteOwner is what Placement has for a project and a user that it was not told.
const incompleteOwner = "00000000-0000-0000-0000-000000000000"

// makers makes each kind of fault. Placement is restored when the state ends; what else they change they undo.
func makers() map[string]func(s *state, host string) truth {
	all := hostMakers()
	for name, make := range consumerMakers() {
		all[name] = func(s *state, _ string) truth { return make(s) }
	}
	return all
}

func consumerMakers() map[string]func(*state) truth {
	return map[string]func(*state) truth{
		"orphan": func(s *state) truth { return orphaned(s.consumer(map[string]live.Share{s.other(): part()})) },
		"orphan-two-hosts": func(s *state) truth {
			hosts := s.others(2)
			return orphaned(s.consumer(map[string]live.Share{hosts[0]: part(), hosts[1]: part()}))
		},
		"orphan-shared-disk":       orphanSharedDisk,
		"orphan-numa":              orphanNUMA,
		"orphan-device":            orphanDevice,
		"orphan-stale-provider":    orphanStaleProvider,
		"orphan-no-inventory":      orphanNoInventory,
		"orphan-incomplete":        orphanIncomplete,
		"ended-migration":          func(s *state) truth { return s.endedMigration(1) },
		"ended-migration-twice":    func(s *state) truth { return s.endedMigration(2) },
		"custom-only":              customOnly,
		"missing":                  missing,
		"drift":                    drift,
		"drift-shared-disk":        driftSharedDisk,
		"incomplete":               incomplete,
		"double":                   double,
		"double-child":             doubleChild,
		"misplaced":                func(s *state) truth { return s.misplaced("PLC104", 1) },
		"misplaced-two":            func(s *state) truth { return s.misplaced("PLC103", 2) },
		"misplaced-three":          func(s *state) truth { return s.misplaced("PLC103", 3) },
		"misplaced-child":          misplacedChild,
		"misplaced-stale":          misplacedStale,
		"failed-migration":         func(s *state) truth { return s.failedMigration(true) },
		"failed-migration-missing": func(s *state) truth { return s.failedMigration(false) },
		"offloaded":                offloaded,
		"stuck-build":              stuckBuild,
		"stuck-task":               func(s *state) truth { return s.stuckTask(false) },
		"stuck-task-missing":       func(s *state) truth { return s.stuckTask(true) },
		"stuck-migration":          stuckMigration,
		"unknown-host":             unknownHost,
		"lost-mapping":             lostMapping,
		"running-migration":        func(s *state) truth { return truth{consumer: s.running.UUID} },
		"reservation":              reservation,
		"soft-deleted":             func(s *state) truth { return s.rewritten("vm_state = 'soft-delete'") },
		"fresh-task":               freshTask,
		"bare-metal":               bareMetal,
		"own-child":                ownChild,
		"one-time-use":             oneTimeUse,
		"idle-share":               func(s *state) truth { s.sharing(s.other()); return truth{} },
		"shared-disk":              sharedDisk,
		"renamed-node":             func(s *state) truth { return s.rewritten("node = concat(node, '.before')") },
		"building": func(s *state) truth {
			return s.rewritten("host = NULL, node = NULL, vm_state = 'building', task_state = 'scheduling', created_at = UTC_TIMESTAMP(), updated_at = UTC_TIMESTAMP()")
		},
		"foreign-type": foreignType,
		"foreign-disk": func(s *state) truth {
			return truth{consumer: s.consumer(map[string]live.Share{s.sharing(s.other()): holds("DISK_GB", 1)})}
		},
		"foreign-project": foreignConsumer,
	}
}

// orphaned is the truth about a consumer that is nothing.
func orphaned(consumer string) truth {
	return truth{consumer: consumer, found: []want{finding("PLC101", "consumer", consumer)}}
}

func orphanSharedDisk(s *state) truth {
	host := s.other()
	return orphaned(s.consumer(map[string]live.Share{host: holds("VCPU", 1, "MEMORY_MB", 64), s.sharing(host): holds("DISK_GB", 2)}))
}

func orphanNUMA(s *state) truth {
	return orphaned(s.consumer(map[string]live.Share{s.provider("", s.other(), "VCPU"): holds("VCPU", 1)}))
}

func orphanDevice(s *state) truth {
	const class = "CUSTOM_PCI_10DE_1EB8"
	s.class(class)
	return orphaned(s.consumer(map[string]live.Share{s.provider("", s.other(), class): holds(class, 1)}))
}

func orphanStaleProvider(s *state) truth {
	root := s.computeRoot("", "VCPU", "MEMORY_MB", "DISK_GB")
	t := orphaned(s.consumer(map[string]live.Share{root: part()}))
	t.found = append(t.found, finding("PLC201", "provider", root))
	return t
}

// orphanNoInventory takes the rows of the inventories away beneath an allocation.
func orphanNoInventory(s *state) truth {
	t := orphanStaleProvider(s)
	root := strings.TrimPrefix(t.found[1].print, "PLC201:provider:")
	s.loseInventories("resource_provider_id = (SELECT id FROM placement.resource_providers WHERE uuid = '" + root + "')")
	t.found = append(t.found, finding("PLC110", "consumer", t.consumer))
	return t
}

func orphanIncomplete(s *state) truth {
	t := orphaned(s.consumer(map[string]live.Share{s.other(): part()}))
	s.own(t.consumer, incompleteOwner, incompleteOwner)
	t.found = append(t.found, finding("PLC108", "consumer", t.consumer))
	return t
}

// own writes what a consumer holds for another project and user.
func (s *state) own(consumer, project, user string) {
	held, err := s.cloud.Held(s.ctx, consumer)
	s.must(err)
	held.Project, held.User = project, user
	s.disowned = append(s.disowned, consumer)
	s.must(s.cloud.Placement(s.ctx, http.MethodPut, "/allocations/"+consumer, held, nil))
}

func (s *state) endedMigration(hosts int) truth {
	shares := map[string]live.Share{}
	for _, host := range s.others(hosts) {
		shares[host] = part()
	}
	s.hold(s.ended.UUID, shares)
	return truth{consumer: s.ended.UUID, found: []want{finding("PLC102", "consumer", s.ended.UUID, s.confirmed)}}
}

func customOnly(s *state) truth {
	host, class := s.other(), s.custom()
	path := "/resource_providers/" + host + "/inventories"
	s.must(s.cloud.Placement(s.ctx, http.MethodPost, path, map[string]any{"resource_class": class, "total": 8}, nil))
	return orphaned(s.consumer(map[string]live.Share{host: holds(class, 1)}))
}

func reservation(s *state) truth {
	class := s.custom()
	return truth{consumer: s.consumer(map[string]live.Share{s.provider("", s.other(), class): holds(class, 1)})}
}

func foreignType(s *state) truth {
	consumer := live.UUID()
	s.must(s.cloud.HoldAs(s.ctx, consumer, "CONTAINER", map[string]live.Share{s.other(): part()}))
	return truth{consumer: consumer}
}

func foreignConsumer(s *state) truth {
	consumer := s.consumer(map[string]live.Share{s.other(): part()})
	s.own(consumer, foreignProject, foreignProject)
	return truth{consumer: consumer}
}

// part is a small part of a host.
func part() live.Share { return holds("VCPU", 1, "MEMORY_MB", 64, "DISK_GB", 1) }

// holds makes a share of pairs of a class and an amount.
func holds(pairs ...any) live.Share {
	share := live.Share{Resources: map[string]int{}}
	for i := 0; i < len(pairs); i += 2 {
		class, _ := pairs[i].(string)
		share.Resources[class], _ = pairs[i+1].(int)
	}
	return share
}
