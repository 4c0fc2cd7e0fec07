// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// output is a file that an option asks for.
type output struct{ option, path string }

func (o *Options) outputs() []output {
	var all []output
	if o.SaveSnapshot != "" {
		all = append(all, output{"save_snapshot", o.SaveSnapshot})
	}
	for i, r := range o.Reports {
		all = append(all, output{fmt.Sprintf("reports[%d] -> path", i), r.Path})
	}
	return all
}

// fileFaults returns one error for each file that can't be written, as far as that can be seen before.
func (o *Options) fileFaults(call *ansible.Call) error {
	taken := map[string]string{}
	if o.Snapshot != "" {
		taken[files.Real(o.Snapshot)] = "snapshot"
	}
	var faults []error
	for _, out := range o.outputs() {
		if other, known := taken[files.Real(out.path)]; known {
			faults = append(faults, &ansible.OptionError{
				Option: out.option, Value: out.path, Reason: "must be another file than that of " + other,
			})
			continue
		}
		taken[files.Real(out.path)] = out.option
		err := files.Unwritable(out.path)
		if call.CheckMode && errors.Is(err, fs.ErrNotExist) { // a task before this one may make the directory
			call.Warn("%s: %s can't be written: %v", out.option, out.path, err)
			continue
		}
		if err != nil {
			faults = append(faults, writeFault(out, err))
		}
	}
	return errors.Join(faults...)
}

func writeFault(out output, err error) error {
	return &ansible.OptionError{
		Option: out.option, Value: out.path, Reason: fmt.Sprintf("must be a file that can be written (%v)", err),
	}
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
		return writeFault(output{"save_snapshot", o.SaveSnapshot}, err)
	}
	return nil
}

// write writes all reports; one that can't be written does not keep the others from it.
func (t *task) write(full *report.Report) error {
	masked := *full
	masked.Msg = t.call.Masked(full.Msg)
	masked.NotRun = slices.Clone(full.NotRun)
	for i, n := range masked.NotRun { // the only texts in it that other services wrote
		masked.NotRun[i] = check.NotRun{Check: n.Check, Name: n.Name, Reason: t.call.Masked(n.Reason)}
	}
	var faults []string
	for i, to := range t.o.Reports {
		if to.Format == "prometheus" && filepath.Ext(to.Path) != ".prom" {
			t.call.Warn("reports[%d]: node_exporter reads only files whose names end in .prom: %s", i, to.Path)
		}
		if t.call.CheckMode {
			continue
		}
		if err := to.write(&masked); err != nil {
			faults = append(faults, writeFault(output{fmt.Sprintf("reports[%d] -> path", i), to.Path}, err).Error())
		}
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}

func (f ReportFile) write(r *report.Report) error {
	formats := report.Formats()
	i := slices.IndexFunc(formats, func(known report.Format) bool { return known.Name == f.Format })
	if i < 0 {
		return fmt.Errorf("nobody knows the format %s", f.Format)
	}
	data, err := formats[i].Write(r)
	if err != nil {
		return err
	}
	mode := fs.FileMode(files.Private)
	if formats[i].Public {
		mode = files.Public
	}
	return files.Replace(f.Path, data, mode)
}
