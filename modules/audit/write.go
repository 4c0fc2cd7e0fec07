// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"io"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot/codec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// fileFaults returns one error for each file that can't be written, as far as that can be seen before.
func (o *Options) fileFaults(call *ansible.Call) error {
	var wanted []reportfiles.File
	if o.SaveSnapshot != "" {
		wanted = append(wanted, reportfiles.File{Option: "save_snapshot", Path: o.SaveSnapshot})
	}
	return reportfiles.Faults(call, append(wanted, reportfiles.Files(o.Reports)...), reportfiles.File{Option: "snapshot", Path: o.Snapshot})
}

// save writes the snapshot where the options ask for it.
func save(call *ansible.Call, o *Options, s *snapshot.Snapshot) error {
	if o.SaveSnapshot == "" || call.CheckMode {
		return nil
	}
	if err := files.ReplaceBy(o.SaveSnapshot, files.Private, func(to io.Writer) error { return codec.Write(to, s) }); err != nil {
		return reportfiles.File{Option: "save_snapshot", Path: o.SaveSnapshot}.Fault(err)
	}
	return nil
}

// write writes all reports. Only a page for a browser shows all providers, and metrics if that is asked for.
func (t *task) write(full *report.Report, s *snapshot.Snapshot) error {
	if full.ProviderMetrics = t.o.countsProviders(t.call); full.ProviderMetrics || t.o.reports(t.call, "html") {
		full.Providers = report.ProvidersOf(s)
	}
	return reportfiles.Write(t.call, t.o.Reports, reportfiles.AuditFormats(), full)
}

// countsProviders reports whether there are to be metrics of each resource provider.
func (o *Options) countsProviders(call *ansible.Call) bool {
	return o.ProviderMetrics && o.reports(call, "prometheus")
}

// reports reports whether that format is asked for, in a file or on the terminal.
func (o *Options) reports(call *ansible.Call, format string) bool {
	return call.Format == format || slices.ContainsFunc(o.Reports, func(r reportfiles.Report) bool { return r.Format == format })
}
