// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// told writes the reports of a result, the plan's in check mode too, and returns the result.
func (t *task) told(r *Result) (*Result, error) {
	formats := reportfiles.PlanFormats(t.reported)
	r.formats = formats
	return r, reportfiles.WriteAlways(t.call, reportfiles.OfPlans(t.o.Reports), formats, r)
}

// reported is a result as reports tell it.
func (t *task) reported(r *Result) *report.Plan {
	p := &report.Plan{
		ID: r.Plan.ID, Digest: r.Plan.Digest, Cloud: r.Plan.Cloud.Title(), MadeAt: r.Plan.MadeAt, Path: r.Plan.Path,
		Msg: r.Msg, NotRun: r.NotRun, Text: r.Text, Dry: t.dry, Checks: checks.All(),
	}
	p.Steps = make([]heal.Step, len(r.Steps))
	for i, s := range r.Steps {
		p.Steps[i] = s.Step
	}
	return p
}

// Formats are the formats that the plan can be printed in.
func (r *Result) Formats() []string { return reportfiles.Names(r.formats) }

// Print is the plan in one of them.
func (r *Result) Print(format string) ([]byte, error) { return reportfiles.Print(r.formats, format, r) }
