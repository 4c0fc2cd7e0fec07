// SPDX-License-Identifier: Apache-2.0

package roles

type preUpgradeOptions struct {
	Directory string `json:"directory" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Directory on I(api_host) for the baseline and the report. Created if it does not exist. The role C(post_upgrade) must be able to read it."`
	APIHost   string `json:"api_host" jsonschema:"default=localhost" jsonschema_description:"The host that talks to the APIs and keeps the files."`
	Source    string `json:"source" jsonschema:"default=api,enum=api,enum=database" jsonschema_description:"Where the audit, the computes and the capacity are read: the APIs, or the databases of Placement and Nova, which I(api_host) then has to reach. The databases show more findings: give the role C(post_upgrade) the same source."`
	Databases
	KeepHours    int              `json:"keep_hours" jsonschema:"default=24,minimum=0" jsonschema_description:"Hours for which a baseline is kept, so that a second run during an upgrade does not record what the upgrade broke as the state before it. A younger baseline is replaced only if something was repaired since and nothing is new. 0 takes a new baseline each time. The previous baseline always stays beside the new one."`
	Identities   *bool            `json:"identities" jsonschema_description:"Find out for each compute what Kolla-Ansible's step that writes compute_id would do to it. Kolla-Ansible has had this step since 20.5.0, 21.2.0 and 22.1.0. Set this to false if the upgrade ends at an older release. False with OpenStack-Ansible, which has no such step."`
	Groups       []string         `json:"compute_groups" jsonschema_description:"Groups of the inventory whose hosts are computes. Groups that do not exist are left out."`
	ComputeFiles []string         `json:"compute_id_files" jsonschema_extras:"x-ansible-elements=path" jsonschema_description:"Files in which a compute may keep its identity. The first one that exists counts."`
	Become       bool             `json:"become" jsonschema:"default=true" jsonschema_description:"Become root on the computes, because only root may read the volumes of containers."`
	Grace        int              `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between the two looks of the audit."`
	Ignore       []map[string]any `json:"ignore,omitempty" jsonschema_description:"Findings to accept, each with a reason, in the form of the option C(ignore) of M(openstack_ops.placement.placement_audit)."`
	Capacity     bool             `json:"capacity" jsonschema:"default=true" jsonschema_description:"Count on how many hosts a server of each flavor in use can land, and save that beside the baseline, for the role C(post_upgrade) to compare with. Reads the servers of all projects."`
	FailSeverity string           `json:"fail_severity" jsonschema:"default=critical,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes the verdict C(fail)."`
	WarnSeverity string           `json:"warn_severity" jsonschema:"default=medium,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes the verdict C(warn)."`
	Fail         bool             `json:"fail" jsonschema:"default=true" jsonschema_description:"Stop the play if the verdict is C(fail)."`
}

func preUpgrade() Role {
	return Role{
		Name: "pre_upgrade", Short: "Record the state of Placement and Nova before an upgrade, and say whether it is safe",
		Description: []string{
			"Audits Placement against Nova, saves what was read as the baseline that `post_upgrade` compares with, and gives a verdict: pass, warn or fail. Changes nothing in the cloud.",
			"It also finds out what Kolla-Ansible will do to the identity of each compute. Since 20.5.0, 21.2.0 and 22.1.0 each deploy, upgrade and reconfigure writes `compute_id`. It takes the UUID of the hypervisor whose name is exactly the host's own (`uname -n`); if there is none, it derives a UUID from that name. If libvirt names the hypervisor with a domain, the host gets a second identity: nova-compute then refuses to start (`Duplicate compute node record found`), or registers a second resource provider beside the first, with endless conflicts.",
			"The role reads the identities of the hosts of the play: `localhost` and the computes. It names computes of the inventory or of Nova that are not in the play or can't be reached; the verdict is then no better than warn. The tasks that talk to the APIs run once, on `pre_upgrade_api_host`. With `serial`, they run at the end of the last batch.",
			"The role writes these files to the directory: `snapshot.json` (the baseline), `capacity.json` (where servers of the flavors in use could land), `snapshot.latest.json` (what the last run read), and `pre_upgrade.json` and `pre_upgrade.md` (the report of the last run). They hold names and ids of servers and hosts, no secrets. Check mode writes none of them. A report does not count as a change.",
			"The computes and `pre_upgrade_api_host` need Python: beside the modules of this collection, which need none, the role uses some of Ansible's own.",
			sourceOfUpgrade("pre_upgrade"),
		},
		Options: &preUpgradeOptions{},
		Defaults: map[string]string{
			"directory":      besideKolla,
			"compute_groups": "[nova_cell_compute_group | default('compute', true)]",
			"identities":     "'placement_all' not in groups",
			"compute_id_files": "([nova_instance_datadir_volume ~ '/compute_id'] if nova_instance_datadir_volume | default('', true) is match('/') else []) " +
				"+ [container_engine_volumes_path | default('/var/lib/containers/storage/volumes' " +
				"if kolla_container_engine | default('docker', true) == 'podman' else docker_runtime_directory | default('/var/lib/docker', true) ~ '/volumes', true) " +
				"~ '/nova_compute/_data/compute_id', '/var/lib/nova/compute_id']",
		},
		Sets: [][2]string{
			{"pre_upgrade_result", "`verdict` (pass, warn, fail), `msg`, `reasons` (each with `severity`, `what`, `text` and `todo`), `audit` (what placement_audit returned), `identities` (what would happen to the identity of each compute), `capacity` (what placement_capacity_info returned), `baseline` (`path`, `taken_at`, whether it was `kept`), `report` (its files)"},
		},
		Example: `- name: Before an upgrade
  hosts: localhost:compute
  gather_facts: false
  roles:
    - role: openstack_ops.placement.pre_upgrade
`,
	}
}
