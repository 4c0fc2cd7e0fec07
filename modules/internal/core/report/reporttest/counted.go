// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Counted is what was counted of two flavors, of which a third has the name of one.
func Counted() *report.Capacity {
	fit := func(name string, slots int) report.Fit {
		return report.Fit{Name: name, Now: capacity.Slots{Total: slots, Count: min(slots, 2), Hosts: []capacity.Host{}}}
	}
	return &report.Capacity{
		Msg: "flavors: 3", Complete: true, Flavors: []report.Fit{fit("a\"b\\|c", 3), fit("m1", 7), fit("m1", 0)}, TakenAt: time.Unix(1, 0),
		Free:  []capacity.Free{{Class: "VCPU", Amounts: capacity.Amounts{Free: 8, Largest: 2, LargestFree: 4, Provider: "cn2", Fragmentation: 0.5}}},
		Cloud: &openstack.Cloud{Endpoints: []string{"http://p"}, Region: "RegionOne"},
	}
}
