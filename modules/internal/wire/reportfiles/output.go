// SPDX-License-Identifier: Apache-2.0

// Package reportfiles writes the reports that modules are asked for, and says before what is wrong with the files. What stands
// in a report is what packages of core make of a result.
package reportfiles

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Report is one report to write.
type Report struct {
	Path   string `json:"path" jsonschema:"required" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"The file. Its directory has to exist."`
	Format string `json:"format" jsonschema:"required,enum=json,enum=html,enum=junit,enum=markdown,enum=prometheus" jsonschema_description:"C(json) has the keys of the result; C(html) is one page for a browser, which needs no server; C(junit) is XML with a test for each check or kind of conflict, for Zuul, GitLab and Jenkins; C(markdown) is for people; C(prometheus) has counts for node_exporter's textfile collector, which wants a name that ends in C(.prom). A new file in the format C(prometheus) can be read by everybody, a new file in any other format by its owner only."`
	Cloud  string `json:"cloud" jsonschema_description:"With the format C(prometheus), value of the label C(cloud) of every metric. The first endpoint of Placement, in sorted order, if not given. For conflicts without C(lookup), the one in C(audit_report), or else I(placement_endpoint), or else the name in I(cloud)."`
	Region string `json:"region" jsonschema_description:"With the format C(prometheus), value of the label C(region) of every metric. The region of Placement if not given. For conflicts without C(lookup), the one in C(audit_report), or else I(region_name)."`
}

// File is a file that an option asks for.
type File struct{ Option, Path string }

// Files are those of an option that lists reports.
func Files(reports []Report) []File {
	all := make([]File, len(reports))
	for i, r := range reports {
		all[i] = File{fmt.Sprintf("reports[%d] -> path", i), r.Path}
	}
	return all
}

// Faults returns one error for each file that can't be written, as far as that can be seen before. What is read must not
// be written over; it may not be there.
func Faults(call *ansible.Call, wanted []File, read ...File) error {
	taken := map[string]string{}
	for _, in := range read {
		if in.Path != "" {
			taken[files.Real(in.Path)] = in.Option
		}
	}
	var faults []error
	for _, out := range wanted {
		if other, known := taken[files.Real(out.Path)]; known {
			faults = append(faults, &ansible.OptionError{
				Option: out.Option, Value: out.Path, Reason: "must not be the same file as that of " + other,
			})
			continue
		}
		taken[files.Real(out.Path)] = out.Option
		err := files.Unwritable(out.Path)
		if call.CheckMode && errors.Is(err, fs.ErrNotExist) { // a task before this one may make the directory
			call.Warn("%s: %s can't be written: %v", out.Option, out.Path, err)
			continue
		}
		if err != nil {
			faults = append(faults, out.Fault(err))
		}
	}
	return several.Join(faults...)
}

// Fault says that the file can't be written.
func (f File) Fault(err error) error {
	return &ansible.OptionError{
		Option: f.Option, Value: f.Path, Reason: fmt.Sprintf("must be a file that can be written (%v)", err),
	}
}

// Write writes all reports of a result, without the secrets of the call: a log may quote one, and a service may call anything
// as it likes. A report that can't be written does not keep the others from it. Check mode writes none.
func Write[T any](call *ansible.Call, wanted []Report, formats []Format[T], result T) error {
	return writeAll(call, !call.CheckMode, wanted, formats, result)
}

// WriteAlways is Write in check mode too, for what only check mode has to show.
func WriteAlways[T any](call *ansible.Call, wanted []Report, formats []Format[T], result T) error {
	return writeAll(call, true, wanted, formats, result)
}

func writeAll[T any](call *ansible.Call, write bool, wanted []Report, formats []Format[T], result T) error {
	if len(wanted) == 0 {
		return nil
	}
	result = ansible.MaskedCopy(call, result)
	var faults []error
	for i, to := range Files(wanted) {
		name := wanted[i].Format
		if name == "prometheus" && filepath.Ext(to.Path) != ".prom" {
			call.Warn("reports[%d]: node_exporter reads only files whose names end in .prom: %s", i, to.Path)
		}
		if !write {
			continue
		}
		if err := writeOne(to.Path, name, formats, labelled(result, wanted[i])); err != nil {
			faults = append(faults, to.Fault(err))
		}
	}
	return several.Join(faults...)
}

// labelled is the result with the labels that the report asks for.
func labelled[T any](result T, wanted Report) T {
	if can, ok := any(result).(interface{ Labelled(report.Labels) T }); ok {
		return can.Labelled(report.Labels{Cloud: wanted.Cloud, Region: wanted.Region})
	}
	return result
}

func writeOne[T any](path, name string, formats []Format[T], result T) error {
	data, err := Print(formats, name, result)
	if err != nil {
		return err
	}
	mode := fs.FileMode(files.Private)
	if slices.ContainsFunc(formats, func(known Format[T]) bool { return known.Name == name && known.Public }) {
		mode = files.Public
	}
	return files.Replace(path, data, mode)
}

// Names are the names of formats.
func Names[T any](formats []Format[T]) []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// Print writes a result in the format of that name.
func Print[T any](formats []Format[T], name string, result T) ([]byte, error) {
	i := slices.IndexFunc(formats, func(known Format[T]) bool { return known.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("unknown report format %q", name)
	}
	return formats[i].Write(result)
}
