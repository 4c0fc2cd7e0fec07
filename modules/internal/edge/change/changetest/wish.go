// SPDX-License-Identifier: Apache-2.0

package changetest

import (
	"math/rand/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// Start is what a provider has before anybody wishes.
func Start() change.Inventories {
	return change.Inventories{
		"VCPU":    openstack.Inventory{Total: 120, MinUnit: 1, MaxUnit: 100, StepSize: 1, AllocationRatio: 1},
		"DISK_GB": openstack.Inventory{Total: 400, MinUnit: 1, MaxUnit: 400, StepSize: 1, AllocationRatio: 1},
	}
}

// RandomTarget wants something of the provider: total, reserved, ratio or all of VCPU, sometimes of DISK_GB too; to be
// refused or clamped if it is too little; or the drain of all.
func RandomTarget(p *Provider) change.Target {
	t := change.Target{UUID: p.UUID, Name: p.Name, Op: change.OpInventories}
	if rand.IntN(20) == 0 { //nolint:gosec // no secret
		t.Op, t.Judge = change.OpDrain, change.Drain
		return t
	}
	wishes := map[string]change.Wish{"VCPU": randomWish(1)}
	if rand.IntN(3) == 0 { //nolint:gosec // no secret
		wishes["DISK_GB"] = randomWish(3)
	}
	clamp := rand.IntN(3) == 0 //nolint:gosec // no secret
	t.Judge = func(_ change.Trace, before change.Inventories, used map[string]int) *change.Plan {
		return change.Judge(before, used, wishes, change.Present, clamp)
	}
	return t
}

// randomWish never asks for more reserved than the least total.
func randomWish(scale int) change.Wish {
	total, reserved := scale*(30+rand.IntN(150)), scale*rand.IntN(30) //nolint:gosec // no secret
	ratio := 0.5 + 2*rand.Float64()                                   //nolint:gosec // no secret
	switch rand.IntN(4) {                                             //nolint:gosec // no secret
	case 0:
		return change.Wish{Total: &total}
	case 1:
		return change.Wish{Reserved: &reserved}
	case 2:
		return change.Wish{AllocationRatio: &ratio}
	}
	return change.Wish{Total: &total, Reserved: &reserved, AllocationRatio: &ratio}
}
