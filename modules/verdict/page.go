// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/html"
	judge "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// htmlFormat is the format html of a verdict on the subject.
func htmlFormat(subject judged) reportfiles.Format[*Result] {
	return reportfiles.Format[*Result]{Name: "html", Write: func(r *Result) ([]byte, error) {
		j := &html.Judged{Verdict: r.Verdict, Msg: r.Msg, Reasons: r.Reasons, StatusChecks: r.StatusChecks, Text: r.Text, Checks: checks.All()}
		switch s := subject.(type) {
		case *judge.Before:
			j.Title, j.Audit, j.Baseline = "Before the upgrade", s.Audit, s.Baseline.TakenAt
			j.Capacity = s.Capacity
		case *judge.After:
			j.Title, j.Audit, j.Baseline, j.Conflicts = "After the upgrade", s.Audit, s.Baseline.TakenAt, s.Conflicts
			j.Capacity = s.Capacity
		case *judge.Removal:
			j.Title, j.Audit = "Before the removal of "+s.Host, s.Audit
			if s.Removed {
				j.Title = "After the removal of " + s.Host
			}
		}
		return html.Verdict(j)
	}}
}

// Formats are the formats that the verdict can be printed in.
func (r *Result) Formats() []string { return reportfiles.Names(r.formats) }

// Print is the verdict in one of them.
func (r *Result) Print(format string) ([]byte, error) { return reportfiles.Print(r.formats, format, r) }
