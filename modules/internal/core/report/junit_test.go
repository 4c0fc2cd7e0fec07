// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// readSuite is what a reader of JUnit's XML makes of a report.
func readSuite(t *testing.T, text []byte, err error) (junit.Totals, map[string]junit.Test) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	suites, err := junit.Ingest(text)
	if err != nil || len(suites) != 1 {
		t.Fatalf("%d suites, %v:\n%s", len(suites), err, text)
	}
	tests := map[string]junit.Test{}
	for _, one := range suites[0].Tests {
		tests[one.Name] = one
	}
	if len(tests) != len(suites[0].Tests) {
		t.Errorf("two tests of one name:\n%s", text)
	}
	return suites[0].Totals, tests
}

func failure(one junit.Test) string {
	if one.Error == nil {
		return ""
	}
	return one.Error.Error()
}

func TestJUnit(t *testing.T) {
	text, err := report.JUnit(full())
	totals, tests := readSuite(t, text, err)
	if totals.Tests != 6 || totals.Failed != 2 || totals.Error != 1 || totals.Skipped != 1 || totals.Passed != 2 {
		t.Errorf("%+v", totals)
	}
	for name, want := range map[string]junit.Status{
		"PLC991 made-duplicate": junit.StatusFailed, "PLC992 made-stale": junit.StatusPassed, "PLC993 made-misplaced": junit.StatusFailed,
		"PLC994 made-quiet": junit.StatusPassed, "PLC995 made-cell": junit.StatusSkipped, "complete": junit.StatusError,
	} {
		if tests[name].Status != want {
			t.Errorf("%s: %s, want %s", name, tests[name].Status, want)
		}
	}
	if out := tests["PLC992 made-stale"].SystemOut; strings.Count(out, "medium, known: ") != 7 {
		t.Errorf("what is below the limit is not in the output: %s", out)
	}
	if !strings.Contains(string(text), "medium, known: n5 has no compute node&#xA;  Remedy: Delete n5&#xA;  Page: https://") {
		t.Errorf("a finding is not told with its remedy:\n%s", text)
	}
}

// A clean cloud passes. One that was not read as a whole does not, though nothing was found.
func TestJUnitOfWhatWasNotRead(t *testing.T) {
	text, err := report.JUnit(clean())
	if totals, _ := readSuite(t, text, err); totals.Passed != 2 || totals.Tests != 2 {
		t.Errorf("clean: %+v", totals)
	}
	r := clean()
	r.Complete, r.NotRun = false, []check.NotRun{{Check: "PLC994", Name: "made-quiet", Reason: "503", Without: []string{"cn1"}}}
	text, err = report.JUnit(r)
	if totals, _ := readSuite(t, text, err); totals.Passed != 0 || totals.Skipped != 1 || totals.Error != 1 {
		t.Errorf("read in part: %+v", totals)
	}
	r.NotRun = nil
	text, err = report.JUnit(r)
	if totals, _ := readSuite(t, text, err); totals.Error != 1 {
		t.Errorf("incomplete for no reason that is told: %+v", totals)
	}
}

// Whatever is in a name, the reader reads the same tests, and the text is in the failure on one line.
func TestJUnitKeepsHostileText(t *testing.T) {
	_, _, _, quiet, _ := made()
	for _, name := range []string{hostile, "]]>", "</failure><testcase/>", "\x00\x1b[31m", "bad\xff", "\ufffe", "&lt;", "\u2028", "\xed\xa0\xbd"} {
		r := clean()
		r.Limit = check.Info
		r.Findings = []check.Finding{finding(quiet, check.Subject{UUID: "u1", Name: name}, "name "+name+" end")}
		r.Cloud.Endpoints = []string{name}
		text, err := report.JUnit(r)
		totals, tests := readSuite(t, text, err)
		lines := strings.Split(failure(tests["PLC994 made-quiet"]), "\n")
		if totals.Tests != 2 || totals.Failed != 1 || !strings.HasPrefix(lines[0], "low: name ") || !strings.HasSuffix(lines[0], " end") || len(lines) != 3 {
			t.Errorf("%q: %+v %q", name, totals, lines)
		}
	}
}

func TestConflictJUnit(t *testing.T) {
	text, err := report.ConflictJUnit(refusals())
	totals, tests := readSuite(t, text, err)
	if totals.Failed != 1 || totals.Error != 1 || tests["duplicate-name"].Status != junit.StatusFailed {
		t.Errorf("%+v", totals)
	}
	if out := tests["unexplained"].SystemOut; !strings.Contains(out, "undecided") {
		t.Errorf("a conflict that needs no action is not in the output: %q", out)
	}
	text, err = report.ConflictJUnit(quietLogs())
	if totals, _ := readSuite(t, text, err); totals.Passed != totals.Tests {
		t.Errorf("quiet: %+v", totals)
	}
}
