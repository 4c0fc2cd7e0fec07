// SPDX-License-Identifier: Apache-2.0

package junit

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

const auditClass = "placement_audit"

// Audit writes the audit as tests. Each check that was asked for is one. It fails if it found anything at or above Limit; what it
// found below that is in its output. It is skipped if it did not run to its end and found nothing at or above Limit. One more test
// fails if the audit is not complete.
func Audit(r *report.Report) ([]byte, error) {
	s := newSuite(auditClass, r.Cloud.String(), r.Summary.TakenAt, r.Summary.Duration)
	for _, c := range r.Checks {
		s.add(ofCheck(r, c))
	}
	var unread []string
	for _, n := range r.NotRun {
		unread = append(unread, foreign.Line(n.Check+" "+n.Name+" "+how(n)+": "+n.Reason))
	}
	if !r.Complete && unread == nil {
		unread = []string{foreign.Line(r.Msg)}
	}
	s.whole(auditClass, "complete", "not everything could be read", unread)
	return s.bytes()
}

func ofCheck(r *report.Report, c *check.Check) testCase {
	var bad, rest, unread []string
	for _, n := range r.NotRun {
		if n.Check == c.ID {
			unread = append(unread, foreign.Line(how(n)+": "+n.Reason))
		}
	}
	for _, f := range r.Findings {
		switch {
		case f.ID != c.ID:
		case f.Severity.AtLeast(r.Limit):
			bad = append(bad, told(f))
		default:
			rest = append(rest, told(f))
		}
	}
	out := testCase{Class: auditClass, Name: c.ID + " " + c.Name}
	switch {
	case len(bad) > 0:
		out.Failure = &text{fmt.Sprintf("%s: %d found", c.Severity, len(bad)), string(c.Severity), strings.Join(bad, "\n")}
		rest = append(unread, rest...)
	case len(unread) > 0:
		out.Skipped = &text{Message: strings.Join(unread, "; ")}
	}
	out.Out = strings.Join(rest, "\n")
	return out
}

// how says how a check ended that did not run to its end.
func how(n check.NotRun) string {
	if len(n.Without) > 0 {
		return "ran in part"
	}
	return "did not run"
}

// told returns a finding, its remedy and its page, each on a line of its own. What others named can't begin another one.
func told(f check.Finding) string {
	words := string(f.Severity)
	if f.State != "" {
		words += ", " + string(f.State)
	}
	lines := []string{foreign.Line(words + ": " + f.Message)}
	if f.Remedy.Text != "" {
		lines = append(lines, "  "+foreign.Line("Remedy: "+f.Remedy.Text))
	}
	if f.Remedy.Command != "" {
		lines = append(lines, "  "+foreign.Line(f.Remedy.Command))
	}
	return strings.Join(append(lines, "  Page: "+check.Documentation(f.ID)), "\n")
}
