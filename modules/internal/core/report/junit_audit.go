// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

const auditClass = "placement_audit"

// JUnit writes the audit as tests. Each check that was asked for is one. It fails if it found anything at or above Limit; what it
// found below that is in its output. It is skipped if it did not run to its end and found nothing at or above Limit. One more test
// fails if the audit is not complete.
func JUnit(r *Report) ([]byte, error) {
	suite := newSuite(auditClass, r.Cloud.String(), r.Summary.TakenAt, r.Summary.Duration)
	for _, c := range r.Checks {
		suite.add(r.junitCase(c))
	}
	var unread []string
	for _, n := range r.NotRun {
		unread = append(unread, foreign.Line(n.Check+" "+n.Name+" "+how(n)+": "+n.Reason))
	}
	if !r.Complete && unread == nil {
		unread = []string{foreign.Line(r.Msg)}
	}
	suite.whole(auditClass, "complete", "not everything could be read", unread)
	return suite.bytes()
}

func (r *Report) junitCase(c *check.Check) junitCase {
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
			bad = append(bad, junitFinding(f))
		default:
			rest = append(rest, junitFinding(f))
		}
	}
	out := junitCase{Class: auditClass, Name: c.ID + " " + c.Name}
	switch {
	case len(bad) > 0:
		out.Failure = &junitText{fmt.Sprintf("%s: %d found", c.Severity, len(bad)), string(c.Severity), strings.Join(bad, "\n")}
		rest = append(unread, rest...)
	case len(unread) > 0:
		out.Skipped = &junitText{Message: strings.Join(unread, "; ")}
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

// junitFinding returns a finding, its remedy and its page, each on a line of its own. What others named can't begin another one.
func junitFinding(f check.Finding) string {
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
