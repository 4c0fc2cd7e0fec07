// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/feed"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/logs"
)

// places is where to look for logs.
type places struct {
	files, units, containers []string
}

// profile lists where the deployment tools write (Kolla-Ansible 2023.1 to 2026.1; OpenStack-Ansible; RDO, Ubuntu).
func profile(name string) places {
	switch name {
	case "kolla":
		return places{files: []string{
			"/var/log/kolla/nova/nova-*.log", "/var/log/kolla/placement/placement-api*.log", "/var/log/kolla/haproxy/haproxy_latest.log",
		}}
	case "osa":
		return places{units: []string{"nova-api-os-compute", "nova-scheduler", "nova-conductor", "nova-compute", "placement-api"}}
	case "distro":
		return places{files: []string{
			"/var/log/nova/nova-*.log", "/var/log/placement/*.log", "/var/log/apache2/placement_api_access.log", "/var/log/httpd/placement*access*",
		}}
	}
	return places{}
}

// places is what the options name.
func (o *Options) places() places {
	p := places{o.Files, o.Units, o.Containers}
	named := len(p.files)+len(p.units)+len(p.containers) > 0
	from := o.Profile
	if from == "" && !named && len(o.Results) == 0 {
		from = "kolla"
	}
	more := profile(from)
	return places{append(more.files, p.files...), append(more.units, p.units...), append(more.containers, p.containers...)}
}

