// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
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
		"fail: x\n\nHIGH  PLC1 some-check\n    PLC1 is wrong\n    To do: mend PLC1\n", "and 2 more of them: --wide lists them\nand 1 below medium: --wide lists them\n",
		"Since the baseline of 2026-11-28T10:00:00Z: 22 new, 1 known, 4 gone\n", "nova-status: 2 success\n", "\nReport: /r.md, /r.json",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "HIGH"); n != 20 {
		t.Errorf("%d are shown", n)
	}
	for view, want := range map[screen.View]string{{Play: true}: "and 1 below medium: the reports list them", {Wide: true}: "LOW  PLC2 some-check"} {
		if text := strings.Join(a.Text(view, "fail: x", a.Reasons(), usual(), nil), "\n"); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
