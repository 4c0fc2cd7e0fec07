// SPDX-License-Identifier: Apache-2.0

// Package restore is the module placement_restore: it undoes what a journal tells of, the newest first, each once, and only where
// nobody has written since.
package restore

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_restore.
func Module() *ansible.Module {
	return ansible.Define("placement_restore", doc, run)
}

// Options are the options of placement_restore.
type Options struct {
	config.Options
	connection.JournalOption
	ansible.Shown

	Run     string                   `json:"run" jsonschema_description:"UUID of the run to undo, as the journal has it. The newest one of this cloud if not given."`
	Steps   []int                    `json:"steps" jsonschema_description:"Numbers of the steps of the run to undo. All of them if not given."`
	Reports []reportfiles.PlanReport `json:"reports,omitempty" jsonschema_description:"Files on the target to write the steps and their outcome to. Check mode writes them too, because they show what would be undone. Each can be read by its owner only, and atomically replaces an older file."`
}

// Result is what placement_restore returns.
type Result struct {
	Changed  bool           `json:"changed"`
	Msg      string         `json:"msg"`
	Text     []string       `json:"text"`
	Run      string         `json:"run"`
	Steps    []Step         `json:"steps"`
	Diff     []Diff         `json:"diff"`
	Journal  string         `json:"journal"`
	Requests map[string]int `json:"requests"`

	ready   bool // check mode found that all steps can be undone
	formats []reportfiles.Format[*Result]
}

// Step is one step of the run, and what became of its undoing.
type Step struct {
	Step   int          `json:"step"`
	Op     repair.Op    `json:"op"`
	Target []string     `json:"target"`
	Before repair.State `json:"before"` // as it is now
	After  repair.State `json:"after"`  // as it is, or would be, after the undoing
	State  string       `json:"state"`  // planned, done, unchanged, skipped, failed, unknown or not tried
	Reason string       `json:"reason"`
}

// Diff is what Ansible shows with --diff, one for each step that is undone.
type Diff struct {
	BeforeHeader string       `json:"before_header"`
	AfterHeader  string       `json:"after_header"`
	Before       repair.State `json:"before"`
	After        repair.State `json:"after"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	path, err := o.JournalPath()
	if err != nil {
		return nil, err
	}
	entries, err := change.ReadJournal(path)
	if err == nil && len(entries) == 0 {
		err = fmt.Errorf("it is empty")
	}
	if err != nil {
		return nil, &ansible.OptionError{Option: "journal", Value: path, Reason: fmt.Sprintf("must be a journal of this collection (%v)", err)}
	}
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	t := &task{call: call, o: o, clients: clients, journal: path}
	if err := t.choose(entries); err != nil {
		return nil, err
	}
	if t.writer, err = clients.Writer(ctx, call); err != nil {
		return nil, err
	}
	result, err := t.run(ctx)
	if result == nil {
		return nil, err
	}
	result.formats = reportfiles.PlanFormats(t.told)
	return result, several.Join(err, reportfiles.WriteAlways(call, reportfiles.OfPlans(o.Reports), result.formats, result))
}

// Validate refuses what makes no sense before a cloud is asked.
func (o *Options) Validate(call *ansible.Call) error {
	if call.Given("run") && strings.TrimSpace(o.Run) == "" {
		return &ansible.OptionError{Option: "run", Reason: "must not be empty"}
	}
	journal, _ := o.JournalPath() // the task fails by itself without one
	reports := reportfiles.Files(reportfiles.OfPlans(o.Reports))
	return several.Join(connection.Faults(&o.Options), reportfiles.Faults(call, reports, reportfiles.File{Option: "journal", Path: journal}))
}
