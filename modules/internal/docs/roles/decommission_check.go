// SPDX-License-Identifier: Apache-2.0

package roles

type decommissionCheckOptions struct {
	Host     string `json:"host" jsonschema:"required" jsonschema_description:"The compute that is to be removed, or was: its service host, as C(openstack compute service list) shows it."`
	Provider string `json:"provider,omitempty" jsonschema_description:"Name or UUID of the host's resource provider. Needed if its name is not that of the host, with or without a domain. After the removal give the UUID, which the run before the removal prints."`
	Phase    string `json:"phase" jsonschema:"default=before,enum=before,enum=after" jsonschema_description:"C(before) tells what is still on the host or holds its provider, C(after) whether anything is left."`

	Clean           bool    `json:"clean" jsonschema:"default=false" jsonschema_description:"Finish what is found: M(openstack_ops.placement.placement_heal) heals what the audit finds about the providers of I(host), and with I(phase=after) M(openstack_ops.placement.placement_provider) deletes those that nothing holds. Then the host is checked again."`
	CleanMaxChanges int     `json:"clean_max_changes" jsonschema:"default=20,minimum=1" jsonschema_description:"With I(clean), how many changes the repair may make. Nothing of a plan that is over the budget is done."`
	CleanMaxShare   float64 `json:"clean_max_share" jsonschema:"default=0.1,minimum=0,maximum=1" jsonschema_description:"With I(clean), which fraction of all consumers, and of all resource providers, the repair may change."`

	Grace int  `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between the two looks of the audit."`
	Fail  bool `json:"fail" jsonschema:"default=true" jsonschema_description:"Fail unless the host can be removed (before), or nothing of it is left (after), so that a play stops there."`
}

func decommissionCheck() Role {
	return Role{
		Name: "decommission_check", Short: "Say what holds a compute before it is removed, and what is left of it after",
		Description: []string{
			"Nova deletes a compute service although its resource provider is in use, and leaves the provider behind, with allocations that have no owner. The next host of that name then fails with `Conflicting resource provider name` forever. Run this before the host is removed, and once more after.",
			"A host may go only if Nova shows no server on it and no move from or to it, and if no consumer holds its resource provider in Placement. What a server left there when it was evacuated to another host is named as that: Nova clears it when the compute service is deleted. After the removal, a nova-compute that still reports is named too.",
			"It changes nothing, unless `decommission_check_clean` is true, and nothing in check mode. It needs the role `cloud`, whose variables say how to log in.",
		},
		Options: &decommissionCheckOptions{},
		Sets: [][2]string{
			{"decommission_check_result", "`ok`, `msg`, `providers` (UUID and name), `holders` (consumers with what they hold, and their `kind`, `name`, `status` and `host`), `servers` on the host and `moves` from or to it in Nova, `findings` of the audit about the host, and `complete`: whether everything could be read. `ok` is false where it could not, or where two answers contradict each other"},
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
