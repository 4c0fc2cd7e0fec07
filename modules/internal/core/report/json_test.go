// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

// What was written is read back, down to the numbers of the evidence. Texts are on one line before they are written.
func TestRoundTrip(t *testing.T) {
	const beyondFloat = 1<<53 + 1
	long := reporttest.Full()
	long.Findings[0].Evidence = map[string]any{"used": beyondFloat}
	for name, r := range map[string]*report.Report{"full": reporttest.Full(), "clean": reporttest.Clean(), "long": long} {
		for i := range r.Findings {
			r.Findings[i].Clean()
		}
		text, err := report.JSON(r)
		if err != nil {
			t.Fatal(err)
		}
		a, err := report.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := report.JSON(&report.Report{Audit: *a})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(again)); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
	}
}

// A report may be of an older version, or of another's making: its texts are shown as those of what is gone.
func TestReportOfOthers(t *testing.T) {
	const hostile = "cn2\n\x1b[2J\u202eCRITICAL"
	r := reporttest.Full()
	f := &r.Findings[0]
	f.Subject.Name, f.Message, f.Remedy.Text, f.Remedy.Args = hostile, hostile, hostile, map[string]any{"provider": hostile}
	f.Evidence, f.Because = map[string]any{"hosts": []any{hostile}}, []string{hostile}
	text, err := report.JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	a, err := report.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	const clean = "cn2 \ufffd[2J\ufffdCRITICAL"
	got := a.Findings[0]
	f.Subject.Name, f.Message, f.Remedy.Text, f.Remedy.Args = clean, clean, clean, map[string]any{"provider": clean}
	f.Evidence, f.Because = map[string]any{"hosts": []any{clean}}, []string{clean}
	if diff := cmp.Diff(*f, got, cmpopts.IgnoreUnexported(check.Finding{})); diff != "" {
		t.Error(diff)
	}
}

func TestBaselineOfReport(t *testing.T) {
	b := reporttest.Full().Baseline()
	if len(b.Findings) != 11 || !slices.Equal(b.Accepted, []string{"PLC994:server:i1"}) || len(b.Ran) != 4 ||
		!slices.Equal(b.Scope.Hosts, []string{"cn1", "cn_2_"}) || !b.TakenAt.Equal(reporttest.Taken()) {
		t.Errorf("%+v", b)
	}
	if reporttest.Clean().Baseline().Scope.Any() {
		t.Error("the whole cloud has a scope")
	}
}

// A file that is not whole, or another's, is refused: it would make what is known look new.
func TestNotAReport(t *testing.T) {
	good, err := report.JSON(reporttest.Full())
	if err != nil {
		t.Fatal(err)
	}
	without := func(keys ...string) string {
		var whole map[string]any
		if err := json.Unmarshal(good, &whole); err != nil {
			t.Fatal(err)
		}
		at := whole
		for _, key := range keys[:len(keys)-1] {
			at, _ = at[key].(map[string]any)
		}
		delete(at, keys[len(keys)-1])
		text, _ := json.Marshal(whole)
		return string(text)
	}
	text := string(good)
	for name, c := range map[string]struct{ text, want string }{
		"nothing":         {"", "EOF"},
		"text":            {"hello", "invalid"},
		"another's":       {`{"findings": []}`, `format is ""`},
		"half":            {text[:len(text)/2], "EOF"},
		"more":            {text + "{}", "data after its end"},
		"a newer one":     {strings.Replace(text, `"version": 1`, `"version": 2`, 1), "version 2"},
		"no version":      {without("version"), "version 0"},
		"no findings":     {without("findings"), "no findings"},
		"no checks":       {without("summary", "checks_run"), "which checks ran"},
		"fewer":           {strings.Replace(text, `"findings": 11`, `"findings": 12`, 1), "there were 12"},
		"no fingerprint":  {strings.Replace(text, `"fingerprint": "PLC993:server:s1"`, `"fingerprint": ""`, 1), "no fingerprint"},
		"of another kind": {strings.Replace(text, `"findings": [`, `"findings": {}, "x": [`, 1), "findings"},
	} {
		_, err := report.Decode([]byte(c.text))
		if !errors.Is(err, report.ErrNotAReport) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
