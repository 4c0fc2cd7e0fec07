// SPDX-License-Identifier: Apache-2.0

package roles

// besideKolla is where the two roles around an upgrade keep their files: beside the configuration of the deployment that the
// inventory describes, so that two clouds of one operator are never taken for each other.
const besideKolla = "(CONFIG_DIR | default(node_config | default(kolla_config_path | " +
	"default('~/.local/state/openstack_ops.placement', true), true), true)) ~ '/placement-upgrade'"

// Databases are the variables of a role that say where the databases are. They go to the options of the modules of the same names.
type Databases struct {
	Database      map[string]any `json:"database,omitempty" jsonschema_extras:"x-ansible-no_log=true" jsonschema_description:"Where the databases are, and an SQL user that may only read: the option C(database) of M(openstack_ops.placement.placement_audit), such as C(host), C(user) and C(password). If not given, the files say it. Used with I(source=database)."`
	NovaConf      string         `json:"nova_conf,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Configuration of Nova, on the host that reads the databases. The first of C(/etc/kolla/nova-api/nova.conf) and C(/etc/nova/nova.conf) that exists there if not given. Used with I(source=database)."`
	PlacementConf string         `json:"placement_conf,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Configuration of Placement, on the same host. The first of C(/etc/kolla/placement-api/placement.conf) and C(/etc/placement/placement.conf) that exists there if not given. Used with I(source=database)."`
}

// sourceOfUpgrade says how to read the databases before and after an upgrade.
func sourceOfUpgrade(role string) string {
	return "With `" + role + "_source: database` the audit, the computes and the capacity are read from the databases. `" + role + "_api_host` then has to reach them. " +
		"Without `host`, `user` and `password` in `" + role + "_database` it also has to have the configuration files, which only root may read: name a control host, and run the play with `--become`. " +
		"The baseline stays on that host, so use the same host, user and source before and after the upgrade. docs/database.md of the collection has the SQL user."
}
