// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/output"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// fileFaults returns one error for each file that can't be written, as far as that can be seen before.
func (o *Options) fileFaults(call *ansible.Call) error {
	var wanted []output.File
	if o.SaveSnapshot != "" {
		wanted = append(wanted, output.File{Option: "save_snapshot", Path: o.SaveSnapshot})
	}
	return output.Faults(call, append(wanted, output.Files(o.Reports)...), output.File{Option: "snapshot", Path: o.Snapshot})
}

// save writes the snapshot where the options ask for it.
func save(call *ansible.Call, o *Options, s *snapshot.Snapshot) error {
	if o.SaveSnapshot == "" || call.CheckMode {
		return nil
	}
	data, err := s.Encode()
	if err != nil {
		return err
	}
	if err := files.Replace(o.SaveSnapshot, data, files.Private); err != nil {
		return output.File{Option: "save_snapshot", Path: o.SaveSnapshot}.Fault(err)
	}
	return nil
}

// write writes all reports.
func (t *task) write(full *report.Report) error {
	return output.Write(t.call, t.o.Reports, report.Formats(), full)
}
