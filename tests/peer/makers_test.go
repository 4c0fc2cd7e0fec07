// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// makers makes each kind of fault and returns the consumer that it is about. What they make is undone when the state ends.
func makers() map[string]func(*state) string {
	return map[string]func(*state) string{
		"orphan":                orphan,
		"orphan-two-hosts":      orphanTwoHosts,
		"orphan-shared-disk":    orphanSharedDisk,
		"orphan-numa":           orphanNUMA,
		"orphan-stale-provider": orphanStaleProvider,
		"ended-migration":       endedMigration,
		"running-migration":     func(s *state) string { return s.running },
		"reservation":           reservation,
		"soft-deleted":          func(s *state) string { return s.rewritten("vm_state = 'soft-delete'") },
		"missing":               missing,
		"double":                double,
		"misplaced":             misplaced,
		"shared-disk":           sharedDisk,
		"renamed-node":          func(s *state) string { return s.rewritten("node = concat(node, '.before')") },
		"building": func(s *state) string {
			return s.rewritten("host = NULL, node = NULL, vm_state = 'building', task_state = 'scheduling'")
		},
		"offloaded": func(s *state) string {
			return s.rewritten("host = NULL, node = NULL, vm_state = 'shelved_offloaded', task_state = NULL")
		},
		"foreign-type": foreignType,
		"foreign-disk": foreignDisk,
		"custom-only":  customOnly,
	}
}

func orphan(s *state) string {
	return s.consumer(map[string]live.Share{s.host(""): part()})
}

func orphanTwoHosts(s *state) string {
	first := s.host("")
	return s.consumer(map[string]live.Share{first: part(), s.host(first): part()})
}

func orphanSharedDisk(s *state) string {
	host := s.host("")
	shared := s.sharing(host)
	return s.consumer(map[string]live.Share{host: holds("VCPU", 1, "MEMORY_MB", 64), shared: holds("DISK_GB", 2)})
}

func orphanNUMA(s *state) string {
	child := s.provider(map[string]any{"parent_provider_uuid": s.host("")}, "VCPU")
	return s.consumer(map[string]live.Share{child: holds("VCPU", 1)})
}

func orphanStaleProvider(s *state) string {
	root := s.provider(nil, "VCPU", "MEMORY_MB", "DISK_GB")
	s.traits(root, "COMPUTE_NODE")
	return s.consumer(map[string]live.Share{root: part()})
}

func endedMigration(s *state) string {
	s.must(s.cloud.Hold(s.ctx, s.ended, map[string]live.Share{s.source: part()}))
	s.undo(func() error { return s.cloud.Hold(s.ctx, s.ended, nil) })
	return s.ended
}

func reservation(s *state) string {
	class := "CUSTOM_RESERVATION_" + strings.ToUpper(strings.ReplaceAll(uuid(), "-", "_"))
	child := s.provider(map[string]any{"parent_provider_uuid": s.host("")}, class)
	return s.consumer(map[string]live.Share{child: holds(class, 1)})
}

func missing(s *state) string {
	server := s.server()
	s.hold(server, nil)
	return server
}

func double(s *state) string {
	server := s.server()
	host, had := s.only(server)
	s.hold(server, map[string]live.Share{host: had, s.host(host): had})
	return server
}

func misplaced(s *state) string {
	server := s.server()
	host, had := s.only(server)
	s.hold(server, map[string]live.Share{s.host(host): had})
	return server
}

func sharedDisk(s *state) string {
	server := s.server()
	host, had := s.only(server)
	shared := s.sharing(host)
	disk := had.Resources["DISK_GB"]
	delete(had.Resources, "DISK_GB")
	s.hold(server, map[string]live.Share{host: had, shared: holds("DISK_GB", disk)})
	return server
}

func foreignType(s *state) string {
	consumer := uuid()
	s.must(s.cloud.HoldAs(s.ctx, consumer, "CONTAINER", map[string]live.Share{s.host(""): part()}))
	s.undo(func() error { return s.cloud.Hold(s.ctx, consumer, nil) })
	return consumer
}

func foreignDisk(s *state) string {
	return s.consumer(map[string]live.Share{s.sharing(s.host("")): holds("DISK_GB", 1)})
}

func customOnly(s *state) string {
	host, class := s.host(""), "CUSTOM_PEER_"+strings.ToUpper(strings.ReplaceAll(uuid(), "-", "_"))
	s.class(class)
	path := "/resource_providers/" + host + "/inventories"
	s.must(s.cloud.Placement(s.ctx, http.MethodPost, path, map[string]any{"resource_class": class, "total": 8}, nil))
	s.undo(func() error { return s.cloud.Placement(s.ctx, http.MethodDelete, path+"/"+class, nil, nil) })
	return s.consumer(map[string]live.Share{host: holds(class, 1)})
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

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
