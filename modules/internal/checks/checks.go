// SPDX-License-Identifier: Apache-2.0

// Package checks lists all checks. A check is a folder beside this file and one line below.
package checks

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/missingallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/orphanedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/overcapacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/staleprovider"
)

// All returns every check, by id.
func All() []*check.Check {
	return []*check.Check{
		orphanedallocation.Check(), // PLC101
		missingallocation.Check(),  // PLC105
		staleprovider.Check(),      // PLC201
		overcapacity.Check(),       // PLC301
	}
}
