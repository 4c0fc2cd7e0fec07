// SPDX-License-Identifier: Apache-2.0

package junit_test

import (
	"strings"
	"testing"

	reader "github.com/joshdk/go-junit"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/junit"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

// readSuite is what a reader of JUnit's XML makes of a report.
func readSuite(t *testing.T, text []byte, err error) (reader.Totals, map[string]reader.Test) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	suites, err := reader.Ingest(text)
	if err != nil || len(suites) != 1 {
		t.Fatalf("%d suites, %v:\n%s", len(suites), err, text)
	}
	tests := map[string]reader.Test{}
	for _, one := range suites[0].Tests {
		tests[one.Name] = one
	}
	if len(tests) != len(suites[0].Tests) {
		t.Errorf("two tests of one name:\n%s", text)
	}
	return suites[0].Totals, tests
}

func failure(one reader.Test) string {
	if one.Error == nil {
		return ""
	}
	return one.Error.Error()
}

func TestJUnit(t *testing.T) {
	text, err := junit.Audit(reporttest.Full())
	totals, tests := readSuite(t, text, err)
	if totals.Tests != 6 || totals.Failed != 2 || totals.Error != 1 || totals.Skipped != 1 || totals.Passed != 2 {
		t.Errorf("%+v", totals)
	}
	for name, want := range map[string]reader.Status{
		"PLC991 made-duplicate": reader.StatusFailed, "PLC992 made-stale": reader.StatusPassed, "PLC993 made-misplaced": reader.StatusFailed,
		"PLC994 made-quiet": reader.StatusPassed, "PLC995 made-cell": reader.StatusSkipped, "complete": reader.StatusError,
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
	text, err := junit.Audit(reporttest.Clean())
	if totals, _ := readSuite(t, text, err); totals.Passed != 2 || totals.Tests != 2 {
		t.Errorf("clean: %+v", totals)
	}
	r := reporttest.Clean()
	r.Complete, r.NotRun = false, []check.NotRun{{Check: "PLC994", Name: "made-quiet", Reason: "503", Without: []string{"cn1"}}}
	text, err = junit.Audit(r)
	if totals, _ := readSuite(t, text, err); totals.Passed != 0 || totals.Skipped != 1 || totals.Error != 1 {
		t.Errorf("read in part: %+v", totals)
	}
	r.NotRun = nil
	text, err = junit.Audit(r)
	if totals, _ := readSuite(t, text, err); totals.Error != 1 {
		t.Errorf("incomplete for no reason that is told: %+v", totals)
	}
}

// Whatever is in a name, the reader reads the same tests, and the text is in the failure on one line.
func TestJUnitKeepsHostileText(t *testing.T) {
	_, _, _, quiet, _ := reporttest.Made()
	for _, name := range []string{reporttest.Hostile, "]]>", "</failure><testcase/>", "\x00\x1b[31m", "bad\xff", "\ufffe", "&lt;", "\u2028", "\xed\xa0\xbd"} {
		r := reporttest.Clean()
		r.Limit = check.Info
		r.Findings = []check.Finding{reporttest.Finding(quiet, check.Subject{UUID: "u1", Name: name}, "name "+name+" end")}
		r.Cloud.Endpoints = []string{name}
		text, err := junit.Audit(r)
		totals, tests := readSuite(t, text, err)
		lines := strings.Split(failure(tests["PLC994 made-quiet"]), "\n")
		if totals.Tests != 2 || totals.Failed != 1 || !strings.HasPrefix(lines[0], "low: name ") || !strings.HasSuffix(lines[0], " end") || len(lines) != 3 {
			t.Errorf("%q: %+v %q", name, totals, lines)
		}
	}
}

func TestConflictJUnit(t *testing.T) {
	text, err := junit.Conflicts(reporttest.Refusals())
	totals, tests := readSuite(t, text, err)
	if totals.Failed != 1 || totals.Error != 1 || tests["duplicate-name"].Status != reader.StatusFailed {
		t.Errorf("%+v", totals)
	}
	if out := tests["unexplained"].SystemOut; !strings.Contains(out, "undecided") {
		t.Errorf("a conflict that needs no action is not in the output: %q", out)
	}
	text, err = junit.Conflicts(reporttest.Quiet())
	if totals, _ := readSuite(t, text, err); totals.Passed != totals.Tests {
		t.Errorf("quiet: %+v", totals)
	}
}