// read reads all logs: first those of Placement's clients, then Placement's own, then those of what stands before it.
func (t *task) read(ctx context.Context) error {
	p := t.o.places()
	found, absent, failed := logs.Find(p.files, t.span.since)
	t.result.Absent = append(t.result.Absent, absent...)
	t.notRead(failed)
	slices.SortStableFunc(found, func(a, b logs.File) int { return cmp.Compare(rank(a.Path), rank(b.Path)) })
	for _, f := range found {
		f.Bound = t.bound(f.Path)
		t.readFile(ctx, f)
	}
	slices.SortStableFunc(p.units, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	for _, unit := range p.units {
		t.readUnit(ctx, unit)
	}
	slices.SortStableFunc(p.containers, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	for _, name := range p.containers {
		t.readContainer(ctx, name)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if looked := slices.Concat(p.files, p.units, p.containers); len(looked) > 0 && len(t.result.Sources)+len(t.result.NotRead) == 0 {
		return fmt.Errorf("no log was found on this host: looked for %s; name others with files, units or containers, or choose another profile",
			strings.Join(looked, ", "))
	}
	return nil
}

// bound reports whether a log is read only as far as it was when the run began. Those of Placement and of proxies are: the logs of
// clients were read before them, and lack the text of what was refused meanwhile. Where the next run goes on, all logs are: it would
// have Placement's line of a refusal whose text this run had.
func (t *task) bound(name string) bool { return rank(name) > 0 || t.o.StateFile != "" }

// rank says in which order logs are read: the sooner the more their lines tell of a request.
func rank(name string) int {
	base := filepath.Base(name)
	for i, part := range []string{"haproxy", "access", "uwsgi", "placement"} {
		if strings.Contains(base, part) {
			return 4 - i
		}
	}
	return 0
}

// service is the program whose log has that name.
func service(name string) string {
	base, _, _ := strings.Cut(filepath.Base(name), ".")
	return base
}

// source is a log that is being read.
type source struct {
	feed.Log
	service string // that wrote it, by its name
}

func (t *task) open(name string) *source {
	from := known.Origin{Host: t.result.Host, Service: foreign.Line(strings.ReplaceAll(service(name), "_", "-"))}
	return &source{service: from.Service, Log: feed.Log{
		Parser: &lines.Parser{Zone: t.span.zone, Cares: t.book.Cares}, Unplaced: t.homes,
		Tell: func(e *lines.Event) { t.book.Add(e, from) },
	}}
}

// done adds a source that was read.
func (t *task) done(kind, name string, bytes int64, f *source) {
	f.End()
	if f.Counts.Lines > 0 && f.Counts.Unread == f.Counts.Lines {
		t.failed(name, fmt.Errorf("none of its %d lines could be understood: is it a log of Placement, of Nova or of a proxy in front of them", f.Counts.Lines))
	}
	t.result.Sources = append(t.result.Sources, report.Source{Kind: kind, Name: foreign.Line(name), Service: f.service, Bytes: bytes, Counts: f.Counts})
}

func (t *task) failed(name string, err error) {
	if err != nil {
		t.notRead([]logs.Failure{{Source: name, Reason: err.Error()}})
	}
}

func (t *task) notRead(failed []logs.Failure) {
	for _, f := range failed {
		t.result.NotRead = append(t.result.NotRead, report.NotRead{Source: foreign.Line(f.Source), Reason: foreign.Line(f.Reason)})
	}
}

// line reads one line, and tells at each MiB how much was read.
func (t *task) line(f *source, l logs.Line) {
	const mebi = 20
	before := t.taken >> mebi
	if t.taken += int64(len(l.Text)) + 1; t.taken>>mebi > before {
		t.call.Progress(fmt.Sprintf("reading logs, %d MiB so far", t.taken>>mebi), 0, 0)
	}
	f.Line(l.Text, l.Cut)
}

func (t *task) readFile(ctx context.Context, file logs.File) {
	f := t.open(file.Path)
	var from *logs.Position
	if p, ok := t.state.Files[file.Path]; ok {
		from = &p
	}
	file.Head = f.Head
	done, now, failed := file.Read(ctx, from, t.o.StateFile != "", func(l logs.Line) { t.line(f, l) })
	t.notRead(failed)
	if now != nil {
		t.state.Files[file.Path] = *now
	}
	var bytes int64
	for _, d := range done {
		bytes += d.Bytes
		if d.Lost {
			t.failed(file.Path, errors.New("the part that was read last time is gone, perhaps with lines that followed it; the rest was read"))
		}
	}
	t.done("file", file.Path, bytes, f)
}

func (t *task) readUnit(ctx context.Context, unit string) {
	f, bytes := t.open(unit), int64(0)
	cursor, err := logs.Unit(ctx, unit, t.state.Units[unit], t.window(unit, time.Time{}), func(l logs.Line) {
		bytes += int64(len(l.Text)) + 1
		t.line(f, l)
	})
	if err == nil && bytes == 0 && cursor == "" {
		var known bool
		if known, err = logs.UnitKnown(ctx, unit); err == nil && !known {
			t.result.Absent = append(t.result.Absent, unit)
			return
		}
	}
	t.failed(unit, err)
	if cursor != "" {
		t.state.Units[unit] = cursor
	}
	t.done("unit", unit, bytes, f)
}

func (t *task) readContainer(ctx context.Context, name string) {
	f, bytes := t.open(name), int64(0)
	err := logs.Container(ctx, t.o.ContainerEngine, name, t.window(name, t.state.Containers[name]), func(l logs.Line) {
		bytes += int64(len(l.Text)) + 1
		t.line(f, l)
	})
	t.failed(name, err)
	if err == nil {
		t.state.Containers[name] = t.begun
	}
	t.done("container", name, bytes, f)
}

// window is the wanted time, from after what was read last time on; of a log that is bound, until the run began.
func (t *task) window(name string, read time.Time) logs.Window {
	w := logs.Window{Since: t.span.since, Until: t.span.until}
	if t.bound(name) && (w.Until.IsZero() || w.Until.After(t.begun)) {
		w.Until = t.begun
	}
	if read.After(w.Since) {
		w.Since = read
	}
	return w
}

// state is how far the logs were read; nowhere if no file keeps that.
func (o *Options) state() (*logs.State, error) {
	if o.StateFile == "" {
		return logs.NewState(), nil
	}
	s, err := logs.LoadState(o.StateFile)
	if err != nil {
		return nil, fault("state_file", o.StateFile, "must be a file that this module can read: "+err.Error())
	}
	return s, nil
}

// saveState keeps how far the logs were read, once all else has gone well.
func (t *task) saveState() error {
	if t.o.StateFile == "" || t.call.CheckMode {
		return nil
	}
	if err := t.state.Save(t.o.StateFile); err != nil {
		return fault("state_file", t.o.StateFile, fmt.Sprintf("must be a file that can be written (%v)", err))
	}
	return nil
}
