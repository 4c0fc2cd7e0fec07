// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// told is a result as reports tell it.
func (t *task) told(r *Result) *report.Plan {
	p := &report.Plan{
		ID: r.Run, Cloud: t.clients.Session.Cloud().Title(), MadeAt: t.call.Now().UTC().Format(time.RFC3339), Path: t.journal,
		Msg: r.Msg, Text: r.Text, Dry: t.call.CheckMode, Undoes: true,
	}
	for i, s := range r.Steps {
		step := heal.Step{Number: s.Step, What: s.what(), State: heal.State(s.State), Reason: s.Reason}
		if back := t.undoing[i].back; back.Op != "" {
			step.Changes = []repair.Change{{Op: back.Op, Before: s.Before, After: s.After}}
		}
		p.Steps = append(p.Steps, step)
	}
	return p
}

// Formats are the formats that the undo can be printed in.
func (r *Result) Formats() []string { return reportfiles.Names(r.formats) }

// Print is the undo in one of them.
func (r *Result) Print(format string) ([]byte, error) { return reportfiles.Print(r.formats, format, r) }
