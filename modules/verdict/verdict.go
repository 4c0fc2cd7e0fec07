// SPDX-License-Identifier: Apache-2.0

// Package verdict is the module placement_verdict: it judges an upgrade, or the removal of a host, from what other tasks have read
// before and after it. It reads nothing itself and changes nothing; the only things it writes are reports where it was asked to.
package verdict

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	judge "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_verdict.
func Module() *ansible.Module {
	return ansible.Define("placement_verdict", doc, run)
}

// Options are the options of placement_verdict.
type Options struct {
	ansible.Shown

	Moment   string         `json:"moment" jsonschema:"required,enum=before,enum=after,enum=before_removal,enum=after_removal" jsonschema_description:"Judge whether an upgrade is safe (C(before)) or what it left behind (C(after)); whether a host can be removed (C(before_removal)) or what is left of it (C(after_removal))."`
	Audit    map[string]any `json:"audit" jsonschema:"required" jsonschema_description:"Result of M(openstack_ops.placement.placement_audit)."`
	Computes map[string]any `json:"computes,omitempty" jsonschema_description:"Result of M(openstack_ops.placement.placement_compute_info). With C(before_removal) and C(after_removal), the result for I(host), with C(servers=true), and with C(consumers) set to those that hold something of I(providers). A failed result counts as not read."`
	Baseline Baseline       `json:"baseline" jsonschema_description:"The audit that was saved before the upgrade."`

	ComputeGroups []string `json:"compute_groups,omitempty" jsonschema_description:"With C(before), the inventory groups whose hosts were read for I(computes). Leave it out if identities were not read."`
	ComputeHosts  int      `json:"compute_hosts" jsonschema:"default=0,minimum=0" jsonschema_description:"With C(before), how many hosts these groups have."`

	Capacity       map[string]any `json:"capacity,omitempty" jsonschema_description:"With C(before) and C(after), result of M(openstack_ops.placement.placement_capacity_info) with C(in_use=true). A failed result counts as not read."`
	CapacityBefore map[string]any `json:"capacity_before,omitempty" jsonschema_description:"With C(after) and I(capacity), the result that was given as I(capacity) before the upgrade. A result without C(flavors) counts as not read. A flavor that could land somewhere then, and can land nowhere now, is a reason of severity C(high)."`

	Conflicts    map[string]any   `json:"conflicts,omitempty" jsonschema_description:"With C(after), result of M(openstack_ops.placement.placement_conflicts) for all hosts together."`
	Logs         []Log            `json:"logs,omitempty" jsonschema_description:"With C(after), what M(openstack_ops.placement.placement_conflicts) returned on each host whose logs were to be read. Leave it out if logs were not read."`
	OpenAtFirst  []string         `json:"open_at_first,omitempty" jsonschema_description:"With C(after), the conflicts that were open after the first reading of the logs. Then the logs of Placement have to be read a second time."`
	StatusChecks []map[string]any `json:"status_checks,omitempty" jsonschema_description:"With C(after), the upgrade checks of Placement and Nova as M(ansible.builtin.command) returned them, each with C(of) (C(placement) or C(nova)) and C(host), and C(absent) for a host that was not reached. The first host of each service that gave a table counts."`
	NovaHost     string           `json:"nova_host,omitempty" jsonschema_description:"With C(after), host on which C(nova-manage) runs. An upgrade check of Nova in I(status_checks) takes precedence."`
	NovaManage   []string         `json:"nova_manage,omitempty" jsonschema_description:"With C(after), the words that call C(nova-manage) there. C(nova-manage) if not given."`

	Repair        map[string]any `json:"repair,omitempty" jsonschema_description:"With C(after), result of M(openstack_ops.placement.placement_heal). A failed result counts as not done."`
	RepairPlanned bool           `json:"repair_planned" jsonschema:"default=false" jsonschema_description:"With I(repair), only a plan was asked for."`

	Host      string         `json:"host,omitempty" jsonschema_description:"With C(before_removal) and C(after_removal), service host of the compute."`
	Provider  string         `json:"provider,omitempty" jsonschema_description:"Name or UUID of the resource provider of I(host). Leave it out if it is named like I(host), with or without a domain."`
	Providers map[string]any `json:"providers,omitempty" jsonschema_description:"Result of M(openstack_ops.placement.placement_provider_info) for I(provider) or I(host), with C(match=host), C(tree=true), and C(usages) and C(allocations) in C(details)."`

	FailSeverity string   `json:"fail_severity" jsonschema:"default=high,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes the verdict C(fail)."`
	WarnSeverity string   `json:"warn_severity" jsonschema:"default=medium,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes the verdict C(warn)."`
	Reports      []Report `json:"reports,omitempty" jsonschema_description:"Files on the target to write the verdict to. Check mode writes none."`
}

// Baseline is the audit that was saved before the upgrade.
type Baseline struct {
	Path    string `json:"path,omitempty" jsonschema_description:"File of the baseline."`
	TakenAt string `json:"taken_at,omitempty" jsonschema_description:"When the baseline was taken. Empty if there is none."`
	Kept    bool   `json:"kept" jsonschema:"default=false" jsonschema_description:"With C(before), whether an earlier baseline was kept."`
	Hours   int    `json:"hours" jsonschema:"default=0,minimum=0" jsonschema_description:"With C(before), for how many hours an earlier baseline is kept."`
}

// Log is what was read of the logs of one host.
type Log struct {
	Host  string         `json:"host" jsonschema:"required" jsonschema_description:"Name of the host."`
	Read  map[string]any `json:"read,omitempty" jsonschema_description:"Result of the first reading. Leave it out if the host was not reached."`
	Again map[string]any `json:"again,omitempty" jsonschema_description:"Result of the second reading, if there was one."`
}

