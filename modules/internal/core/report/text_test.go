// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
)

func told(a *report.Audit, v screen.View) string { return strings.Join(a.Show(v), "\n") + "\n" }

// Checks that did not run stand below what they lack: each cause once, whatever the number of checks.
func TestTextOfUnread(t *testing.T) {
	a := &report.Audit{Complete: false}
	const cause = "there is no endpoint of compute; set compute_endpoint"
	for i, id := range []string{"PLC101", "PLC102", "PLC103", "PLC201", "PLC301"} {
		a.NotRun = append(a.NotRun, check.NotRun{Check: id, Reason: fmt.Sprintf("part %d could not be read: %s", i, cause), Cause: cause})
	}
	a.NotRun = append(a.NotRun, check.NotRun{Check: "PLC302", Reason: "it did not judge cn5: timed out", Cause: "timed out", Without: []string{"cn5"}})
	text := told(a, screen.View{Width: 80})
	for _, want := range []string{
		"INCOMPLETE       nothing found  6 checks did not finish\n",
		"  " + cause + "\n    5 checks did not run: PLC101-103 PLC201 PLC301\n  timed out\n    1 check ran without cn5: PLC302\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if strings.Count(text, cause) != 1 || strings.Contains(text, "Next") {
		t.Errorf("%s", text)
	}
}

// A clean cloud is one that was read: the text says how much.
func TestTextOfClean(t *testing.T) {
	r := reporttest.Clean()
	text := told(&r.Audit, screen.View{Width: 200})
	if lines := strings.Count(text, "\n"); lines > 3 || !strings.Contains(text, "CLEAN            nothing found\n") || !strings.Contains(text, " checks") {
		t.Errorf("%s", text)
	}
}

// A thousand faults of one kind do not hide the others, and a wide text has them all.
func TestTextOfMany(t *testing.T) {
	a := &report.Audit{Complete: true}
	for i := range 1000 {
		id := fmt.Sprintf("%08x-0000-4000-8000-000000000000", i)
		a.Findings = append(a.Findings, check.Finding{
			ID: "PLC101", Name: "orphaned-allocation", Severity: check.High, Fingerprint: "PLC101:consumer:" + id, Message: "consumer " + id + " holds VCPU 1",
		})
	}
	a.Findings = append(a.Findings, check.Finding{ID: "PLC301", Name: "over-capacity", Severity: check.High, Fingerprint: "PLC301:provider:x", Message: "cn1 is over capacity"})
	text := told(a, screen.View{Width: 100})
	if !strings.Contains(text, "cn1 is over capacity") || !strings.Contains(text, "and 990 more with PLC101: --wide or -o json lists them") ||
		strings.Count(text, "PLC101 orphaned") != 10 {
		t.Errorf("%s", text)
	}
	if n := strings.Count(told(a, screen.View{Width: 100, Wide: true}), "PLC101 orphaned"); n != 1000 {
		t.Errorf("%d of 1000 in a wide text", n)
	}
}

// What to do about a cause comes before what to do about the findings that follow from it, of which some are counted only.
func TestTextOfManyThatFollow(t *testing.T) {
	cause := check.Finding{
		ID: "PLC202", Name: "duplicate-provider", Severity: check.Critical, Fingerprint: "PLC202:provider:x", Remedy: check.Remedy{Text: "Delete the old one"},
	}
	a := &report.Audit{Complete: true, Findings: []check.Finding{cause}}
	for i := range 12 {
		a.Findings = append(a.Findings, check.Finding{
			ID: "PLC104", Name: "misplaced-allocation", Severity: check.High, Fingerprint: fmt.Sprintf("PLC104:server:%d", i),
			Because: []string{cause.Fingerprint}, Remedy: check.Remedy{Text: fmt.Sprintf("Move server %d", i)},
		})
	}
	a.Findings = append(a.Findings, check.Finding{
		ID: "PLC106", Name: "allocation-drift", Severity: check.Medium, Fingerprint: "PLC106:server:0", Because: []string{"PLC104:server:0"},
		Remedy: check.Remedy{Text: "Write what its flavor asks for"},
	})
	_, todo, _ := strings.Cut(told(a, screen.View{Width: 100}), "What to do\n")
	if !strings.HasPrefix(todo, "   1 Delete the old one\n     1.1 Move server 0\n       1.1.1 Write what its flavor asks for\n     1.2 Move server 1\n") ||
		!strings.Contains(todo, "    1.10 Move server 9\n       and 2 more that follow from it\n") {
		t.Errorf("%s", todo)
	}
	if _, todo, _ = strings.Cut(told(a, screen.View{Width: 100, Wide: true}), "What to do\n"); !strings.Contains(todo, "    1.12 Move server 11\n") {
		t.Errorf("%s", todo)
	}
}

