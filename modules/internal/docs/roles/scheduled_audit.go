// SPDX-License-Identifier: Apache-2.0

package roles

type scheduledAuditOptions struct {
	State string   `json:"state" jsonschema:"default=present,enum=present,enum=absent" jsonschema_description:"C(absent) stops the timers, and removes the files that this role installs and those that its runs write: see Removing."`
	Parts []string `json:"parts" jsonschema:"default=quick,default=full,default=conflicts,default=capacity,enum=quick,enum=full,enum=conflicts,enum=capacity" jsonschema_description:"Parts that this host runs: the quick audit, the full audit, the reading of this host's logs, and the count of free slots of each flavor. Parts that are not named are removed."`

	QuickAt     string `json:"quick_at" jsonschema:"default=*:0/10" jsonschema_description:"When the quick audit runs, as C(OnCalendar) of systemd.timer(5)."`
	FullAt      string `json:"full_at" jsonschema:"default=03:30" jsonschema_description:"The full audit runs at this time, or up to half an hour later. If the host was off at that time, the audit runs after the next start."`
	ConflictsAt string `json:"conflicts_at" jsonschema:"default=*:0/5" jsonschema_description:"When the logs are read."`

	CapacityAt string `json:"capacity_at" jsonschema:"default=*:5/15" jsonschema_description:"When free slots are counted."`

	Repair           string   `json:"repair" jsonschema:"default=none,enum=none,enum=plan,enum=apply" jsonschema_description:"What M(openstack_ops.placement.placement_heal) does on a timer. C(plan) saves a plan of all that can be healed as C(repair.json) in I(state_directory), and changes nothing. C(apply) repairs what I(repair_checks) find, within the budget. It needs a login that may write."`
	RepairAt         string   `json:"repair_at" jsonschema:"default=04:30" jsonschema_description:"The plan is made, or the repair runs, at this time or up to half an hour later."`
	RepairChecks     []string `json:"repair_checks" jsonschema:"default=PLC105" jsonschema_description:"With I(repair=apply), ids or names of the checks whose findings are repaired."`
	RepairMaxChanges int      `json:"repair_max_changes" jsonschema:"default=5,minimum=1" jsonschema_description:"With I(repair=apply), the largest number of changes that a run may make. A run that would exceed it changes nothing and fails."`
	RepairMaxShare   float64  `json:"repair_max_share" jsonschema:"default=0.02,minimum=0,maximum=1" jsonschema_description:"With I(repair=apply), the largest fraction of all consumers, and of all resource providers, that a run may change. The number is rounded up."`

	Source string `json:"source" jsonschema:"default=api,enum=api,enum=database" jsonschema_description:"Where the audits and the count read: the APIs, or the databases of Placement and Nova, which take seconds instead of minutes. The other parts use the APIs. No login to the APIs is needed for C(database)."`
	Databases

	Options          map[string]any `json:"options,omitempty" jsonschema_description:"More options of M(openstack_ops.placement.placement_audit) for both audits, such as C(ignore), C(skip_checks), C(near_full)."`
	FullOptions      map[string]any `json:"full_options,omitempty" jsonschema_description:"More options of the same module for the full audit only, such as C(watch)."`
	ConflictsOptions map[string]any `json:"conflicts_options,omitempty" jsonschema_description:"More options of M(openstack_ops.placement.placement_conflicts), such as C(profile), C(files), C(timezone). Each run looks back 15 minutes (C(since))."`

	CapacityOptions map[string]any `json:"capacity_options,omitempty" jsonschema_description:"More options of M(openstack_ops.placement.placement_capacity_info), such as C(flavors), or C(in_use=false) for all flavors that the login may list. Without C(flavors), the flavors of existing servers are counted."`

	TextfileDirectory string `json:"textfile_directory,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Folder that node_exporter's textfile collector reads. Created if it does not exist. If not given, no metrics are written."`
	CloudLabel        string `json:"cloud_label,omitempty" jsonschema_description:"Value of the label C(cloud) of all metrics of this host, such as the name that your other metrics give the cloud. If not given, the metrics of audits and capacities name the first endpoint of Placement. Those of conflicts then name no cloud, because logs do not name one."`
	RegionLabel       string `json:"region_label,omitempty" jsonschema_description:"Value of the label C(region) of all metrics of this host. If not given, the metrics of audits and capacities name the region of Placement, and those of conflicts name none."`
	RulesDirectory    string `json:"rules_directory,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Folder on the deploy host to write the alert rules to, as C(placement.rules). Without it they are not written."`
	RulesRaw          bool   `json:"rules_raw" jsonschema:"default=false" jsonschema_description:"Mark the rules as raw text, so that tools that template them, such as Kayobe, leave them as they are."`

	Activate         *bool  `json:"activate,omitempty" jsonschema_description:"Let systemd load the units, and enable and start the timers. If not set, this is done where systemd runs. In a container or a chroot the files are only written."`
	MemoryMax        string `json:"memory_max" jsonschema:"default=1G" jsonschema_description:"Largest amount of memory that a run may use. With 10,000 hosts it uses 300 MiB."`
	ProgramDirectory string `json:"program_directory" jsonschema:"default=/usr/local/libexec/openstack_ops.placement" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Folder of the program. A folder that exists keeps its mode. The same is true of the other folders."`
	ConfigDirectory  string `json:"config_directory" jsonschema:"default=/etc/openstack_ops.placement" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Folder of the arguments and credentials. It is created so that only root can read it."`
	StateDirectory   string `json:"state_directory" jsonschema:"default=/var/lib/openstack_ops.placement" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Folder of the reports. It is created so that only root can read it."`
	UnitDirectory    string `json:"unit_directory" jsonschema:"default=/etc/systemd/system" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Folder of the units."`
}

