// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"cmp"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	judge "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

// subject decodes what other tasks returned. All faults are reported together. Check mode takes no new baseline.
func (o *Options) subject(checkMode bool) (judged, []judge.StatusCheck, error) {
	var audit report.Audit
	var computes judge.Computes
	fault := decode("audit", "a result of placement_audit", o.Audit, &audit, "findings[].id", "findings[].severity", "not_run[].check", "summary")
	if o.Moment == "before_removal" || o.Moment == "after_removal" {
		removal, unread := o.removal(audit)
		return removal, []judge.StatusCheck{}, several.Join(fault, unread)
	}
	faults := []error{fault, decode("computes", "a result of placement_compute_info", o.Computes, &computes, "identities?[].host")}
	computes.Msg = cmp.Or(computes.Msg, "no reason was given")
	baseline := judge.Baseline(o.Baseline)
	capacities, unread := o.capacities()
	faults = append(faults, unread)
	if o.Moment == "before" {
		if checkMode && !baseline.Kept {
			baseline.Path = ""
		}
		return &judge.Before{
			Audit: audit, Computes: computes, Baseline: baseline, Groups: o.ComputeGroups, Hosts: o.ComputeHosts, Capacity: capacities,
		}, []judge.StatusCheck{}, several.Join(faults...)
	}
	after := &judge.After{Audit: audit, Computes: computes, Baseline: baseline, OpenAtFirst: o.OpenAtFirst, NovaManage: o.NovaManage, Capacity: capacities}
	if len(after.NovaManage) == 0 {
		after.NovaManage = []string{"nova-manage"}
	}
	var commands []judge.Command
	faults = append(faults, take("status_checks", "results of ansible.builtin.command", o.StatusChecks, &commands))
	after.StatusChecks = append([]judge.StatusCheck{}, judge.StatusChecks(commands)...)
	after.NovaHost = o.novaHost(after.StatusChecks)
	if len(o.Conflicts) > 0 {
		after.Conflicts = &report.Refusals{}
		faults = append(faults, decode("conflicts", "a result of placement_conflicts", o.Conflicts, after.Conflicts, "conflicts[].conflict", "conflicts[].act", "not_read"))
	}
	if len(o.Repair) > 0 {
		after.Repair = &judge.Repair{Planned: o.RepairPlanned}
		faults = append(faults, decode("repair", "a result of placement_heal", o.Repair, after.Repair, "steps?[].state"))
	}
	for _, l := range o.Logs {
		after.Logs = append(after.Logs, l.judged())
	}
	return after, after.StatusChecks, several.Join(faults...)
}

// capacities are where the flavors in use can land, now and before. A result without flavors was not read, and is not empty.
func (o *Options) capacities() (judge.Capacities, error) {
	all, faults := judge.Capacities{Compared: o.Moment == "after"}, []error(nil)
	read := func(option string, given map[string]any) *judge.Capacity {
		if given == nil {
			return nil
		}
		out := &judge.Capacity{}
		faults = append(faults, decode(option, "a result of placement_capacity_info", given, out, "flavors?[].name", "flavors?[].now.host_count", "flavors?[].now.total"))
		return out
	}
	all.Now, all.Before = read("capacity", o.Capacity), read("capacity_before", o.CapacityBefore)
	return all, several.Join(faults...)
}

// removal is what was read of a host. A provider without usages or allocations was not read, and not empty.
func (o *Options) removal(audit report.Audit) (*judge.Removal, error) {
	var read struct {
		Providers []judge.Held `json:"providers"`
	}
	err := decode("providers", "a result of placement_provider_info with usages and allocations", o.Providers, &read,
		"providers[].uuid", "providers[].name", "providers[].usages", "providers[].allocations")
	nova, fault := o.nova()
	return &judge.Removal{
		Removed: o.Moment == "after_removal", Host: foreign.Line(o.Host), Named: foreign.Line(o.Provider), Trees: read.Providers, Nova: nova, Audit: audit,
	}, several.Join(err, fault)
}

// nova is what was read of the host in Nova. What is not there was not read, and is not empty.
func (o *Options) nova() (judge.Nova, error) {
	var read struct {
		Msg       string             `json:"msg"`
		Complete  bool               `json:"complete"`
		Computes  []judge.Service    `json:"computes"`
		Hosts     []openstack.OnHost `json:"hosts"`
		Consumers []openstack.Holder `json:"consumers"`
	}
	fault := decode("computes", "a result of placement_compute_info", o.Computes, &read,
		"computes?[].host", "computes?[].state", "computes?[].status",
		"hosts?[].host", "hosts?[].nodes", "hosts?[].servers", "hosts?[].moves", "consumers?[].uuid", "consumers?[].kind")
	nova := judge.Nova{Services: read.Computes, Holders: read.Consumers}
	i := slices.IndexFunc(read.Hosts, func(on openstack.OnHost) bool { return openstack.SameHost(on.Host, foreign.Line(o.Host)) })
	switch {
	case !read.Complete:
		nova.Unread = cmp.Or(read.Msg, "no reason was given")
	case read.Computes == nil:
		nova.Unread = "the result does not list its compute services"
	case i < 0:
		nova.Unread = "its servers were not asked for"
	default:
		nova.On = read.Hosts[i]
	}
	return nova, fault
}

// novaHost is where an upgrade check of Nova has answered.
func (o *Options) novaHost(all []judge.StatusCheck) string {
	i := slices.IndexFunc(all, func(c judge.StatusCheck) bool { return c.Of == "nova" })
	if i < 0 {
		return o.NovaHost
	}
	return cmp.Or(all[i].Host, o.NovaHost)
}

// judged tells what became of the logs of a host. Only a result with records is one: a failed task returns others.
func (l Log) judged() judge.Logs {
	out := judge.Logs{Host: l.Host, Reread: l.Again["export"] != nil}
	if l.Read == nil {
		out.Failure = "it was not among the hosts of this run"
	} else if l.Read["export"] == nil {
		msg, _ := l.Read["msg"].(string)
		out.Failure = cmp.Or(msg, "no reason was given")
	}
	sources, _ := l.Read["sources"].([]any)
	out.Placement = slices.ContainsFunc(sources, func(raw any) bool {
		source, _ := raw.(map[string]any)
		return source["service"] == "placement"
	})
	return out
}
