// SPDX-License-Identifier: Apache-2.0

// Package conflicts is the module placement_conflicts: it reads what the services logged about conflicts and says of each
// which one it is, whether it passed, and what to do. It changes nothing; the only things it writes are reports and how far
// it read, where it was asked to.
package conflicts

import (
	"context"
	_ "embed"
	"math"
	"os"
	"time"

	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/logs"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_conflicts.
func Module() *ansible.Module {
	return ansible.Define("placement_conflicts", doc, run)
}

// Options are the options of placement_conflicts.
type Options struct {
	config.Options
	ansible.Shown

	Profile         string   `json:"profile,omitempty" jsonschema:"enum=kolla,enum=osa,enum=distro" jsonschema_description:"Where the logs are: C(kolla) below /var/log/kolla, C(osa) in the journal, C(distro) where the packages of distributions write them. C(kolla) unless I(files), I(units), I(containers) or I(results) is given."`
	Files           []string `json:"files,omitempty" jsonschema_extras:"x-ansible-elements=path" jsonschema_description:"Log files of Placement, Nova and the proxies before them, with C(*), C(?) and C([a-c]) as wildcards. Their rotated files are read too, also compressed ones."`
	Units           []string `json:"units,omitempty" jsonschema_description:"Units of systemd whose journal to read."`
	Containers      []string `json:"containers,omitempty" jsonschema_description:"Containers whose output to read. Kolla's containers write their logs to files instead."`
	ContainerEngine string   `json:"container_engine" jsonschema:"default=docker,enum=docker,enum=podman" jsonschema_description:"What runs the containers."`

	Since    string `json:"since" jsonschema:"default=-24h" jsonschema_description:"Ignore conflicts before this time: a time such as C(2026-11-22 10:00), a time before now such as C(-1h), C(-30m) or C(-7d), or C(all)."`
	Until    string `json:"until,omitempty" jsonschema_description:"Ignore conflicts after this time, in the forms that I(since) takes. Now if not given."`
	Timezone string `json:"timezone,omitempty" jsonschema_description:"Time zone of times without an offset, in logs and in I(since) and I(until): a name such as C(Europe/Berlin), C(UTC), or an offset such as C(+02:00). That of the target if not given."`

	PersistentAfter int `json:"persistent_after" jsonschema:"default=5,minimum=1" jsonschema_description:"Consecutive conflicts without a success after which a conflict counts as persistent, whatever its kind."`
	StormRate       int `json:"storm_rate" jsonschema:"default=60,minimum=0" jsonschema_description:"Conflicts per minute from one client that count as a storm. 0 disables this."`

	StateFile string `json:"state_file,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File on the target that keeps how far the logs were read, so that the next run reads only what is new. Check mode does not write it."`

	Lookup      bool             `json:"lookup" jsonschema:"default=false" jsonschema_description:"Ask Placement for the resource providers that the conflicts are about, above all for the one behind a name that is taken, and Nova for the flavors of servers that found no host and for the state of computes that refused to start. The connection options are used only with this option."`
	Findings    []map[string]any `json:"findings,omitempty" jsonschema_description:"Findings of M(openstack_ops.placement.placement_audit). Each conflict then names the findings about the same subject."`
	AuditReport string           `json:"audit_report,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File with a report of M(openstack_ops.placement.placement_audit) in the format C(json), instead of I(findings)."`
	Results     []map[string]any `json:"results,omitempty" jsonschema_description:"Results of this module from other hosts, with I(max_records), to judge together. Logs are then read only if some are named."`
	Subjects    []string         `json:"subjects,omitempty" jsonschema_description:"What another run returned as I(open). The result then also says when those requests succeeded, which only the logs of this host may show."`

	Reports      []reportfiles.Report `json:"reports,omitempty" jsonschema_description:"Files on the target to write the result to. Each holds all conflicts, whatever I(max_conflicts) is. Each atomically replaces an older file and keeps its mode. Check mode writes none."`
	MaxConflicts int                  `json:"max_conflicts" jsonschema:"default=1000,minimum=0" jsonschema_description:"Largest number of conflicts to return, the worst first. I(summary) always counts all."`
	MaxRecords   int                  `json:"max_records" jsonschema:"default=0,minimum=0" jsonschema_description:"Number of single records to return in I(export). The newest are returned, older ones only counted. 0 leaves I(export) out. Needed to judge several hosts together."`
}

// Constraints are the rules between options: what comes after until would be taken for read.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: [][]string{{"state_file", "until"}}}
}

// Result is what placement_conflicts returns.
type Result struct {
	Changed bool `json:"changed"`
	report.Refusals
	Text []string `json:"text,omitempty"`

	full *report.Refusals
}

