// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

func usual() verdict.Thresholds {
	return verdict.Thresholds{Fail: check.High, Warn: check.Medium}
}

func reading(hosts ...string) verdict.Computes {
	silent := append([]string{}, hosts...)
	return verdict.Computes{Msg: "all have reported", Silent: &silent}
}

func audited(findings ...check.Finding) report.Audit {
	return report.Audit{Complete: true, Findings: findings, Summary: report.Summary{Findings: len(findings)}}
}

func finding(id string, severity check.Severity, change ...func(*check.Finding)) check.Finding {
	f := check.Finding{ID: id, Name: "some-check", Severity: severity, Message: id + " is wrong", Remedy: check.Remedy{Text: "mend " + id}}
	for _, c := range change {
		c(&f)
	}
	return f
}

func known(f *check.Finding) { f.State = check.Known }

func TestJudge(t *testing.T) {
	reason := func(s check.Severity, unread bool) verdict.Reason { return verdict.Reason{Severity: s, Unread: unread} }
	for name, c := range map[string]struct {
		from    verdict.Thresholds
		reasons []verdict.Reason
		want    verdict.Verdict
	}{
		"nothing":               {usual(), nil, verdict.Pass},
		"below both":            {usual(), []verdict.Reason{reason(check.Low, false), reason(check.Info, false)}, verdict.Pass},
		"unread below both":     {usual(), []verdict.Reason{reason(check.Info, true)}, verdict.Warn},
		"at the lower":          {usual(), []verdict.Reason{reason(check.Medium, false)}, verdict.Warn},
		"at the higher":         {usual(), []verdict.Reason{reason(check.Low, false), reason(check.High, false)}, verdict.Fail},
		"above the higher":      {usual(), []verdict.Reason{reason(check.Critical, false)}, verdict.Fail},
		"critical alone fails":  {verdict.Thresholds{Fail: check.Critical, Warn: check.High}, []verdict.Reason{reason(check.High, false)}, verdict.Warn},
		"warn above fail":       {verdict.Thresholds{Fail: check.Low, Warn: check.High}, []verdict.Reason{reason(check.Medium, false)}, verdict.Fail},
		"everything fails":      {verdict.Thresholds{Fail: check.Info, Warn: check.Info}, []verdict.Reason{reason(check.Info, false)}, verdict.Fail},
		"unread at the highest": {usual(), []verdict.Reason{reason(check.High, true)}, verdict.Fail},
	} {
		if got := c.from.Judge(c.reasons); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// told is a reason in one line.
func told(reasons []verdict.Reason) []string {
	out := []string{}
	for _, r := range reasons {
		line := string(r.Severity) + " " + r.What + ": " + r.Text
		if r.Unread {
			line += " (unread)"
		}
		out = append(out, line)
	}
	return out
}

func TestReasonsBefore(t *testing.T) {
	for name, c := range map[string]struct {
		before verdict.Before
		want   []string
		msg    string
	}{
		"nothing": {verdict.Before{Audit: audited(), Computes: reading()}, []string{}, "pass: nothing was found that makes the upgrade unsafe"},
		"findings, the worst first": {
			verdict.Before{Audit: audited(finding("PLC1", check.Low), finding("PLC2", check.Critical), finding("PLC3", check.Low)), Computes: reading()},
			[]string{"critical PLC2 some-check: PLC2 is wrong", "low PLC1 some-check: PLC1 is wrong", "low PLC3 some-check: PLC3 is wrong"},
			"fail: the upgrade is not safe for Placement (1 critical, 2 low)",
		},
		"silent computes": {
			verdict.Before{Audit: audited(), Computes: reading("cn1")},
			[]string{"high nova-compute: nova-compute on cn1 is enabled, but does not report"},
			"fail: the upgrade is not safe for Placement (1 high)",
		},
		"computes that could not be read": {
			verdict.Before{Audit: audited(), Computes: verdict.Computes{Msg: "403"}},
			[]string{"high nova-compute: the compute services could not be read: 403 (unread)"},
			"fail: the upgrade is not safe for Placement (1 high)",
		},
		"identities": {
			verdict.Before{Audit: audited(), Groups: []string{"compute"}, Hosts: 5, Computes: func() verdict.Computes {
				c := reading()
				for _, e := range []computeid.Effect{computeid.Keep, computeid.Unknown, computeid.Stop, computeid.Create} {
					c.Identities = append(c.Identities, computeid.Identity{Effect: e, Safe: e == computeid.Keep, Message: "m"})
				}
				return c
			}()},
			[]string{"critical compute_id stop: m", "high compute_id create: m", "medium compute_id unknown: m (unread)"},
			"fail: the upgrade is not safe for Placement (1 critical, 1 high, 1 medium)",
		},
		"no hosts in the groups": {
			verdict.Before{Audit: audited(), Computes: reading(), Groups: []string{"compute", "nova"}},
			[]string{"medium compute_id: the identities of computes were not read: the inventory has none of the groups compute, nova (unread)"},
			"warn: look at this before the upgrade (1 medium)",
		},
		"hosts that Nova alone knows": {
			verdict.Before{Audit: audited(), Groups: []string{"compute"}, Hosts: 1, Computes: verdict.Computes{Silent: &[]string{}, Unseen: []string{"cn8", "cn9"}}},
			[]string{"medium compute_id unknown: the identities of cn8, cn9 were not read: Nova has these hosts, but the inventory does not, or has them under another name (unread)"},
			"warn: look at this before the upgrade (1 medium)",
		},
		"checks that did not run": {
			verdict.Before{Audit: report.Audit{NotRun: []check.NotRun{{Check: "PLC1", Name: "n", Reason: "a cell is down"}}}, Computes: reading()},
			[]string{"high PLC1 n: was not judged: a cell is down (unread)"},
			"fail: the upgrade is not safe for Placement (1 high)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			reasons := c.before.Reasons()
			if diff := cmp.Diff(c.want, told(reasons)); diff != "" {
				t.Error(diff)
			}
			if got := c.before.Sentence(usual().Judge(reasons), reasons); got != c.msg {
				t.Errorf("%q, want %q", got, c.msg)
			}
		})
	}
}

// after is an upgrade of which all was read, with a baseline.
func after(change func(*verdict.After)) verdict.After {
	a := verdict.After{Audit: audited(), Computes: reading(), Baseline: verdict.Baseline{Path: "/b", TakenAt: "2026-11-28T10:00:00Z"}}
	change(&a)
	return a
}

func TestReasonsAfter(t *testing.T) {
	for name, c := range map[string]struct {
		after verdict.After
		want  []string
	}{
		"nothing": {after(func(*verdict.After) {}), []string{}},
		"known findings are medium at most": {
			after(func(a *verdict.After) {
				a.Audit = audited(finding("PLC1", check.Critical, known), finding("PLC2", check.Low, known), finding("PLC3", check.High))
			}),
			[]string{"high PLC3 some-check: PLC3 is wrong", "medium PLC1 some-check (known before): PLC1 is wrong", "low PLC2 some-check (known before): PLC2 is wrong"},
		},
		"an incomplete audit that says no more": {
			after(func(a *verdict.After) { a.Audit.Complete = false }),
			[]string{"high audit: the audit is incomplete, and does not say which checks did not run (unread)"},
		},
		"a log of which only the conflicts tell": {
			after(func(a *verdict.After) {
				a.Conflicts = &report.Refusals{NotRead: []report.NotRead{{Source: "c2:/l", Reason: "denied"}}}
			}),
			[]string{"medium logs: c2:/l was not read: denied (unread)"},
		},
		"findings left out": {
			after(func(a *verdict.After) { a.Audit.Summary.LeftOut = 3 }), []string{"high findings: 3 more findings are not in the list (unread)"},
		},
		"silent": {
			after(func(a *verdict.After) { a.Computes = reading("cn1", "cn2") }),
			[]string{"high nova-compute: nova-compute on cn1 has not reported", "high nova-compute: nova-compute on cn2 has not reported"},
		},
		"computes that could not be read": {
			after(func(a *verdict.After) { a.Computes = verdict.Computes{Msg: "503"} }),
			[]string{"high nova-compute: whether each nova-compute has reported could not be read: 503 (unread)"},
		},
		"no baseline": {
			after(func(a *verdict.After) { a.Baseline.TakenAt = "" }),
			[]string{"medium baseline: there is no baseline (/b): what was wrong before cannot be told from what the upgrade broke (unread)"},
		},
		"conflicts": {
			after(func(a *verdict.After) {
				a.Conflicts = &report.Refusals{Conflicts: []explained.Conflict{
					{Conflict: "c1", Verdict: explained.Undecided, Message: "m1"},
					{Conflict: "c2", Verdict: explained.Lasting, Act: true, Message: "m2"},
					{Conflict: "c3", Verdict: explained.Passed, Message: "m3"},
				}}
			}),
			[]string{"high persistent conflict c2: m2", "low undecided conflict c1: m1"},
		},
		"logs": {
			after(func(a *verdict.After) {
				a.Logs = []verdict.Logs{{Host: "c1", Failure: "no\nway"}, {Host: "c2", Placement: true}, {Host: "c3", Placement: true, Reread: true}}
				a.OpenAtFirst = []string{"x"}
				a.Conflicts = &report.Refusals{NotRead: []report.NotRead{{Source: "c2:/l", Reason: "denied"}}}
			}),
			[]string{
				"medium logs: the logs of c1 were not read: no way (unread)", "medium logs: c2:/l was not read: denied (unread)",
				"medium logs: the logs of c2 were not read a second time: some conflicts may have passed (unread)",
			},
		},
		"no log of Placement": {
			after(func(a *verdict.After) { a.Logs = []verdict.Logs{{Host: "c1"}, {Host: "c2"}} }),
			[]string{"medium logs: no log of Placement was found on c1, c2: what it refused is not known (unread)"},
		},
		"upgrade checks": {
			after(func(a *verdict.After) {
				a.StatusChecks = []verdict.StatusCheck{
					{Of: "nova", Host: "h", Name: "Cells", Result: "success"},
					{Of: "nova", Host: "h", Name: "Old", Result: "warning", Details: "d1"},
					{Of: "nova", Host: "h", Name: "New", Result: "failure", Details: "d2"},
					{Of: "placement", Host: "h", Result: "unread", Details: "d3"},
				}
			}),
			[]string{"high nova-status upgrade check: New: d2", "medium placement-status upgrade check: d3 (unread)", "low nova-status upgrade check: Old: d1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, told(c.after.Reasons())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Nova's own command is given as it is called there; any other stays as it is.
func TestCommands(t *testing.T) {
	const server = "b0000000-0000-4000-8000-000000000001"
	heals := func(f *check.Finding) {
		f.Remedy = check.Remedy{Command: "nova-manage placement heal_allocations --force --instance " + server, Module: "placement_x", Args: map[string]any{"a": 1}}
	}
	a := after(func(a *verdict.After) {
		a.NovaHost, a.NovaManage = "c1", []string{"docker", "exec", "nova_api", "nova-manage"}
		a.Audit = audited(finding("PLC105", check.High, heals), finding("PLC203", check.High, func(f *check.Finding) {
			heals(f)
			f.Remedy.Command = "openstack --x; " + f.Remedy.Command
		}))
	})
	reasons := a.Reasons()
	if got := reasons[0].Command; got != "docker exec nova_api nova-manage placement heal_allocations --force --instance "+server || *reasons[0].Host != "c1" {
		t.Errorf("%q on %v", got, reasons[0].Host)
	}
	if !strings.HasPrefix(reasons[1].Command, "openstack --x; ") || reasons[1].Host != nil || reasons[1].Task["openstack_ops.placement.placement_x"]["a"] != 1 {
		t.Errorf("%+v", reasons[1])
	}
}

const novaTable = `+--------------------------------------------------------------------+
| Upgrade Check Results                                              |
+--------------------------------------------------------------------+
| Check: Cells v2                                                    |
| Result: Success                                                    |
| Details: None                                                      |
+--------------------------------------------------------------------+
| Check: Older than N-1 computes                                     |
| Result: Failure                                                    |
| Details: Current Nova version does not support computes older than |
|   Yoga but the minimum compute service level in your system is 30. |
+--------------------------------------------------------------------+
`

// Of each service the first host with a table counts. Without one, what was said is shown, without passwords.
func TestStatusChecks(t *testing.T) {
	got := verdict.StatusChecks([]verdict.Command{
		{Of: "nova", Host: "c1", Stderr: "no such container"},
		{Of: "nova", Host: "c2", Stdout: strings.ReplaceAll(novaTable, "\n", "\r\n")},
		{Of: "nova", Host: "c3", Stdout: novaTable},
		{Of: "placement", Host: "c1", Stderr: "can't reach\nmysql+pymysql://placement:hunter2@db/placement\x1b[2J"},
		{Of: "placement", Host: "c2", Absent: true},
	})
	want := []verdict.StatusCheck{
		{Of: "placement", Host: "c1", Result: "unread", Details: "can't reach mysql+pymysql://***@db/placement\ufffd[2J"},
		{Of: "nova", Host: "c2", Name: "Cells v2", Result: "success", Details: "None"},
		{Of: "nova", Host: "c2", Name: "Older than N-1 computes", Result: "failure", Details: "Current Nova version does not support computes older than Yoga but the minimum compute service level in your system is 30."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	absent := verdict.StatusChecks([]verdict.Command{{Of: "nova", Host: "c1", Stderr: "denied"}, {Of: "nova", Host: "c2", Absent: true}})
	if len(absent) != 1 || absent[0].Host != "c1" || absent[0].Details != "denied" {
		t.Errorf("the host that answered is not named: %+v", absent)
	}
	if none := verdict.StatusChecks([]verdict.Command{{Of: "nova", Host: "c1", Absent: true}}); len(none) != 1 || !strings.Contains(none[0].Details, "not among the hosts") {
		t.Errorf("%+v", none)
	}
	if silent := verdict.StatusChecks([]verdict.Command{{Of: "nova", Host: "c1"}}); len(silent) != 1 || silent[0].Details != "it said nothing" {
		t.Errorf("%+v", silent)
	}
}

const hostile = "x\nCRITICAL  PLC999 gone\u202e\x1b[2J https://evil.example #1 @bob |<b>"

// The same text is escaped alike in every report, and forges no line.
func TestReports(t *testing.T) {
	a := after(func(a *verdict.After) {
		a.Audit = audited(finding("PLC1", check.High, func(f *check.Finding) { f.Message = hostile }))
		a.StatusChecks = []verdict.StatusCheck{{Of: "nova", Host: hostile, Name: hostile, Result: "failure", Details: hostile}}
		a.Conflicts = &report.Refusals{Msg: hostile, Conflicts: []explained.Conflict{{Conflict: hostile, Target: explained.Target{Name: hostile}}}}
	})
	b := verdict.Before{Audit: a.Audit, Computes: reading(hostile), Groups: []string{hostile}}
	reasons := a.Reasons()
	for name, text := range map[string]string{
		"after": strings.Join(a.Text(screen.View{}, "msg", reasons, usual(), []string{"/r"}), "\n"), "before": strings.Join(b.Text(screen.View{}, "msg", b.Reasons(), usual(), nil), "\n"),
		"after.md": string(a.Markdown(verdict.Fail, "msg", reasons)), "before.md": string(b.Markdown(verdict.Fail, "msg", b.Reasons())),
	} {
		if strings.ContainsAny(text, "\u202e\x1b") || strings.Contains(text, "\nCRITICAL") {
			t.Errorf("%s: %q", name, text)
		}
		if strings.HasSuffix(name, ".md") && (strings.Contains(text, "<b>") || !strings.Contains(text, `https\://evil.example \#1 \@bob \|&lt;b&gt;`)) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// The text shows what decides the verdict, at most twenty of it, and counts the rest.
func TestText(t *testing.T) {
	a := after(func(a *verdict.After) {
		for range 22 {
			a.Audit.Findings = append(a.Audit.Findings, finding("PLC1", check.High))
		}
		a.Audit.Findings = append(a.Audit.Findings, finding("PLC2", check.Low))
		a.Audit.Summary = report.Summary{ByState: &report.ByState{New: 22, Known: 1, Gone: 4}}
		a.StatusChecks = []verdict.StatusCheck{{Of: "nova", Result: "success"}, {Of: "nova", Result: "success"}}
	})
	text := strings.Join(a.Text(screen.View{}, "fail: x", a.Reasons(), usual(), []string{"/r.md", "/r.json"}), "\n")
	for _, want := range []string{
		"fail: x\n\nHIGH  PLC1 some-check\n    PLC1 is wrong\n    To do: mend PLC1\n", "and 2 more of them, see the report\nand 1 below medium, see the report\n",
		"Since the baseline of 2026-11-28T10:00:00Z: 22 new, 1 known, 4 gone\n", "nova-status: 2 success\n", "\nReport: /r.md, /r.json",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "HIGH"); n != 20 {
		t.Errorf("%d are shown", n)
	}
}