// A command is not told twice on the way from a cause to what follows from it; what asks for another command stays.
func TestTextOfTheSameCommand(t *testing.T) {
	finding := func(fingerprint, because, text, command string) check.Finding {
		f := check.Finding{ID: "PLC201", Severity: check.High, Fingerprint: fingerprint, Remedy: check.Remedy{Text: text, Command: command}}
		if because != "" {
			f.Because = []string{because}
		}
		return f
	}
	a := &report.Audit{Complete: true, Findings: []check.Finding{
		finding("a", "", "Look first", "show x"), finding("b", "a", "Look again", "show x"), finding("c", "b", "Move it", "set x"),
		finding("d", "a", "No command", ""), finding("e", "d", "None either", ""), finding("f", "c", "Look after that", "show x"),
	}}
	want := "   1 Look first\n     $ show x\n     1.1 Move it\n         $ set x\n       1.1.1 Look after that\n             $ show x\n" +
		"     1.2 No command\n       1.2.1 None either\n"
	if _, todo, _ := strings.Cut(told(a, screen.View{Width: 100}), "What to do\n"); !strings.HasPrefix(todo, want) {
		t.Errorf("%s\nwant\n%s", todo, want)
	}
}

// UUIDs are shortened only where that tells them apart, and never in a command.
func TestTextOfUUIDs(t *testing.T) {
	const one, twin, other = "41021f2b-37d7-4cfe-b1c0-8685a5eb0257", "41021f2b-37d7-4cfe-b1c0-000000000000", "26a6cd9e-7aa9-4621-a7a0-d1b6104264f9"
	a := &report.Audit{Complete: true, Findings: []check.Finding{{
		ID: "PLC201", Severity: check.High, Fingerprint: "a", Message: one + ", " + twin + " and " + other,
		Remedy: check.Remedy{Text: "Delete " + other, Command: "openstack resource provider delete " + other},
	}}}
	text := told(a, screen.View{})
	for _, want := range []string{one + ", " + twin + " and 26a6cd9e…\n", "Delete 26a6cd9e…\n", "$ openstack resource provider delete " + other + "\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

// No name breaks a line, turns the writing or colours the terminal.
func TestTextOfHostileNames(t *testing.T) {
	a := &report.Audit{Complete: true, Findings: []check.Finding{{
		ID: "PLC201", Name: "stale\x1b[2Jprovider", Severity: check.High, Fingerprint: "a", Message: "cn1\nCLEAN nothing found\x1b]0;x\a\u202e",
		Remedy: check.Remedy{Text: "Delete\r\nit", Command: "true\nrm -rf /"},
	}}}
	text := told(a, screen.View{Width: 80, Colour: true})
	if strings.Contains(text, "\nCLEAN") || strings.Contains(text, "\nrm") || strings.ContainsAny(text, "\r\a\u202e") || strings.Contains(text, "\x1b[2J") {
		t.Errorf("%q", text)
	}
}

// A quick look is said to be one, and what could not be compared with the baseline is not taken for gone.
func TestTextOfDoubts(t *testing.T) {
	r := reporttest.Clean()
	r.Summary.Quick = &snapshot.Quick{Trees: 3}
	r.Summary.NotCompared = []triage.NotCompared{{Check: "PLC101", Reason: "it did not run", Count: 4}}
	text := told(&r.Audit, screen.View{Width: 200})
	if !strings.Contains(text, ", a quick look") || !strings.Contains(text, "Not compared with the baseline\n     4 PLC101: it did not run\n") {
		t.Errorf("%s", text)
	}
}
