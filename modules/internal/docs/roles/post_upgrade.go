// SPDX-License-Identifier: Apache-2.0

package roles

type postUpgradeOptions struct {
	Directory string `json:"directory" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Directory on I(api_host) with the baseline of the role C(pre_upgrade), and for the report. Created if it does not exist."`
	Baseline  string `json:"baseline" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File on I(api_host) to compare with: a snapshot or a JSON report of M(openstack_ops.placement.placement_audit). Without it every finding counts as new."`
	APIHost   string `json:"api_host" jsonschema:"default=localhost" jsonschema_description:"The host that talks to the APIs and keeps the files."`
	Source    string `json:"source" jsonschema:"enum=api,enum=database" jsonschema_description:"Where the audit, the computes and the capacity are read: the APIs, or the databases of Placement and Nova, which I(api_host) then has to reach. The conflicts and a repair use the APIs."`
	Databases
	Become bool `json:"become" jsonschema:"default=true" jsonschema_description:"Become root where logs are read and commands run in containers."`

	Wait         int `json:"wait" jsonschema:"default=300,minimum=0" jsonschema_description:"Longest time, in seconds, to wait until every enabled nova-compute has reported. 0 looks once and does not wait."`
	WaitInterval int `json:"wait_interval" jsonschema:"default=10,minimum=1" jsonschema_description:"Seconds between two looks."`

	Grace  int              `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between the two looks of the audit."`
	Ignore []map[string]any `json:"ignore,omitempty" jsonschema_description:"Findings to accept, each with a reason, in the form of the option C(ignore) of M(openstack_ops.placement.placement_audit)."`

	Repair           string   `json:"repair" jsonschema:"default=none,enum=none,enum=plan,enum=apply" jsonschema_description:"What M(openstack_ops.placement.placement_heal) does about the findings. C(plan) shows a plan, and saves it as C(plan.json) in I(directory). C(apply) carries the plan out if it is within the budget, and audits the cloud again. Both need a login that may write."`
	RepairChecks     []string `json:"repair_checks,omitempty" jsonschema_description:"Ids or names of the checks whose findings are repaired. If not given, all findings that can be repaired."`
	RepairMaxChanges int      `json:"repair_max_changes" jsonschema:"default=20,minimum=1" jsonschema_description:"Budget: the largest number of changes that the repair may make. If a plan exceeds the budget, none of its steps is done."`
	RepairMaxShare   float64  `json:"repair_max_share" jsonschema:"default=0.1,minimum=0,maximum=1" jsonschema_description:"Budget: the largest fraction of all consumers, and of all resource providers, that the repair may change."`
	RepairTasks      string   `json:"repair_tasks,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File with tasks of your own that repair what was found. They see C(post_upgrade_audit), run once on the first host of the play, and the cloud is audited again after them."`

	RestartFlapping bool     `json:"restart_flapping" jsonschema:"default=false" jsonschema_description:"Restart the nova-compute of a host whose resource provider flaps (PLC210) or is refused in conflicts that need action, once, one host after the other, and audit again. Check mode restarts nothing."`
	RestartHosts    []string `json:"restart_hosts" jsonschema_description:"Hosts of the inventory whose nova-compute may be restarted. They are known by the name of their resource provider, with or without a domain."`
	RestartMax      int      `json:"restart_max" jsonschema:"default=1,minimum=1" jsonschema_description:"Largest number of hosts on which one run restarts nova-compute."`
	RestartWatch    int      `json:"restart_watch" jsonschema:"default=120,minimum=0" jsonschema_description:"With I(restart_flapping), seconds for which the audit watches the generations of resource providers. With 0, and with I(source=database), only conflicts show which providers flap."`
	RestartCommand  []string `json:"restart_command" jsonschema_description:"The command that restarts nova-compute on a host."`

	Capacity bool `json:"capacity" jsonschema:"default=true" jsonschema_description:"Count on how many hosts a server of each flavor in use can land, and compare with what C(pre_upgrade) saved as C(capacity.json) beside I(baseline). Reads the servers of all projects. Set this to false if C(pre_upgrade_capacity) is false."`

	Conflicts     bool     `json:"conflicts" jsonschema:"default=true" jsonschema_description:"Explain the conflicts (409) that were logged since the upgrade began."`
	Since         string   `json:"since,omitempty" jsonschema_description:"When the upgrade began, such as C(2026-11-22 10:00) or C(-2h). If not given, the time of the baseline; without a baseline, 24 hours ago."`
	LogGroups     []string `json:"log_groups" jsonschema_description:"Groups of the inventory whose hosts' logs are read. Groups that do not exist are left out. If none of them exists, the logs of I(api_host) are read. The logs of the computes show the side of the clients. With many computes they take a while to read."`
	LogProfile    string   `json:"log_profile" jsonschema:"enum=kolla,enum=osa,enum=distro" jsonschema_description:"Where the logs are: the option C(profile) of M(openstack_ops.placement.placement_conflicts)."`
	LogFiles      []string `json:"log_files,omitempty" jsonschema_extras:"x-ansible-elements=path" jsonschema_description:"Log files instead of those of I(log_profile)."`
	LogUnits      []string `json:"log_units,omitempty" jsonschema_description:"Units of systemd whose journal is read, instead of the logs of I(log_profile)."`
	LogContainers []string `json:"log_containers,omitempty" jsonschema_description:"Containers whose output is read, instead of the logs of I(log_profile)."`
	Timezone      string   `json:"timezone,omitempty" jsonschema_description:"Time zone of the logs. If not given, the time zone of each host."`

	StatusChecks    bool     `json:"status_checks" jsonschema:"default=true" jsonschema_description:"Run C(placement-status upgrade check) and C(nova-status upgrade check)."`
	Engine          string   `json:"container_engine" jsonschema:"enum=docker,enum=podman,enum=none" jsonschema_description:"What runs the containers; C(none) where the services run on the hosts themselves."`
	PlacementGroups []string `json:"placement_groups" jsonschema:"default=placement-api,default=placement_api,default=placement_all,default=controllers,default=control" jsonschema_description:"Groups whose hosts run Placement. The first three hosts of the first group that exists run I(placement_status), and the first answer counts."`
	NovaGroups      []string `json:"nova_groups" jsonschema:"default=nova-api,default=nova_api_os_compute,default=nova_api,default=nova_all,default=controllers,default=control" jsonschema_description:"Groups whose hosts run nova-api, used as I(placement_groups) is."`
	PlacementStatus []string `json:"placement_status" jsonschema_description:"Command that runs the upgrade check of Placement."`
	NovaStatus      []string `json:"nova_status" jsonschema_description:"Command that runs the upgrade check of Nova."`
	NovaManage      []string `json:"nova_manage" jsonschema_description:"Command words that call C(nova-manage) in the commands that the report recommends. The role does not run them."`

	FailSeverity string `json:"fail_severity" jsonschema:"default=high,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes the verdict C(fail)."`
	WarnSeverity string `json:"warn_severity" jsonschema:"default=medium,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes the verdict C(warn)."`
	Fail         bool   `json:"fail" jsonschema:"default=true" jsonschema_description:"Fail the play if the verdict is C(fail)."`
}

