// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/html"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// Report is one report to write.
type Report struct {
	Path   string `json:"path" jsonschema:"required" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"The file. Its directory has to exist."`
	Format string `json:"format" jsonschema:"default=html,enum=html" jsonschema_description:"C(html) is one page for a browser, which needs no server."`
}

func (o *Options) reports() []reportfiles.Report {
	all := make([]reportfiles.Report, len(o.Reports))
	for i, r := range o.Reports {
		all[i] = reportfiles.Report{Path: r.Path, Format: r.Format}
	}
	return all
}

// told writes the reports of a result, the plan's in check mode too, and returns the result.
func (t *task) told(r *Result) (*Result, error) {
	formats := []report.Format[*Result]{{Name: "html", Write: t.page}}
	r.formats = formats
	return r, reportfiles.WriteAlways(t.call, t.o.reports(), formats, r)
}

// page is the page of a result.
func (t *task) page(r *Result) ([]byte, error) {
	p := &html.Plan{
		ID: r.Plan.ID, Digest: r.Plan.Digest, Cloud: r.Plan.Cloud.Title(), MadeAt: r.Plan.MadeAt, Path: r.Plan.Path,
		Msg: r.Msg, NotRun: r.NotRun, Text: r.Text, Dry: t.dry, Checks: checks.All(),
	}
	p.Steps = make([]heal.Step, len(r.Steps))
	for i, s := range r.Steps {
		p.Steps[i] = s.Step
	}
	return html.PlanPage(p)
}

// Formats are the formats that the plan can be printed in.
func (r *Result) Formats() []string { return reportfiles.Names(r.formats) }

// Print is the plan in one of them.
func (r *Result) Print(format string) ([]byte, error) { return reportfiles.Print(r.formats, format, r) }
