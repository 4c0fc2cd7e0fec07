// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// The modes of new files.
const (
	private = 0o600
	public  = 0o644
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
		taken[realPath(o.Snapshot)] = "snapshot"
	}
	var faults []error
	for _, out := range o.outputs() {
		if other, known := taken[realPath(out.path)]; known {
			faults = append(faults, &ansible.OptionError{
				Option: out.option, Value: out.path, Reason: "must be another file than that of " + other,
			})
			continue
		}
		taken[realPath(out.path)] = out.option
		err := unwritable(out.path)
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

// unwritable says why no file can be put at path; nil if it seems that one can. It makes nothing.
func unwritable(path string) error {
	if path == "" {
		return errors.New("it is empty")
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return errors.New("it is a directory")
	case err == nil && !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return cause(err)
	}
	dir := filepath.Dir(realPath(path))
	if info, err = os.Stat(dir); err != nil {
		return fmt.Errorf("directory %s: %w", dir, cause(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", dir)
	}
	const writeAndSearch = 0o3
	if err := syscall.Access(dir, writeAndSearch); err != nil {
		return fmt.Errorf("directory %s: %w", dir, err)
	}
	return nil
}

// realPath is the path that two names of one file have in common, as far as it exists.
func realPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		return followed
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(dir, filepath.Base(path))
	}
	return path
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
	if err := replaceFile(o.SaveSnapshot, data, private); err != nil {
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
	mode := fs.FileMode(private)
	if formats[i].Public {
		mode = public
	}
	return replaceFile(f.Path, data, mode)
}

// replaceFile writes beside the target and puts it in its place, so that no half of a file is ever found there. A file
// that is replaced passes its mode on.
func replaceFile(path string, data []byte, mode fs.FileMode) error {
	path = realPath(path)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
