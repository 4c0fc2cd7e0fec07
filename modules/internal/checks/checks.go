// SPDX-License-Identifier: Apache-2.0

// Package checks lists all checks. A check is a folder beside this file and one line below.
package checks

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/badshape"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/celldown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/doubleallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/duplicateprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/emptyprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/leftovermigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/misplacedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/missingallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/missingprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/nearfull"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/offloadedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/orphanedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/overcapacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/renamedprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/staleprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/stuckmigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/uuidmismatch"
)

// All returns every check, by id.
func All() []*check.Check {
	return []*check.Check{
		orphanedallocation.Check(),  // PLC101
		leftovermigration.Check(),   // PLC102
		doubleallocation.Check(),    // PLC103
		misplacedallocation.Check(), // PLC104
		missingallocation.Check(),   // PLC105
		offloadedallocation.Check(), // PLC107
		staleprovider.Check(),       // PLC201
		duplicateprovider.Check(),   // PLC202
		uuidmismatch.Check(),        // PLC203
		renamedprovider.Check(),     // PLC204
		missingprovider.Check(),     // PLC205
		emptyprovider.Check(),       // PLC207
		overcapacity.Check(),        // PLC301
		nearfull.Check(),            // PLC302
		badshape.Check(),            // PLC303
		celldown.Check(),            // PLC501
		stuckmigration.Check(),      // PLC502
	}
}
