// SPDX-License-Identifier: Apache-2.0

package roles

type decommissionCheckOptions struct {
	Host     string `json:"host" jsonschema:"required" jsonschema_description:"Service host of the compute that is to be removed or was removed, as C(openstack compute service list) shows it."`
	Provider string `json:"provider,omitempty" jsonschema_description:"Name or UUID of the host's resource provider. Required if its name is not the name of the host, with or without a domain. After the removal, give the UUID that the run before the removal printed."`
	Phase    string `json:"phase" jsonschema:"default=before,enum=before,enum=after" jsonschema_description:"C(before) says what is still on the host or holds its resource provider, C(after) says whether anything is left."`

	Source string `json:"source" jsonschema:"default=api,enum=api,enum=database" jsonschema_description:"Where the audit reads: the APIs, or the databases of Placement and Nova. What is on the host and what holds its resource providers is always read from the APIs."`
	Databases

	Clean           bool    `json:"clean" jsonschema:"default=false" jsonschema_description:"Clean up what is found. M(openstack_ops.placement.placement_heal) heals what the audit finds about the resource providers of I(host). With I(phase=after), M(openstack_ops.placement.placement_provider) deletes the providers that nothing holds. Then the host is checked again."`
	CleanMaxChanges int     `json:"clean_max_changes" jsonschema:"default=20,minimum=1" jsonschema_description:"With I(clean), the largest number of changes that the repair may make. If a plan exceeds this budget, none of its steps is done."`
	CleanMaxShare   float64 `json:"clean_max_share" jsonschema:"default=0.1,minimum=0,maximum=1" jsonschema_description:"With I(clean), the largest fraction of all consumers, and of all resource providers, that the repair may change."`

	Grace int  `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between the two looks of the audit."`
	Fail  bool `json:"fail" jsonschema:"default=true" jsonschema_description:"Stop the play unless the host can be removed (C(before)) or nothing of it is left (C(after))."`
}

func decommissionCheck() Role {
	return Role{
		Name: "decommission_check", Short: "Say what holds a compute before it is removed, and what is left of it after",
		Description: []string{
			"Nova deletes a compute service even if its resource provider is in use. It leaves the provider behind, with allocations that have no owner. The next host of that name then fails with `Conflicting resource provider name`, again and again. Run this before the host is removed, and once more after.",
			"A host can be removed only if Nova shows no server on it and no move from or to it, and if no consumer has allocations on its resource provider in Placement. Allocations that an evacuated server left there are no obstacle, and are marked as such: Nova removes them when the compute service is deleted. After the removal, the role also names a nova-compute that still reports.",
			"It changes nothing, unless `decommission_check_clean` is true, and nothing in check mode. It needs the role `cloud`, whose variables say how to log in.",
			"With `decommission_check_source: database` the audit reads the databases. The APIs are needed all the same: `openstack_ops.placement.placement_compute_info` reads the servers of single hosts from them only. All of it runs on localhost, which has to reach the databases. docs/database.md of the collection has the SQL user for `decommission_check_database`.",
		},
		Options: &decommissionCheckOptions{},
		Sets: [][2]string{
			{"decommission_check_result", "`ok`, `msg`, `providers` (UUID and name), `holders` (consumers with what they hold, and their `kind`, `name`, `status` and `host`), `servers` on the host and `moves` from or to it in Nova, `findings` of the audit about the host, and `complete`: whether everything could be read. `ok` is false if something could not be read, or if two answers contradict each other"},
		},
		Example: `- name: Remove a compute
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Stop unless nothing holds it any more
      ansible.builtin.include_role:
        name: openstack_ops.placement.decommission_check
      vars:
        decommission_check_host: compute-12

    # ... stop its containers, delete its compute service ...

    - name: Make sure that nothing is left of it
      ansible.builtin.include_role:
        name: openstack_ops.placement.decommission_check
      vars:
        decommission_check_host: compute-12
        decommission_check_phase: after
`,
	}
}
