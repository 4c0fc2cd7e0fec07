// SPDX-License-Identifier: Apache-2.0

// Package checks lists all checks. A check is a folder beside this file and one line below.
package checks

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/allocationdrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/badshape"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/celldown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/disabledtrait"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/doubleallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/duplicateprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/emptyprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/flappingprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/incompleteconsumer"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/inventorydrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/invisibleallocations"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/leftovermigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/misplacedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/missingaggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/missingallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/missingownertrait"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/missingprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/nearfull"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/offloadedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/orphanedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/orphanedchild"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/overcapacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/placementtooold"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/ratiodrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/renamedprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/staleaggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/staleprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/stuckmigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/unitviolation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/uuidmismatch"
)

// All returns every check, by id.
func All() []*check.Check {
	return []*check.Check{
		orphanedallocation.Check(),   // PLC101
		leftovermigration.Check(),    // PLC102
		doubleallocation.Check(),     // PLC103
		misplacedallocation.Check(),  // PLC104
		missingallocation.Check(),    // PLC105
		allocationdrift.Check(),      // PLC106
		offloadedallocation.Check(),  // PLC107
		incompleteconsumer.Check(),   // PLC108
		invisibleallocations.Check(), // PLC109
		unitviolation.Check(),        // PLC110
		staleprovider.Check(),        // PLC201
		duplicateprovider.Check(),    // PLC202
		uuidmismatch.Check(),         // PLC203
		renamedprovider.Check(),      // PLC204
		missingprovider.Check(),      // PLC205
		orphanedchild.Check(),        // PLC206
		emptyprovider.Check(),        // PLC207
		disabledtrait.Check(),        // PLC208
		missingownertrait.Check(),    // PLC209
		flappingprovider.Check(),     // PLC210
		overcapacity.Check(),         // PLC301
		nearfull.Check(),             // PLC302
		badshape.Check(),             // PLC303
		ratiodrift.Check(),           // PLC304
		inventorydrift.Check(),       // PLC305
		missingaggregate.Check(),     // PLC401
		staleaggregate.Check(),       // PLC402
		celldown.Check(),             // PLC501
		stuckmigration.Check(),       // PLC502
		placementtooold.Check(),      // PLC503
	}
}
