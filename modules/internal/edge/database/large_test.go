// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"fmt"
	"maps"
	"runtime"
	"strconv"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// A cloud of this size is read in the tests: ten servers a host, three resource classes.
const (
	largeHosts  = 2_000
	perHost     = 10
	largeModern = "2026-11-20 10:20:30"
)

func hostUUID(i int) string   { return fmt.Sprintf("%08d-0000-4000-8000-000000000000", i) }
func serverUUID(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i) }
func hostName(i int) string   { return fmt.Sprintf("host-%05d.cloud.example.org", i) }

// rowsOf makes so many rows of texts and nil.
func rowsOf(most int, one func(i int) []any) func(int) []driver.Value {
	return func(i int) []driver.Value {
		if i >= most {
			return nil
		}
		var out []driver.Value
		for _, v := range one(i) {
			if text, is := v.(string); is {
				out = append(out, []byte(text))
			} else {
				out = append(out, nil)
			}
		}
		return out
	}
}

// large makes the rows of such a cloud one by one.
func large() map[string]func(int) []driver.Value {
	n := strconv.Itoa
	const flavor = `{"cur": {"nova_object.data": {"name": "m1.small", "vcpus": 1, "memory_mb": 2048, "root_gb": 20}}, "old": null, "new": null}`
	const servers = largeHosts * perHost
	project := func(i int) string { return fmt.Sprintf("%032d", i%50) }
	return map[string]func(int) []driver.Value{
		"resource_classes":   rowsOf(3, func(i int) []any { return []any{n(i), []string{"VCPU", "MEMORY_MB", "DISK_GB"}[i]} }),
		"resource_providers": rowsOf(largeHosts, func(i int) []any { return []any{n(i + 1), hostUUID(i), hostName(i), "7", n(i + 1), nil} }),
		"inventories": rowsOf(3*largeHosts, func(i int) []any {
			return []any{n(i/3 + 1), n(i % 3), []string{"64", "262144", "2048"}[i%3], "0", "1", "262144", "1", "4"}
		}),
		"projects":       rowsOf(50, func(i int) []any { return []any{n(i + 1), project(i)} }),
		"users":          rowsOf(50, func(i int) []any { return []any{n(i + 1), project(i)} }),
		"consumer_types": rowsOf(1, func(int) []any { return []any{"1", "INSTANCE"} }),
		"consumers":      rowsOf(servers, func(i int) []any { return []any{serverUUID(i), "1", n(i%50 + 1), n(i%50 + 1), nil} }),
		"allocations": rowsOf(3*servers, func(i int) []any {
			return []any{n(i/3/perHost + 1), n(i % 3), serverUUID(i / 3), []string{"1", "2048", "20"}[i%3]}
		}),
		"host_mappings":     rowsOf(largeHosts, func(i int) []any { return []any{hostName(i), "1"} }),
		"instance_mappings": rowsOf(servers, func(i int) []any { return []any{serverUUID(i), "1", "0", project(i), project(i), largeModern} }),
		"services": rowsOf(largeHosts, func(i int) []any {
			return []any{"5" + hostUUID(i)[1:], "nova-compute", hostName(i), "0", "0", largeModern, largeModern, largeModern, "5"}
		}),
		"compute_nodes": rowsOf(largeHosts, func(i int) []any { return []any{hostUUID(i), hostName(i), hostName(i), "QEMU", "64", "262144", "2048"} }),
		"instances": rowsOf(servers, func(i int) []any {
			return []any{
				serverUUID(i), fmt.Sprintf("server-%06d", i), "active", nil, hostName(i / perHost), hostName(i / perHost), project(i), project(i),
				largeModern, largeModern, largeModern, "image", "0", flavor,
			}
		}),
	}
}

// readLarge reads such a cloud, as sweep does.
func readLarge(t *testing.T, o sweep) *found {
	of := &querytest.Server{Made: large()}
	s := querytest.Session(t, of)
	k := once.NewIDs()
	f := &found{s: &snapshot.Snapshot{Parts: map[snapshot.Part]snapshot.Status{}}, stock: newStock(s, "x", k), registry: newRegistry(s, "x", k)}
	c := newCell("c", "cell1", k)
	c.s, c.schema = s, "x"
	f.registry.add(1, c)
	ctx := t.Context()
	c.begin(ctx, o)
	f.stock.read(ctx, o.needs, o.keep)
	f.registry.read(ctx, o)
	c.read(ctx, o)
	f.registry.readLast(ctx, o)
	f.assemble(o, nil, nil)
	return f
}

// What is kept of a large cloud is little more than what its snapshot has: flavors, amounts, hosts and UUIDs are kept once.
func TestLargeMemory(t *testing.T) {
	const most = 850 // bytes for each server, with its share of everything else; 1080 where everything is kept as it comes
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f := readLarge(t, sweep{parts: expand(snapshot.AllParts())})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := (after.HeapAlloc - before.HeapAlloc) / (largeHosts * perHost); kept > most {
		t.Errorf("%d bytes are kept of each server", kept)
	}
	s := f.s
	if len(s.ServerList) != largeHosts*perHost || len(s.AllocationList) != len(s.ServerList) || len(s.HypervisorList) != largeHosts || len(f.s.Rows.Lost) > 0 {
		t.Errorf("%d servers, %d allocations, %d compute nodes, lost %d", len(s.ServerList), len(s.AllocationList), len(s.HypervisorList), len(s.Rows.Lost))
	}
	last := s.ServerList[len(s.ServerList)-1]
	if want := map[string]int{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}; last.Flavor.RAM != 2048 || !maps.Equal(s.Held(last.UUID)[0].Resources, want) {
		t.Errorf("%+v holds %+v", last, s.Held(last.UUID))
	}
	uuid := hostUUID(largeHosts - 1)
	if used := s.UsageMap[uuid]; used["VCPU"] != perHost || s.InventoryMap[uuid]["MEMORY_MB"].Total != 262144 {
		t.Errorf("used %v of %v", used, s.InventoryMap[uuid])
	}
}