// Report is one report to write.
type Report struct {
	Path   string `json:"path" jsonschema:"required" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"The file. Its directory has to exist."`
	Format string `json:"format" jsonschema:"required,enum=json,enum=html,enum=markdown" jsonschema_description:"C(json) has the verdict and what it rests on; C(html) is one page for a browser, which needs no server; C(markdown) is for people."`
}

// Result is what placement_verdict returns.
type Result struct {
	Changed      bool                `json:"changed"`
	Msg          string              `json:"msg"`
	Verdict      judge.Verdict       `json:"verdict"`
	Reasons      []judge.Reason      `json:"reasons"`
	StatusChecks []judge.StatusCheck `json:"status_checks"`
	Text         []string            `json:"text"`
	Report       []string            `json:"report"`
	Removal      *judge.Remains      `json:"removal,omitempty"` // nil for an upgrade

	show    func(screen.View) []string
	formats []reportfiles.Format[*Result]
}

// Show is the verdict as text.
func (r *Result) Show(v screen.View) []string { return r.show(v) }

// ExitCode is 2 unless the verdict is pass, and 3 if all that keeps it from that is what could not be read.
func (r *Result) ExitCode() int {
	known := func(reason judge.Reason) bool { return !reason.Unread }
	switch {
	case r.Verdict == judge.Pass:
		return terminal.Done
	case !slices.ContainsFunc(r.Reasons, known):
		return terminal.Incomplete
	}
	return terminal.Found
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	var rules []ansible.RequiredIf
	for _, moment := range []string{"before", "after"} {
		rules = append(rules,
			ansible.RequiredIf{Option: "moment", Value: moment, Options: []string{"computes"}},
			ansible.RequiredIf{Option: "moment", Value: moment + "_removal", Options: []string{"host", "providers", "computes"}})
	}
	return ansible.Constraints{RequiredIf: rules, RequiredBy: map[string][]string{"capacity_before": {"capacity"}}}
}

// Validate reports faults in the options before anything is judged.
func (o *Options) Validate(call *ansible.Call) error {
	return reportfiles.Faults(call, reportfiles.Files(o.reports()))
}

func (o *Options) reports() []reportfiles.Report {
	all := make([]reportfiles.Report, len(o.Reports))
	for i, r := range o.Reports {
		all[i] = reportfiles.Report{Path: r.Path, Format: r.Format}
	}
	return all
}

// judged is what all kinds of verdict offer.
type judged interface {
	Reasons() []judge.Reason
	Judge(from judge.Thresholds, reasons []judge.Reason) judge.Verdict
	Sentence(judge.Verdict, []judge.Reason) string
	Text(v screen.View, msg string, reasons []judge.Reason, from judge.Thresholds, reports []string) []string
	Markdown(v judge.Verdict, msg string, reasons []judge.Reason) []byte
}

func run(_ context.Context, call *ansible.Call, o *Options) (*Result, error) {
	subject, checks, err := o.subject(call.CheckMode)
	if err != nil {
		return nil, err
	}
	from := judge.Thresholds{Fail: check.Severity(o.FailSeverity), Warn: check.Severity(o.WarnSeverity)}
	r := &Result{Reasons: append([]judge.Reason{}, subject.Reasons()...), StatusChecks: checks, Report: []string{}}
	if removal, ok := subject.(*judge.Removal); ok {
		r.Removal = removal.Remains()
	}
	r.Verdict = subject.Judge(from, r.Reasons)
	r.Msg = subject.Sentence(r.Verdict, r.Reasons)
	if !call.CheckMode {
		for _, to := range o.Reports {
			r.Report = append(r.Report, to.Path)
		}
	}
	r.show = func(v screen.View) []string { return subject.Text(v, r.Msg, r.Reasons, from, r.Report) }
	r.Text = r.show(screen.InPlay())
	r.formats = []reportfiles.Format[*Result]{
		{Name: "json", Write: o.json},
		htmlFormat(subject),
		{Name: "markdown", Write: func(r *Result) ([]byte, error) { return subject.Markdown(r.Verdict, r.Msg, r.Reasons), nil }},
	}
	return r, reportfiles.Write(call, o.reports(), r.formats, r)
}

// json writes the verdict with what it rests on, as the roles keep it in their results.
func (o *Options) json(r *Result) ([]byte, error) {
	all := map[string]any{
		"verdict": r.Verdict, "msg": r.Msg, "reasons": r.Reasons, "audit": o.Audit, "report": r.Report,
	}
	baseline := map[string]any{"path": o.Baseline.Path, "taken_at": o.Baseline.TakenAt}
	switch o.Moment {
	case "before":
		baseline["kept"] = o.Baseline.Kept
		all["identities"], all["baseline"] = o.Computes["identities"], baseline
		o.addCapacity(all)
	case "after":
		all["computes"], all["conflicts"], all["status_checks"], all["baseline"] = o.Computes, o.Conflicts, r.StatusChecks, baseline
		if len(o.Repair) > 0 {
			all["repair"] = o.Repair
		}
		o.addCapacity(all)
	default:
		all["removal"] = r.Removal
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(all)
	return out.Bytes(), err
}

// addCapacity adds what was given of the capacity.
func (o *Options) addCapacity(all map[string]any) {
	for key, given := range map[string]map[string]any{"capacity": o.Capacity, "capacity_before": o.CapacityBefore} {
		if given != nil {
			all[key] = given
		}
	}
}
