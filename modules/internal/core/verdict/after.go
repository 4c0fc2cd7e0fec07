// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Logs is what was read of the logs of one host.
type Logs struct {
	Host string `json:"host"`
	// Failure is why they were not read; empty if they were.
	Failure   string `json:"failure,omitempty"`
	Placement bool   `json:"placement"` // a log of Placement is among them
	Reread    bool   `json:"reread"`    // they were read a second time
}

// After is what was read after an upgrade.
type After struct {
	Audit        report.Audit
	Computes     Computes
	Baseline     Baseline
	Conflicts    *report.Refusals // nil if there was no log to read
	Logs         []Logs           // of each host that was to be read; nil if logs were not asked for
	OpenAtFirst  []string         // conflicts that were open after the first reading
	StatusChecks []StatusCheck
	NovaHost     string   // where nova-manage runs
	NovaManage   []string // how it is called there
	Repair       *Repair  // nil if none was asked for
	Capacity     Capacities
}

// Reasons returns what is to be looked at, the worst first. What was there before the upgrade counts as medium at most.
func (a *After) Reasons() []Reason {
	return sorted(a.findings(), leftOut(a.Audit), notRun(a.Audit), a.silent(), a.conflicts(), statusReasons(a.StatusChecks),
		a.Repair.reasons(), a.Capacity.reasons(), a.baseline(), a.logs(), a.undecided())
}

// Judge returns the verdict.
func (a *After) Judge(from Thresholds, reasons []Reason) Verdict { return from.Judge(reasons) }

// Sentence is the verdict in one sentence.
func (a *After) Sentence(v Verdict, reasons []Reason) string {
	if v != Pass && unreadOnly(reasons) {
		return string(v) + ": nothing was found, but not everything could be read" + counts(reasons)
	}
	return map[Verdict]string{
		Fail: "fail: the upgrade left something to repair", Warn: "warn: the upgrade left something to look at",
		Pass: "pass: Placement and Nova agree as before",
	}[v] + counts(reasons)
}

// heal is Nova's own command, of which the words before it depend on the cloud.
var heal = regexp.MustCompile(`^nova-manage( placement heal_allocations(?: --force)? --instance [0-9a-f-]+)$`)

func (a *After) findings() []Reason {
	var all []Reason
	for _, f := range a.Audit.Findings {
		r := reasonOf(f)
		r.Fingerprint = f.Fingerprint
		if f.State == check.Known {
			r.What += " (known before)"
			if r.Severity.AtLeast(check.Medium) {
				r.Severity = check.Medium
			}
		}
		if found := heal.FindStringSubmatch(f.Remedy.Command); found != nil {
			r.Command, r.Host = a.novaManage()+found[1], &a.NovaHost
		}
		if f.Remedy.Module != "" {
			r.Task = map[string]Args{"openstack_ops.placement." + f.Remedy.Module: f.Remedy.Args}
		}
		all = append(all, r)
	}
	return all
}

// reasonOf is a finding as a reason.
func reasonOf(f check.Finding) Reason {
	return Reason{Severity: f.Severity, What: f.ID + " " + f.Name, Text: f.Message, Todo: f.Remedy.Text, Command: f.Remedy.Command, check: f.ID}
}

func (a *After) novaManage() string {
	words := make([]string, len(a.NovaManage))
	for i, word := range a.NovaManage {
		words[i] = foreign.Word(word)
	}
	return strings.Join(words, " ")
}

// leftOut are the findings beyond max_findings.
func leftOut(a report.Audit) []Reason {
	if a.Summary.LeftOut == 0 {
		return nil
	}
	return []Reason{{
		Severity: check.High, What: "findings", Text: counted(a.Summary.LeftOut, "more finding") + " not in the list",
		Todo: "Run audit.yml with a report, which contains all of them", Unread: true,
	}}
}

func (a *After) silent() []Reason {
	const todo = "Look into nova-compute.log on that host. If the service is meant to be off, disable it"
	if a.Computes.Silent == nil {
		return a.Computes.unread()
	}
	var all []Reason
	for _, host := range *a.Computes.Silent {
		all = append(all, Reason{Severity: check.High, What: "nova-compute", Text: "nova-compute on " + host + " has not reported", Todo: todo})
	}
	return all
}

func (a *After) conflicts() []Reason {
	return a.conflictsOf(check.High, func(c explained.Conflict) bool { return c.Act })
}

func (a *After) undecided() []Reason {
	return a.conflictsOf(check.Low, func(c explained.Conflict) bool { return !c.Act && c.Verdict == explained.Undecided })
}

func (a *After) conflictsOf(severity check.Severity, wanted func(explained.Conflict) bool) []Reason {
	if a.Conflicts == nil {
		return nil
	}
	var all []Reason
	for _, c := range a.Conflicts.Conflicts {
		if wanted(c) {
			all = append(all, Reason{Severity: severity, What: string(c.Verdict) + " conflict " + c.Conflict, Text: c.Message, Todo: c.Remedy})
		}
	}
	return all
}

func (a *After) baseline() []Reason {
	if a.Baseline.TakenAt != "" {
		return nil
	}
	where := ""
	if a.Baseline.Path != "" {
		where = " (" + a.Baseline.Path + ")"
	}
	return []Reason{{
		Severity: check.Medium, What: "baseline", Unread: true, Todo: "Run pre_upgrade.yml before the next upgrade",
		Text: "there is no baseline" + where + ": every finding counts as new, including faults from before the upgrade",
	}}
}

// logs are the logs that were not read, or not a second time while conflicts were open.
func (a *After) logs() []Reason {
	var all []Reason
	unread := func(text, todo string) {
		all = append(all, Reason{Severity: check.Medium, What: "logs", Text: text, Todo: todo, Unread: true})
	}
	for _, l := range a.Logs {
		if l.Failure != "" {
			unread("the logs of "+l.Host+" were not read: "+foreign.Line(l.Failure), "Make these logs readable, then run this again")
		}
	}
	if a.Logs != nil && !slices.ContainsFunc(a.Logs, func(l Logs) bool { return l.Placement }) {
		unread("no log of Placement was found on "+strings.Join(hosts(a.Logs), ", ")+": it is unknown what Placement refused",
			"Set post_upgrade_log_profile or post_upgrade_log_files to where its logs are")
	}
	if a.Conflicts != nil {
		for _, n := range a.Conflicts.NotRead {
			unread(n.Source+" was not read: "+n.Reason, "Make it readable, then run this again")
		}
	}
	for _, l := range a.Logs {
		if len(a.OpenAtFirst) > 0 && l.Placement && !l.Reread {
			unread("the logs of "+l.Host+" were not read a second time: some conflicts may have passed", "Run this again")
		}
	}
	return all
}

func hosts(logs []Logs) []string {
	var names []string
	for _, l := range logs {
		names = append(names, l.Host)
	}
	return names
}

func counted(n int, thing string) string { return number(n, thing) + " " + isOrAre(n) }

func number(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