// task is one run of the module.
type task struct {
	call   *ansible.Call
	o      *Options
	span   span
	book   *known.Book
	homes  *unplaced.Book // what found no host
	state  *logs.State
	result *report.Refusals
	begun  time.Time
	taken  int64           // bytes of lines that were read
	merged map[string]bool // results that were taken in
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	when, err := o.span(time.Now())
	if err != nil {
		return nil, err
	}
	others, err := o.others()
	if err != nil {
		return nil, err
	}
	found, audit, err := o.findings()
	if err != nil {
		return nil, err
	}
	t := newTask(call, o, when)
	if t.state, err = o.state(); err != nil {
		return nil, err
	}
	if err := t.read(ctx); err != nil {
		return nil, err
	}
	t.result.Cloud = o.cloud(audit, others)
	t.merge(others)
	t.judge()
	if err := t.lookUp(ctx, found); err != nil {
		return nil, err
	}
	t.count()
	t.finish()
	err = several.Join(t.write(), t.saveState())
	result := &Result{Refusals: t.shortened(), full: t.result}
	if o.Show {
		result.Text = result.Refusals.Show(screen.InPlay())
	}
	return result, err
}

func newTask(call *ansible.Call, o *Options, when span) *task {
	host, _ := os.Hostname() // empty if there is none
	t := &task{call: call, o: o, span: when, book: known.NewBook(o.Subjects...), begun: time.Now(), merged: map[string]bool{}}
	t.book.Since, t.book.Until = when.since, when.until
	t.homes = &unplaced.Book{Since: when.since, Until: when.until}
	t.result = &report.Refusals{
		Host: foreign.Line(host), Sources: []report.Source{}, NotRead: []report.NotRead{}, Absent: []string{}, Requests: map[string]int{},
		Summary: report.ConflictSummary{ByVerdict: map[string]int{}, ByConflict: map[string]int{}, TakenAt: t.begun.UTC()},
	}
	return t
}

// count counts the conflicts, when all is known of them.
func (t *task) count() {
	r := t.result
	for i := range r.Conflicts {
		c := &r.Conflicts[i]
		r.Summary.Conflicts += c.Count
		r.Summary.ByVerdict[string(c.Verdict)]++
		r.Summary.ByConflict[c.Conflict] += c.Count
		if c.Act {
			r.Summary.Act++
		}
		if c.Verdict == explained.Passed && c.Evidence["rule"] != explained.RuleStarted {
			r.Summary.Noise += c.ErrorLines()
		}
	}
}

// judge makes the list of conflicts.
func (t *task) judge() {
	r := t.result
	r.Conflicts = t.book.Conflicts(known.Settings{PersistentAfter: t.o.PersistentAfter, StormRate: t.o.StormRate})
	r.Open, r.Unplaced = t.book.Open(), t.homes.Groups()
	if t.homes.Dropped > 0 {
		t.call.Warn("%d requests for which Nova found no host are not counted: there are too many", t.homes.Dropped)
	}
	if t.o.MaxRecords > 0 {
		export := t.book.Export(t.o.MaxRecords)
		export.Unplaced = t.homes.Requests(t.o.MaxRecords)
		r.Export = &export
	}
}

// finish counts what was read and says it all in one sentence.
func (t *task) finish() {
	r := t.result
	for _, s := range r.Sources {
		r.Summary.Bytes += s.Bytes
		r.Summary.Lines += s.Lines
		r.Summary.Unread += s.Unread
		r.Summary.Doubtful += s.Doubtful
	}
	r.Summary.Unjoined, r.Summary.Undated, r.Summary.Clocks = t.book.Unjoined(), t.book.Undated(), t.book.Clocks()
	r.Summary.Since, r.Summary.Until = moment(t.span.since), moment(t.span.until)
	r.Summary.Duration = math.Round(time.Since(t.begun).Seconds()*1000) / 1000
	r.Complete = len(r.NotRead) == 0
	r.Clean = r.Complete && r.Summary.Act+r.Summary.Undated+r.Summary.Doubtful == 0
	r.Msg = sentence(r)
}

// shortened leaves out what is beyond max_conflicts. The counts stay.
func (t *task) shortened() report.Refusals {
	r := *t.result
	r.Summary.LeftOut = max(len(r.Conflicts)-t.o.MaxConflicts, 0)
	r.Conflicts = r.Conflicts[:min(len(r.Conflicts), t.o.MaxConflicts)]
	return r
}

// write writes the reports.
func (t *task) write() error {
	return reportfiles.Write(t.call, t.o.Reports, reportfiles.ConflictFormats(), t.result)
}

func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
