// SPDX-License-Identifier: Apache-2.0

package roles

// besideKolla is where the two roles around an upgrade keep their files: beside the configuration of the deployment that the
// inventory describes, so that two clouds of one operator are never taken for each other.
const besideKolla = "(CONFIG_DIR | default(node_config | default(kolla_config_path | " +
	"default('~/.local/state/openstack_ops.placement', true), true), true)) ~ '/placement-upgrade'"
