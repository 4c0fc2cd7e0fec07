// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"os"

	"github.com/openstack-ops/ansible-collection-placement/modules/aggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/allocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/allocationinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/audit"
	"github.com/openstack-ops/ansible-collection-placement/modules/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/computeinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/generate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/roles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/explain"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/trees"
	"github.com/openstack-ops/ansible-collection-placement/modules/inventory"
	"github.com/openstack-ops/ansible-collection-placement/modules/provider"
	"github.com/openstack-ops/ansible-collection-placement/modules/providerinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/resourceclass"
	"github.com/openstack-ops/ansible-collection-placement/modules/resourceclassinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/modules/trait"
	"github.com/openstack-ops/ansible-collection-placement/modules/traitinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/usageinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/verdict"
)

// All is the only list of the modules, by name.
func All() []*ansible.Module {
	return []*ansible.Module{
		aggregate.Module(),         // placement_aggregate
		allocation.Module(),        // placement_allocation
		allocationinfo.Module(),    // placement_allocation_info
		audit.Module(),             // placement_audit
		candidates.Module(),        // placement_candidates_info
		capacity.Module(),          // placement_capacity_info
		computeinfo.Module(),       // placement_compute_info
		conflicts.Module(),         // placement_conflicts
		heal.Module(),              // placement_heal
		inventory.Module(),         // placement_inventory
		provider.Module(),          // placement_provider
		providerinfo.Module(),      // placement_provider_info
		resourceclass.Module(),     // placement_resource_class
		resourceclassinfo.Module(), // placement_resource_class_info
		restore.Module(),           // placement_restore
		trait.Module(),             // placement_trait
		traitinfo.Module(),         // placement_trait_info
		usageinfo.Module(),         // placement_usage_info
		verdict.Module(),           // placement_verdict
	}
}

// Commands are what the program can do for people beside the modules.
func Commands() []terminal.Command {
	return []terminal.Command{explain.Command(), trees.Command(), candidates.Command()}
}

// Main runs this process as the module that Ansible asks for, or as the command of a person, and returns the exit code.
func Main() int {
	p := limitMemory(ansible.ThisProcess())
	if path, err := os.Executable(); err == nil && ansible.Damaged(path) {
		return ansible.AskAgain(p)
	}
	return program(p).Main()
}

// program is all that the program can do, in the process that it is.
func program(p ansible.Process) terminal.Program {
	return terminal.Program{
		Modules: All(), Commands: Commands(), Login: login(), Process: p,
		Columns: terminal.Columns, Env: os.Getenv, Talks: terminal.Talks,
	}
}

// login are the names of the options that log in.
func login() []string {
	table, _ := argspec.Table(&config.Options{}) // its tags are held by a test
	names := make([]string, len(table))
	for i, o := range table {
		names[i] = o.Name
	}
	return names
}

// WriteDocs writes the generated files below root, the top folder of the repository.
func WriteDocs(root string) error {
	return generate.Write(root, outputs())
}

// outputs lists the generated files.
func outputs() generate.Set {
	return generate.Join(
		generate.Modules(All()),
		generate.Pages(All()),
		generate.Checks(checks.All()),
		generate.Conflicts(catalogue.All()),
		generate.Roles(roles.All()),
		generate.Since(All(), roles.All()),
	)
}
