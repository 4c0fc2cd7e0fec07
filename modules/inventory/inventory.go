// SPDX-License-Identifier: Apache-2.0

// Package inventory is the module placement_inventory: it sets inventories of resource providers, and refuses what would
// give less than is used. Placement itself takes that with only a warning in its log.
package inventory

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/selection"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_inventory.
func Module() *ansible.Module {
	return ansible.Define("placement_inventory", doc, run)
}

// Options are the options of placement_inventory.
type Options struct {
	config.Options
	ansible.Shown
	selection.Meant

	Inventories   map[string]Wanted `json:"inventories" jsonschema_description:"Inventories to set, by resource class. With I(state=absent), the classes to remove, each with an empty dictionary."`
	State         string            `json:"state" jsonschema:"default=present,enum=present,enum=exact,enum=absent" jsonschema_description:"C(present) amends the fields that are named and keeps the rest. C(exact) makes these the only inventories, with Placement's defaults for fields left out. C(absent) removes the named classes."`
	BelowUsage    string            `json:"below_usage" jsonschema:"default=refuse,enum=refuse,enum=clamp" jsonschema_description:"What to do with a value that would give less capacity than is used. C(refuse) fails and writes nothing at all, C(clamp) takes the nearest value that still covers it. Removing a class that is in use is refused in any case."`
	CreateClasses bool              `json:"create_classes" jsonschema:"default=false" jsonschema_description:"Create custom resource classes that do not exist yet."`
	Drain         *bool             `json:"drain" jsonschema_description:"C(true) reserves the free part of all classes, so that nothing new lands on the providers. Running servers are not affected. C(false) restores the reserved amounts that I(journal) recorded."`
	Journal       string            `json:"journal" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Journal on the target. Before each write is sent, what is needed to undo it is added to this file. C($XDG_STATE_HOME/openstack_ops.placement/journal.jsonl) if not given; below C(~/.local/state) if C(XDG_STATE_HOME) is not set."`
}

// Wanted is what is wanted of one inventory. What is not given stays as it is.
type Wanted struct {
	Total           *int     `json:"total" jsonschema_description:"Number of units."`
	Reserved        *int     `json:"reserved" jsonschema_description:"Units that may not be allocated."`
	MinUnit         *int     `json:"min_unit" jsonschema_description:"Smallest amount of one allocation."`
	MaxUnit         *int     `json:"max_unit" jsonschema_description:"Largest amount of one allocation."`
	StepSize        *int     `json:"step_size" jsonschema_description:"Amounts have to be multiples of this."`
	AllocationRatio *float64 `json:"allocation_ratio" jsonschema_description:"Capacity is (total - reserved) times this, rounded down. Placement keeps six significant digits of it."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{
		MutuallyExclusive: append(selection.Exclusive(), []string{"inventories", "drain"}),
		RequiredOneOf:     [][]string{selection.Names(), {"inventories", "drain"}},
	}
}

// Result is what placement_inventory returns.
type Result struct {
	Changed        bool           `json:"changed"`
	Msg            string         `json:"msg"`
	Text           []string       `json:"text,omitempty"`
	Providers      []Provider     `json:"providers"`
	CreatedClasses []string       `json:"created_classes"`
	Refused        []Refused      `json:"refused"`
	Clamped        []Clamped      `json:"clamped"`
	Diff           []Diff         `json:"diff"`
	Journal        string         `json:"journal"`
	Requests       map[string]int `json:"requests"`

	dry bool // check mode: nothing is written
}

// Provider is one provider after the task; in check mode as it would be.
type Provider struct {
	UUID        string             `json:"uuid"`
	Name        string             `json:"name"`
	Generation  int                `json:"generation"`
	Changed     bool               `json:"changed"`
	Inventories change.Inventories `json:"inventories"`
	Usages      map[string]int     `json:"usages"`

	was change.Inventories // before it changed
}

// Refused is one class of one provider for which the wish can't be granted, and who is in its way.
type Refused struct {
	Provider string `json:"provider"`
	UUID     string `json:"uuid"`
	change.Refusal

	Consumers []Consumer `json:"consumers"` // the largest, largest first
}

// Consumer is what one consumer holds of a class, and who it is where Nova can be read.
type Consumer struct {
	UUID   string `json:"uuid"`
	Amount int    `json:"amount"`
	Kind   string `json:"kind,omitempty"`
	Name   string `json:"name,omitempty"`
	Status string `json:"status,omitempty"`
	Host   string `json:"host,omitempty"`
}

// Clamped is one value that was taken instead of the one asked for.
type Clamped struct {
	Provider string `json:"provider"`
	UUID     string `json:"uuid"`
	change.Clamp
}

// Diff is what Ansible shows with --diff, one for each provider that changes.
type Diff struct {
	BeforeHeader string             `json:"before_header"`
	AfterHeader  string             `json:"after_header"`
	Before       change.Inventories `json:"before"`
	After        change.Inventories `json:"after"`
}

// field is one whole number of Wanted with the range that Placement takes (placement/schemas/inventory.py).
type field struct {
	name     string
	value    *int
	min, max int
}

func (w Wanted) fields() []field {
	return []field{
		{"total", w.Total, 1, math.MaxInt32},
		{"reserved", w.Reserved, 0, math.MaxInt32},
		{"min_unit", w.MinUnit, 1, math.MaxInt32},
		{"max_unit", w.MaxUnit, 1, math.MaxInt32},
		{"step_size", w.StepSize, 1, math.MaxInt32},
	}
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	journal, err := change.Path(o.Journal)
	if err != nil {
		return nil, &ansible.OptionError{Option: "journal", Reason: fmt.Sprintf("must be given (%v)", err)}
	}
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	t := &task{call: call, o: o, clients: clients, client: clients.Placement, journal: journal}
	t.cloud = clients.Session.Cloud()
	result, err := t.run(ctx)
	if result != nil && o.Show {
		result.Text = result.with(err).Show(screen.InPlay())
	}
	return result, err
}

// with is the result with what an error refused.
func (r *Result) with(err error) *Result {
	full := *r
	var refused *refusal
	if errors.As(err, &refused) {
		full.Refused = refused.refused
	}
	return &full
}
