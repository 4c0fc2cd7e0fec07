// SPDX-License-Identifier: Apache-2.0

// Package checks lists all checks. A check is a folder beside this file and one line below.
package checks

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/allocationdrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/anothernova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/badshape"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/brokentree"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/celldown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/countedbyeach"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/cutoffsharing"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/danglingrows"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/disabledtrait"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/doubleallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/duplicateprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/emptychild"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/emptyprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/flappingprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/ghostconsumer"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/incompleteconsumer"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/inventorydrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/invisibleallocations"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/leftovermigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/lostinstancemapping"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/misfitinventory"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/misplacedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingaggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingownertrait"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/nearfull"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/nestedcompute"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/offloadedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/orphanedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/orphanedchild"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/overcapacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/placementtooold"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/ratiodrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/renamedprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/rootlessprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/staleaggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/staleprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/stuckbuild"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/stuckmigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/stucktask"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unitviolation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unknownhost"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unmappedhost"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unusedclass"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unusedtrait"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/uuidmismatch"
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
		unknownhost.Check(),          // PLC111
		ghostconsumer.Check(),        // PLC112
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
		nestedcompute.Check(),        // PLC211
		emptychild.Check(),           // PLC212
		brokentree.Check(),           // PLC213
		rootlessprovider.Check(),     // PLC214
		overcapacity.Check(),         // PLC301
		nearfull.Check(),             // PLC302
		badshape.Check(),             // PLC303
		ratiodrift.Check(),           // PLC304
		inventorydrift.Check(),       // PLC305
		countedbyeach.Check(),        // PLC306
		misfitinventory.Check(),      // PLC307
		missingaggregate.Check(),     // PLC401
		staleaggregate.Check(),       // PLC402
		unusedclass.Check(),          // PLC403
		unusedtrait.Check(),          // PLC404
		cutoffsharing.Check(),        // PLC405
		celldown.Check(),             // PLC501
		stuckmigration.Check(),       // PLC502
		placementtooold.Check(),      // PLC503
		stucktask.Check(),            // PLC504
		stuckbuild.Check(),           // PLC505
		anothernova.Check(),          // PLC506
		unmappedhost.Check(),         // PLC507
		lostinstancemapping.Check(),  // PLC508
		danglingrows.Check(),         // PLC509
	}
}
