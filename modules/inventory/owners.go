// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// owner says which option of nova.conf nova-compute takes a field of a class from, when it writes the provider of its host
// at the next refresh (nova/compute/resource_tracker.py and the virt drivers' update_provider_tree).
type owner struct{ class, field, option string }

func owners() []owner {
	return []owner{
		{"VCPU", "total", "what the hypervisor has, [compute]cpu_shared_set"},
		{"VCPU", "max_unit", "its total"},
		{"VCPU", "reserved", "[DEFAULT]reserved_host_cpus"},
		{"VCPU", "allocation_ratio", "[DEFAULT]cpu_allocation_ratio, if it is set"},
		{"PCPU", "total", "[compute]cpu_dedicated_set"},
		{"PCPU", "max_unit", "its total"},
		{"PCPU", "reserved", "nothing: it is always 0"},
		{"PCPU", "allocation_ratio", "nothing: it is always 1.0"},
		{"MEMORY_MB", "total", "what the hypervisor has"},
		{"MEMORY_MB", "max_unit", "its total"},
		{"MEMORY_MB", "reserved", "[DEFAULT]reserved_host_memory_mb"},
		{"MEMORY_MB", "allocation_ratio", "[DEFAULT]ram_allocation_ratio, if it is set"},
		{"DISK_GB", "total", "what the hypervisor has"},
		{"DISK_GB", "max_unit", "its total"},
		{"DISK_GB", "reserved", "[DEFAULT]reserved_host_disk_mb"},
		{"DISK_GB", "allocation_ratio", "[DEFAULT]disk_allocation_ratio, if it is set"},
	}
}

// warn tells what the operator can't see from the result.
func (t *task) warn(ctx context.Context) {
	for _, j := range t.jobs {
		plan := j.view.Plan
		t.warnOf(j)
		if !plan.Changes() {
			continue
		}
		if snapshot.BareMetal(plan.Before) {
			t.call.Warn("%s looks like a bare-metal node: nova-compute sets its reserved while it has an instance", j.Name)
		}
		t.warnOwned(ctx, j)
		t.warnUnits(ctx, j)
	}
}

// warnOf gives the warnings of a plan; those that were given before are not given again.
func (t *task) warnOf(j *job) {
	for _, text := range j.view.Plan.Warnings {
		t.call.Warn("%s: %s", j.Name, text)
	}
}

// warnOwned warns of fields that nova-compute will write again.
func (t *task) warnOwned(ctx context.Context, j *job) {
	traits, err := t.client.Traits(ctx, j.UUID)
	if err != nil {
		t.call.Warn("could not read whether nova-compute owns the inventories of %s: %v", j.Name, err)
		return
	}
	if !slices.Contains(traits, snapshot.TraitComputeNode) {
		return
	}
	if words := owned(j.view.Plan); len(words) > 0 {
		t.call.Warn("%s is a compute node: its nova-compute writes its own values at the next refresh, within minutes: %s",
			j.Name, strings.Join(words, "; "))
	}
}

// owned says what nova-compute would undo of the plan: fields, and whole classes, for it keeps those that it reports itself.
func owned(plan *change.Plan) []string {
	var words []string
	for _, o := range owners() {
		before, there := plan.Before[o.class]
		if after, kept := plan.After[o.class]; there && kept && differs(o.field, before, after) {
			words = append(words, fmt.Sprintf("%s.%s from %s", o.class, o.field, o.option))
		}
	}
	for _, class := range slices.Sorted(maps.Keys(plan.After)) {
		if _, there := plan.Before[class]; !there {
			words = append(words, class+" is removed unless it reports that class itself")
		}
	}
	for _, class := range slices.Sorted(maps.Keys(plan.Before)) {
		if _, kept := plan.After[class]; !kept {
			words = append(words, class+" is added again if it reports that class")
		}
	}
	return words
}

func differs(field string, a, b openstack.Inventory) bool {
	switch field {
	case "total":
		return a.Total != b.Total
	case "reserved":
		return a.Reserved != b.Reserved
	case "max_unit":
		return a.MaxUnit != b.MaxUnit
	}
	return a.AllocationRatio != b.AllocationRatio
}

// warnUnits warns of a ratio that gives nothing, and of a max_unit below what somebody already holds: that allocation can't
// be written again, so its server can't be moved.
func (t *task) warnUnits(ctx context.Context, j *job) {
	plan := j.view.Plan
	var held []openstack.Allocation
	for _, class := range slices.Sorted(maps.Keys(plan.After)) {
		before, after := plan.Before[class], plan.After[class]
		if after.AllocationRatio == 0 && before.AllocationRatio != 0 {
			t.call.Warn("%s: an allocation_ratio of 0 gives %s no capacity at all", j.Name, class)
		}
		if after.MinUnit > after.MaxUnit {
			t.call.Warn("%s: min_unit %d of %s is above max_unit %d: nothing can be allocated", j.Name, after.MinUnit, class, after.MaxUnit)
		}
		if after.MaxUnit >= before.MaxUnit || j.view.Used[class] <= after.MaxUnit {
			continue
		}
		if held == nil {
			answer, err := t.client.Allocations(ctx, j.UUID)
			if err != nil {
				t.call.Warn("could not read who uses %s: %v", j.Name, err)
				return
			}
			held = answer.Allocations
		}
		if most := largest(held, class); len(most) > 0 && most[0].Amount > after.MaxUnit {
			t.call.Warn("%s: max_unit %d of %s is below the %d that %s holds: its allocation can't be written again, so it can't be moved",
				j.Name, after.MaxUnit, class, most[0].Amount, most[0].UUID)
		}
	}
}