func scheduledAudit() Role {
	return Role{
		Name: "scheduled_audit", Short: "Audit the cloud and read the logs of conflicts on a timer of a control host",
		Description: []string{
			"Installs the program of this collection on a control host, with systemd timers that run it there without Ansible: a quick audit every ten minutes, a full audit each night, a search of the logs for conflicts every five minutes, and a count of how many more servers of each flavor fit every quarter of an hour. Each run writes one line to the journal, and a report as JSON and as Markdown. With `scheduled_audit_textfile_directory` it also writes metrics, whose names begin with `placement_audit_` and `placement_capacity_`. With `scheduled_audit_rules_directory` the role writes alert rules for these metrics.",
			"Nothing that it runs changes a cloud, unless `scheduled_audit_repair` is `apply`. Check mode changes nothing on any host.",
			"The credentials are those of the role `cloud`, whose variables say how to log in. A timer should not have the administrator's password, and does not need it: docs/privileges.md of the collection shows a Keystone role with a few rules, and an application credential that may only read. Name that cloud with `cloud_cloud`. If no cloud is named, the role `cloud` finds Kolla-Ansible's administrator, and `scheduled_audit` installs those credentials on the control host.",
			"A clouds.yaml is read on the deploy host. The selected cloud, with what a secure.yaml adds, is written to `clouds.yaml` in `scheduled_audit_config_directory` on the control host, with mode 0600, together with the certificates that it names. Certificates that are not on the deploy host must be on the control host, outside of /root and /home. Where only `conflicts` runs, no credentials are needed and none are written.",
			"The control host needs Python when the role runs, because the role uses Ansible's own modules. The timers need none.",
			"With `scheduled_audit_source: database` the audits and the count read the databases, and need no credentials of the APIs either: none are written unless `scheduled_audit_repair`, or `lookup` in `scheduled_audit_conflicts_options`, needs them. On a control host of Kolla-Ansible the files of Nova and Placement say where the databases are. docs/database.md of the collection shows an SQL user that may only read: name it, with its password, in `scheduled_audit_database`. The password is written to the arguments of the parts that use it, with mode 0600. Such a run knows no endpoint to name the cloud by in its metrics: set `scheduled_audit_cloud_label`.",
		},
		Options: &scheduledAuditOptions{},
		Example: `- name: Audit the cloud on a timer
  hosts: "{{ groups['control'][0] }}"
  gather_facts: false
  roles:
    - role: openstack_ops.placement.scheduled_audit
      vars:
        scheduled_audit_textfile_directory: /var/lib/node_exporter/textfile_collector
        scheduled_audit_rules_directory: "{{ node_custom_config }}/prometheus"
`,
		More: scheduledAuditMore,
	}
}