func postUpgrade() Role {
	inContainer := func(container, command string) string {
		return "([] if post_upgrade_container_engine == 'none' else [post_upgrade_container_engine, 'exec', '" + container + "']) + ['" + command + "', 'upgrade', 'check']"
	}
	return Role{
		Name: "post_upgrade", Short: "Say what an upgrade did to Placement and Nova, and what to do about it",
		Description: []string{
			"Waits until the computes have reported, audits Placement against Nova and compares with the baseline of `pre_upgrade`, compares where servers of the flavors in use can land, explains the conflicts that the services logged since, runs the upgrade checks of Placement and Nova, and combines all results into one verdict: pass, warn or fail. Changes nothing in the cloud, unless `post_upgrade_repair` is `apply`.",
			"A new finding counts with its severity. A finding that is also in the baseline counts as medium at most. An audit that could not read everything, a compute that has not reported, a flavor in use that could land somewhere before and can land nowhere now, a conflict that needs action and an upgrade check that failed count as high. Logs, upgrade checks and capacities that could not be read, and a missing baseline, count as medium. A warning of an upgrade check counts as low. Where something could not be read the verdict is never pass, whatever the severities are set to.",
			"The role reads the logs of the hosts of the play: `localhost` and the control hosts. It names hosts of `post_upgrade_log_groups` that are not in the play or can't be reached. The tasks that talk to the APIs run once, on `post_upgrade_api_host`. With `serial`, the verdict comes with the last batch. Requests that succeeded on hosts of earlier batches are then not seen, so conflicts may be judged worse than they are.",
			"With `post_upgrade_repair`, the text of the verdict and the report contain the plan and its outcome. A repair that was not done, or was not finished, counts as high.",
			"The role writes `post_upgrade.json` and `post_upgrade.md` to the directory. Check mode writes neither, and sends no request that writes. A report does not count as a change.",
			"The hosts of the play, `post_upgrade_api_host` and each compute whose nova-compute is restarted need Python: beside the modules of this collection, which need none, the role uses some of Ansible's own.",
			sourceOfUpgrade("post_upgrade"),
			"For OpenStack-Ansible set `post_upgrade_placement_status` and `post_upgrade_nova_status` to the programs below `/openstack/venvs`.",
		},
		Options: &postUpgradeOptions{},
		Defaults: map[string]string{
			"source":           "pre_upgrade_source | default('api', true)",
			"database":         "pre_upgrade_database | default({}, true)",
			"nova_conf":        "pre_upgrade_nova_conf | default('', true)",
			"placement_conf":   "pre_upgrade_placement_conf | default('', true)",
			"restart_hosts":    "groups[nova_cell_compute_group | default('compute', true)] | default([])",
			"restart_command":  "['systemctl', 'restart', 'nova-compute'] if post_upgrade_container_engine == 'none' else [post_upgrade_container_engine, 'restart', 'nova_compute']",
			"directory":        "pre_upgrade_directory | default(" + besideKolla + ", true)",
			"baseline":         "post_upgrade_directory ~ '/snapshot.json'",
			"log_groups":       "['control', 'controllers', 'loadbalancer', 'network', 'placement_all', 'nova_all']",
			"log_profile":      "'osa' if 'placement_all' in groups else 'kolla'",
			"container_engine": "'none' if 'placement_all' in groups else kolla_container_engine | default(container_engine | default('docker', true), true)",
			"placement_status": inContainer("placement_api", "placement-status"),
			"nova_status":      inContainer("nova_api", "nova-status"),
			"nova_manage":      "['nova-manage'] if post_upgrade_container_engine == 'none' else ['sudo', post_upgrade_container_engine, 'exec', 'nova_api', 'nova-manage']",
		},
		Sets: [][2]string{
			{"post_upgrade_audit", "what placement_audit returned, for `post_upgrade_repair_tasks`"},
			{"post_upgrade_result", "`verdict` (pass, warn, fail), `msg`, `reasons` (each with `severity`, `what`, `text`, `todo` and, if there is one, `command`, `host` and `task`), `audit`, `conflicts`, `status_checks`, `computes`, `capacity`, `capacity_before` (what the modules and the commands said), `repair` (what placement_heal returned), `restarted` (hosts), `baseline`, `report` (its files)"},
		},
		Example: `- name: After an upgrade
  hosts: localhost:control
  gather_facts: false
  roles:
    - role: openstack_ops.placement.post_upgrade
`,
	}
}
