// SPDX-License-Identifier: Apache-2.0

package roles

// cloudOptions are the variables of the role cloud. They are the connection options of the modules, as far as an operator
// has to be asked; a test holds that each has its namesake.
type cloudOptions struct {
	Cloud      any            `json:"cloud,omitempty" jsonschema_extras:"x-ansible-type=raw,x-ansible-no_log=true" jsonschema_description:"Name of a cloud in clouds.yaml, or a dictionary with the content of such an entry. If this or I(auth) is given, no other source is used."`
	CloudsFile string         `json:"clouds_file,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"The clouds.yaml that contains I(cloud), if it is not on the search path."`
	Auth       map[string]any `json:"auth,omitempty" jsonschema_extras:"x-ansible-no_log=true" jsonschema_description:"What to log in with, such as C(auth_url), C(username), C(password) and C(project_name)."`
	RegionName string         `json:"region_name,omitempty" jsonschema_description:"Region whose endpoints are used."`
	Interface  string         `json:"interface,omitempty" jsonschema:"enum=public,enum=internal,enum=admin" jsonschema_description:"Endpoints to use."`
	CACert     string         `json:"ca_cert,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File with the certificates of the authorities to trust, on the host that runs the modules."`
	Validate   *bool          `json:"validate_certs,omitempty" jsonschema_description:"Refuse services whose certificates are not valid."`
}

func cloud() Role {
	return Role{
		Name: "cloud", Short: "Find the credentials of the cloud, for the other roles",
		Description: []string{
			"Finds out how to log in to the cloud that the inventory describes, and sets facts for the modules of this collection. It changes nothing, and sends nothing anywhere. It does not need Kolla-Ansible's own defaults, which a playbook outside of Kolla-Ansible's tree does not load.",
			"`cloud_region_name`, `cloud_interface`, `cloud_ca_cert` and `cloud_validate_certs` set the modules' options of the same names too. Only these variables change what a named cloud says.",
			"The first of these sources that exists is used. Empty texts count as not set:",
			"1. `placement_cloud` and `placement_clouds_file`, as the playbooks take them; `cloud_cloud` or `cloud_auth`.\n2. Kolla-Ansible's variables: `keystone_admin_password` (of passwords.yml; also as `kolla_passwords.keystone_admin_password`), with the address from `keystone_internal_fqdn`, `kolla_internal_fqdn` or `kolla_internal_vip_address`, and those of `keystone_admin_user`, `keystone_admin_project`, `openstack_region_name`, `openstack_interface`, `kolla_enable_tls_internal` and `kolla_admin_openrc_cacert` that are set.\n3. `clouds.yaml` in `CONFIG_DIR`, `node_config` or `kolla_config_path`, else in `/etc/kolla`, as `kolla-ansible post-deploy` writes it: the cloud `kolla-admin-internal`, or in older releases `kolla-admin`.\n4. The environment and the usual search path, as the modules themselves do it: an openrc, `OS_CLOUD`, `~/.config/openstack/clouds.yaml` of OpenStack-Ansible, Kayobe's openrc. For OSISM name `cloud_cloud: admin` and `cloud_clouds_file: /opt/configuration/environments/openstack/clouds.yml`; a `secure.yml` beside it is read too.",
		},
		Options: &cloudOptions{},
		Sets: [][2]string{
			{"cloud_connection", "what the modules take as `cloud`: a name, a dictionary, or empty for the environment"},
			{"cloud_connection_file", "what the modules take as `clouds_file`; empty for the search path"},
			{"cloud_options", "all connection options of the modules that are set, for `module_defaults`; empty ones are left out"},
			{"cloud_source", "where the credentials were found, in words; never a secret"},
		},
		Example: `- name: Audit the cloud of this inventory
  hosts: localhost
  gather_facts: false
  module_defaults:
    group/openstack_ops.placement.placement: "{{ cloud_options | default({}) }}"
  roles:
    - role: openstack_ops.placement.cloud
  tasks:
    - name: Audit Placement against Nova
      openstack_ops.placement.placement_audit:
`,
	}
}
