// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"maps"
	"net/http"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// server is how a server stands in Nova.
type server struct {
	ID     string
	Name   string
	Status string
	Host   string `json:"OS-EXT-SRV-ATTR:host"`
	Task   string `json:"OS-EXT-STS:task_state"`
	VM     string `json:"OS-EXT-STS:vm_state"`
	Power  int    `json:"OS-EXT-STS:power_state"`
	Flavor struct{ VCPUs, RAM, Disk int }
}

// needs is what the flavor of a server asks for.
func (v server) needs() map[string]int {
	return map[string]int{"VCPU": v.Flavor.VCPUs, "MEMORY_MB": v.Flavor.RAM, "DISK_GB": v.Flavor.Disk}
}

// servers reads all servers, by UUID.
func (s *state) servers() map[string]server {
	s.t.Helper()
	var list struct{ Servers []server }
	s.must(s.cloud.Nova(s.ctx, http.MethodGet, "/servers/detail?all_tenants=True", nil, &list))
	all := map[string]server{}
	for _, v := range list.Servers {
		all[v.ID] = v
	}
	return all
}

// alive fails for each server that does not stand as it stood, or that holds less than its flavor asks for and than it held.
func (s *state) alive(servers map[string]server, was, now placement) {
	s.t.Helper()
	if stand := s.servers(); !maps.Equal(servers, stand) {
		s.t.Errorf("the servers are %+v\nand were %+v", stand, servers)
	}
	for uuid, v := range servers {
		if v.Status == "SHELVED_OFFLOADED" {
			continue // it is nowhere, and holds nothing
		}
		before, after := sum(was.held[uuid]), sum(now.held[uuid])
		for class, n := range v.needs() {
			if after[class] < min(n, before[class]) {
				s.t.Errorf("server %s (%s) held %d of %s, and holds %d", v.Name, uuid, before[class], class, after[class])
			}
		}
	}
}

// sum is what shares are together, by class.
func sum(shares map[string]live.Share) map[string]int {
	all := map[string]int{}
	for _, share := range shares {
		for class, n := range share.Resources {
			all[class] += n
		}
	}
	return all
}
