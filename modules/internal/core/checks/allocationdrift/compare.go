// SPDX-License-Identifier: Apache-2.0

package allocationdrift

import (
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// A comparison is of what a server should hold and what it holds.
type comparison struct {
	server   openstack.Server
	expected flavor.Expected
	held     []openstack.Allocation
	total    map[string]int // held, by resource class, over all providers
}

type difference struct {
	class          string
	expected, held int
}

func total(held []openstack.Allocation) map[string]int {
	sum := map[string]int{}
	for _, a := range held {
		for class, n := range a.Resources {
			sum[class] += n
		}
	}
	return sum
}

// drift lists the classes that differ, of those whose amount the flavor tells.
func (c comparison) drift() []difference {
	if c.expected.Amounts == nil {
		return nil
	}
	judged := map[string]bool{}
	for class := range c.expected.Amounts {
		judged[class] = true
	}
	for _, class := range flavor.Base() {
		judged[class] = !slices.Contains(c.expected.Open, class)
	}
	if slices.Contains(c.expected.AnyCPUs, c.total["VCPU"]+c.total["PCPU"]) {
		judged["VCPU"], judged["PCPU"] = false, false
	}
	var drift []difference
	for _, class := range slices.Sorted(maps.Keys(judged)) {
		d := difference{class, c.expected.Amounts[class], c.total[class]}
		if judged[class] && d.expected != d.held {
			drift = append(drift, d)
		}
	}
	for _, class := range slices.Sorted(maps.Keys(c.expected.Grouped)) {
		if c.total[class] == 0 {
			drift = append(drift, difference{class, c.expected.Grouped[class], 0})
		}
	}
	return drift
}

// untold says what of a server in order can't be judged; empty if its flavor tells everything.
func (c comparison) untold() string {
	if len(c.expected.Unknown) == 0 {
		return ""
	}
	return "not all that it should hold can be told: " + strings.Join(c.expected.Unknown, ", ")
}

// excuse says why amounts that differ may be right; empty if they are not.
func (c comparison) excuse(p *check.Pass) string {
	if busy := p.Busy(c.server); busy != "" {
		return busy
	}
	node, _ := p.Snapshot.NodeOf(c.server)
	switch {
	case c.server.Status == "VERIFY_RESIZE" && len(p.Stuck(c.server)) == 0:
		return "its resize waits to be confirmed"
	case node.Type == "ironic" && c.excuseOfMetal(p.Snapshot.Capacity(node.UUID)) != "":
		return c.excuseOfMetal(p.Snapshot.Capacity(node.UUID))
	case c.unpinned():
		return "it holds VCPU for its dedicated CPUs, as Nova gives where no host offers PCPU (vcpu_pin_set)"
	case c.fromImageVolume():
		return "it holds no root disk: its image may make it boot from a volume"
	}
	return ""
}

// excuseOfMetal says why a server on a bare-metal node that offers this may hold other amounts; empty if it may not.
func (c comparison) excuseOfMetal(offered map[string]int) string {
	for _, d := range c.drift() {
		_, offers := offered[d.class]
		switch {
		case slices.Contains(flavor.Base(), d.class):
			return "it is bare metal, and its flavor asks for what only a hypervisor gives"
		case !offers:
			return "it is bare metal, and its node does not offer all that its flavor asks for: the node may have got another resource class"
		}
	}
	return ""
}

// unpinned reports whether the CPUs are all that differ, and are what the scheduler falls back to where it finds no PCPU
// (nova/scheduler/manager.py; [workarounds]disable_fallback_pcpu_query ends that): each CPU as a VCPU, and none for the
// emulator.
func (c comparison) unpinned() bool {
	policy, flavor := c.server.Flavor.ExtraSpecs["hw:cpu_policy"], c.server.Flavor
	return (policy == "dedicated" || policy == "mixed") && c.total["PCPU"] == 0 && c.total["VCPU"] == flavor.VCPUs &&
		c.only("VCPU", "PCPU")
}

// fromImageVolume reports whether the root disk is all that is missing. A server made from the snapshot of one that boots from
// a volume does so too, while Nova shows that image and not "" (nova/compute/api.py, _check_and_transform_bdm).
func (c comparison) fromImageVolume() bool {
	root := c.server.Flavor.Disk
	_, given := c.server.Flavor.ExtraSpecs["resources:DISK_GB"]
	return !c.server.FromVolume && !given && c.total["DISK_GB"]+root == c.expected.Amounts["DISK_GB"] && c.only("DISK_GB")
}

// only reports whether nothing but these classes differs.
func (c comparison) only(classes ...string) bool {
	return !slices.ContainsFunc(c.drift(), func(d difference) bool { return !slices.Contains(classes, d.class) })
}
