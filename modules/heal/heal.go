// SPDX-License-Identifier: Apache-2.0

// Package heal is the module placement_heal: it makes a plan of what an audit finds, and does it, step by step, within a budget,
// each step judged anew right before its write and noted in the journal.
package heal

import (
	"context"
	_ "embed"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_heal.
func Module() *ansible.Module {
	return ansible.Define("placement_heal", doc, run)
}

// Options are the options of placement_heal.
type Options struct {
	config.Options
	survey.Asked
	connection.JournalOption
	ansible.Shown

	Findings   []map[string]any         `json:"findings,omitempty" jsonschema_description:"Heal those of these findings of M(openstack_ops.placement.placement_audit) that a new audit still finds. An empty list heals nothing. If neither this nor I(report) is given, all findings of the new audit are healed."`
	Report     string                   `json:"report,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Heal those findings of this report, in the format C(json), that a new audit still finds. The report must be of this cloud and no older than I(plan_age)."`
	Plan       string                   `json:"plan,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File with the plan on the target. Check mode writes it, readable by its owner only. Without check mode, exactly its steps are done, and I(confirm) is required."`
	Confirm    string                   `json:"confirm,omitempty" jsonschema_description:"The first 12 digits of the digest of I(plan), as the run in check mode returned it."`
	PlanAge    int                      `json:"plan_age" jsonschema:"default=3600,minimum=1" jsonschema_description:"Seconds after which a plan or a report is too old to follow."`
	MaxChanges int                      `json:"max_changes" jsonschema:"default=20,minimum=1" jsonschema_description:"Budget: the largest number of changes that a plan may have. If a plan exceeds the budget, none of its steps is done."`
	MaxShare   float64                  `json:"max_share" jsonschema:"default=0.1,minimum=0,maximum=1" jsonschema_description:"Budget: the largest fraction of all consumers, and of all resource providers, that a plan may change. The number is rounded up."`
	Baseline   string                   `json:"baseline,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"An earlier report in the format C(json). If it read more than twice as many servers, compute nodes, resource providers or consumers as this audit, no step takes anything away."`
	Reports    []reportfiles.PlanReport `json:"reports,omitempty" jsonschema_description:"Files on the target to write the plan and its outcome to. Check mode writes them too, like I(plan), because they show what is planned. Each can be read by its owner only, and atomically replaces an older file."`
	Watch      int                      `json:"watch" jsonschema:"default=0,minimum=0" jsonschema_description:"Sample the generations of all resource providers for this many seconds before the plan is made, as I(watch) of M(openstack_ops.placement.placement_audit) does. A step on a provider that another client keeps writing (PLC210) is skipped, also if only I(findings) or I(report) show that. Must be less than I(timeout)."`
	Wait       int                      `json:"wait" jsonschema:"default=180,minimum=0" jsonschema_description:"Seconds to wait for a nova-compute to create its resource provider after the provider that blocked it is out of the way."`
}

// Result is what placement_heal returns.
type Result struct {
	Changed  bool           `json:"changed"`
	Msg      string         `json:"msg"`
	Text     []string       `json:"text"`
	Plan     Plan           `json:"plan"`
	Steps    []Step         `json:"steps"`
	NotRun   []check.NotRun `json:"not_run"`
	Proof    *Proof         `json:"proof"`
	Diff     []Diff         `json:"diff"`
	Journal  string         `json:"journal"`
	Run      string         `json:"run"`
	Requests map[string]int `json:"requests"`

	ready   bool   // check mode made a plan that a run can follow
	budget  string // what the plan takes of it
	formats []reportfiles.Format[*Result]
}

// task is one run of the module.
type task struct {
	call    *ansible.Call
	o       *Options
	clients *connection.Clients
	journal string // its path
	plan    *heal.Plan
	file    []byte      // the plan as its file has it
	run     string      // in the journal
	written map[int]int // how many changes of a step this run has written
	dry     bool
	budget  string         // what the plan takes of it, before any step is done
	ready   bool           // see Result
	notRun  []check.NotRun // of the audit before the plan
	proof   *Proof
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	t := &task{call: call, o: o, dry: call.CheckMode, notRun: []check.NotRun{}}
	var err error
	if t.journal, err = o.JournalPath(); err != nil {
		return nil, err
	}
	given, err := o.given(call)
	if err != nil {
		return nil, err
	}
	if t.clients, err = connection.Open(ctx, call, &o.Options); err != nil {
		return nil, err
	}
	defer t.clients.Session.Close()
	return t.heal(ctx, given)
}

// heal makes or reads the plan, and does it.
func (t *task) heal(ctx context.Context, given *given) (*Result, error) {
	read := t.survey
	if t.follows() {
		read = t.follow
	}
	if err := read(ctx, given); err != nil {
		return nil, err
	}
	err := t.do(ctx)
	t.ready = t.dry && err == nil
	result, lost := t.told(t.result())
	return result, several.Join(err, lost)
}

// do does the plan, or keeps it in check mode.
func (t *task) do(ctx context.Context) error {
	t.budget = t.o.budget().Words(t.plan)
	if why := t.plan.Exceeded(t.o.budget()); why != "" {
		return refusal(why)
	}
	if t.dry {
		return several.Join(t.journalled(), t.keep(), t.refused())
	}
	return several.Join(t.apply(ctx), t.refused(), t.failures())
}

// follows reports whether a plan that was made earlier is to be done.
func (t *task) follows() bool { return t.o.Plan != "" && !t.dry }

func (o *Options) budget() heal.Budget { return heal.Budget{Changes: o.MaxChanges, Share: o.MaxShare} }

// Step is one step of the plan and what became of it.
type Step struct {
	heal.Step

	Before   repair.State   `json:"before"`
	After    repair.State   `json:"after"`
	Guards   []repair.Guard `json:"guards"`
	Requests []Request      `json:"requests"`
}

// Request is one request that a step sends.
type Request struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}