const scheduledAuditMore = `## What is where

| | |
|---|---|
| ` + "`placement-audit-quick.timer`, `placement-audit-full.timer`, `placement-conflicts.timer`, `placement-capacity.timer`, `placement-repair.timer`" + ` | the timers, the last one with ` + "`scheduled_audit_repair`" + `; ` + "`systemctl list-timers 'placement-*'`" + ` |
| ` + "`journalctl -u 'placement-*'`" + ` | one line for each run |
| ` + "`/var/lib/openstack_ops.placement/{quick,full,conflicts,capacity}.md`, `.json`" + ` | what the last run found; the full audit also says what is new since the one before |
| ` + "`/var/lib/openstack_ops.placement/repair.json`" + ` | with ` + "`scheduled_audit_repair: plan`" + `, the plan; [docs/repair.md](../../docs/repair.md) says how to read it |
| ` + "`/var/lib/openstack_ops.placement/journal.jsonl`" + ` | with ` + "`scheduled_audit_repair: apply`" + `, what was written; ` + "`placement_restore`" + ` undoes it |
| ` + "`placement_audit_quick.prom`, `placement_audit_full.prom`, `placement_conflicts.prom`, `placement_capacity.prom`" + ` | the metrics; the label ` + "`look`" + ` says whether an audit was quick or full, ` + "`cloud` and `region`" + ` name the cloud |

The findings of the full audit stay in the metrics until it runs again. After a repair, run it:

    systemctl start placement-audit-full.service

A run that fails, for example because a password was changed, leaves reports and metrics as they are. The alert rules report their age.

## Free slots

| metric | |
|---|---|
| ` + "`placement_capacity_slots`" + ` | how many more servers of the ` + "`flavor`" + ` fit, if nothing else is built |
| ` + "`placement_capacity_hosts`" + ` | the number of hosts on which one more server of the ` + "`flavor`" + ` fits |
| ` + "`placement_capacity_free`, `placement_capacity_largest`, `placement_capacity_fragmentation`" + ` | how much of the ` + "`resource_class`" + ` is free, the largest amount that one consumer can get at once, and the fraction of the free amount on hosts where no counted flavor that requests the class fits |
| ` + "`placement_capacity_hosts_left_out`" + ` | hosts that get no servers: their nova-compute is down, disabled or not there |
| ` + "`placement_capacity_complete`, `placement_capacity_timestamp_seconds`" + ` | whether everything could be read, and when |

Each metric has the labels ` + "`cloud` and `region`" + `, like the metrics of the audits. What only Nova's filters decide is not counted.

## Which hosts

One host is enough for the audits and the count, because they read the APIs or the databases. A host can read only its own logs, and each control host
has the log of its own Placement only. To read the logs on all control hosts, and to audit from the first one:

` + "```" + `yaml
placement_hosts: control    # for the playbook openstack_ops.placement.scheduled_audit
scheduled_audit_parts: "{{ ['quick', 'full', 'conflicts', 'capacity'] if inventory_hostname == groups['control'][0] else ['conflicts'] }}"
` + "```" + `

The next try of a request may be in another host's log. A conflict that seems to need action on one host may therefore have passed
on another. The alert fires only after half an hour of such conflicts. The playbook ` + "`openstack_ops.placement.conflicts`" + ` judges the
logs of all hosts together.

## Metrics with Kolla-Ansible

Kolla-Ansible has no variable for the textfile collector. In globals.yml, set either a folder of the host:

` + "```" + `yaml
prometheus_node_exporter_cmdline_extras: "--collector.textfile.directory=/host/var/lib/node_exporter/textfile_collector"
# with scheduled_audit_textfile_directory: /var/lib/node_exporter/textfile_collector
` + "```" + `

or a volume, as StackHPC does it:

` + "```" + `yaml
prometheus_node_exporter_extra_volumes: ["textfile:/var/lib/node_exporter/textfile_collector"]
prometheus_node_exporter_cmdline_extras: "--collector.textfile.directory=/var/lib/node_exporter/textfile_collector"
# with scheduled_audit_textfile_directory: /var/lib/docker/volumes/textfile/_data
` + "```" + `

Then run ` + "`kolla-ansible reconfigure --tags prometheus`" + `, which creates the volume, before this role.

## Alerts

| alert | when |
|---|---|
| ` + "`PlacementAuditCritical`" + ` | a critical finding for 15 minutes |
| ` + "`PlacementConflictsSustained`" + ` | conflicts that do not pass for 30 minutes; a single 409 does not count, because it is looked at for 15 minutes only |
| ` + "`PlacementFlavorNowhere`" + ` | for an hour, no further server of a flavor in use fits anywhere, although some fitted a day ago |
| ` + "`PlacementAuditIncomplete`, `PlacementConflictsIncomplete`, `PlacementCapacityIncomplete`" + ` | for an hour, not everything could be read; for the full audit, two nights in a row |
| ` + "`PlacementAuditStale`, `PlacementConflictsStale`, `PlacementCapacityStale`" + ` | no run for an hour; for the full audit, for 50 hours; for the count, for two hours |
| ` + "`PlacementAuditMissing`" + ` | no metrics at all for an hour |

` + "`files/placement-dashboard.json`" + ` of this role is a Grafana dashboard for these metrics: the verdict of each cloud, its findings,
what could not be read, conflicts, free slots of each flavor, and, with the option ` + "`provider_metrics`" + ` of placement_audit, how full
the providers are. Import it in Grafana. For Kolla-Ansible, copy it to ` + "`{{ node_custom_config }}/grafana/dashboards/`" + ` of the
deploy host and reconfigure grafana.

For Kolla-Ansible ` + "`scheduled_audit_rules_directory`" + ` is ` + "`{{ node_custom_config }}/prometheus`" + ` (/etc/kolla/config/prometheus), and
` + "`kolla-ansible reconfigure --tags prometheus`" + ` installs the rules. Kayobe templates them: there the folder is
` + "`$KAYOBE_CONFIG_PATH/kolla/config/prometheus`" + `, with ` + "`scheduled_audit_rules_raw: true`" + `. The times in the rules fit the default
times of the timers, and their texts name the default folder of the reports.

## Removing

With ` + "`scheduled_audit_state: absent`" + ` the timers and their runs are stopped, and their units, the program, arguments, credentials,
reports and metrics are removed, by name. Other files in their folders stay, and so do these folders. Empty folders are removed,
except that of the metrics. The role reads the path of the metrics from the arguments, so ` + "`scheduled_audit_textfile_directory`" + `
need not be given again.

The journal of repairs stays, because it is needed to undo them.

Two things are not stored, and have to be given again: folders of the program, arguments, reports and units that are not the
default ones, and ` + "`scheduled_audit_rules_directory`" + `. Without the latter, the alert rules stay on the deploy host, and
` + "`PlacementAuditMissing`" + ` fires in a Prometheus that has loaded them. Kolla-Ansible only copies rules: remove ` + "`placement.rules`" + ` from
/etc/kolla/prometheus-server on the hosts of Prometheus too, and recreate the container ` + "`prometheus_server`" + `.

## What a run may do

It runs as root, because the logs are below the container engine's volumes, with a single capability, which lets it read and
write files regardless of their mode. Only the folders of reports and metrics are writable for it. The run that reads the
logs has no network. Credentials of the APIs are in one file, and the password in ` + "`scheduled_audit_database`" + ` is in the arguments of
the audits and the count: files of mode 0600 in a folder of mode 0700. No command line, unit or report has any of them.
`
