// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"os"

	"github.com/openstack-ops/ansible-collection-placement/modules/allocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/allocationinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/audit"
	"github.com/openstack-ops/ansible-collection-placement/modules/computeinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/generate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/roles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/inventory"
	"github.com/openstack-ops/ansible-collection-placement/modules/provider"
	"github.com/openstack-ops/ansible-collection-placement/modules/providerinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/modules/verdict"
)

// All is the only list of the modules, by name.
func All() []*ansible.Module {
	return []*ansible.Module{
		allocation.Module(),     // placement_allocation
		allocationinfo.Module(), // placement_allocation_info
		audit.Module(),          // placement_audit
		computeinfo.Module(),    // placement_compute_info
		conflicts.Module(),      // placement_conflicts
		heal.Module(),           // placement_heal
		inventory.Module(),      // placement_inventory
		provider.Module(),       // placement_provider
		providerinfo.Module(),   // placement_provider_info
		restore.Module(),        // placement_restore
		verdict.Module(),        // placement_verdict
	}
}

// Main runs this process as the module that Ansible asks for, and returns the exit code.
func Main() int {
	p := limitMemory(ansible.ThisProcess())
	if path, err := os.Executable(); err == nil && ansible.Damaged(path) {
		return ansible.AskAgain(p)
	}
	return ansible.Main(All(), p)
}

// WriteDocs writes the generated files below root, the top folder of the repository.
func WriteDocs(root string) error {
	return generate.Write(root, outputs())
}

// outputs lists the generated files.
func outputs() generate.Set {
	return generate.Join(
		generate.Modules(All()),
		generate.Checks(checks.All()),
		generate.Conflicts(catalogue.All()),
		generate.Roles(roles.All()),
	)
}
