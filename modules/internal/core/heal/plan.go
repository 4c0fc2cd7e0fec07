// SPDX-License-Identifier: Apache-2.0

// Package heal makes a plan of findings: which changes, in which order, put right what they say, as data. It sends nothing, and
// plans nothing of which it is not certain: that becomes a step for a person.
package heal

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// State says how far a step has come.
type State string

// The states of steps.
const (
	Planned   State = "planned"
	Done      State = "done"
	Unchanged State = "unchanged" // it is so already
	Skipped   State = "skipped"   // what it rests on has changed, or something speaks against it
	Failed    State = "failed"
	Unknown   State = "unknown"   // a write was sent, and what became of it could not be read
	NotTried  State = "not tried" // a step that it needs was not done
	ByHand    State = "by hand"   // a person has to do it
)

// Step is one thing to do about one finding, or about several that belong together.
type Step struct {
	Number      int             `json:"step"`
	Finding     string          `json:"finding"` // fingerprint
	Also        []string        `json:"also"`    // fingerprints of other findings that it heals
	What        string          `json:"what"`    // one sentence
	Target      check.Subject   `json:"target"`
	Changes     []repair.Change `json:"changes"` // in their order; empty by hand
	Undo        bool            `json:"undo"`    // placement_restore can undo it
	Destructive bool            `json:"destructive"`
	Needs       []int           `json:"needs"`   // numbers of the steps that have to be done before
	Command     string          `json:"command"` // by hand: to paste
	State       State           `json:"state"`
	Reason      string          `json:"reason"`
}

// Plan is what is to be done about a cloud.
type Plan struct {
	Format    string          `json:"format"`
	Version   int             `json:"version"`
	ID        string          `json:"id"` // a UUID
	MadeAt    time.Time       `json:"made_at"`
	Cloud     openstack.Cloud `json:"cloud"`
	Consumers int             `json:"consumers"` // how many the cloud has, for the budget
	Providers int             `json:"providers"`
	Steps     []Step          `json:"steps"`
}

// Format and Version mark a file with a plan.
const (
	Format  = "openstack_ops.placement/plan"
	Version = 1
)

// Encode returns the bytes of the plan's file.
func (p *Plan) Encode() ([]byte, error) {
	out, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return append(out, '\n'), nil
}

// Before is what is there of all that the step changes, before its first change.
func (s Step) Before() repair.State {
	return s.merged(func(c repair.Change) repair.State { return c.Before }, true)
}

// After is what is there after its last change.
func (s Step) After() repair.State {
	return s.merged(func(c repair.Change) repair.State { return c.After }, false)
}

// merged joins a state of all changes. Of what several are about, the first or the last counts.
func (s Step) merged(of func(repair.Change) repair.State, first bool) repair.State {
	var out repair.State
	consumers, providers := map[string]int{}, map[string]int{}
	for _, c := range s.Changes {
		for _, one := range of(c).Consumers {
			if i, seen := consumers[one.UUID]; !seen {
				consumers[one.UUID] = len(out.Consumers)
				out.Consumers = append(out.Consumers, one)
			} else if !first {
				out.Consumers[i] = one
			}
		}
		for _, one := range of(c).Providers {
			if i, seen := providers[one.UUID]; !seen {
				providers[one.UUID] = len(out.Providers)
				out.Providers = append(out.Providers, one)
			} else if !first {
				out.Providers[i] = one
			}
		}
	}
	return out
}

// Guards lists what has to hold right before each of the step's changes.
func (s Step) Guards() []repair.Guard {
	out := []repair.Guard{}
	for _, c := range s.Changes {
		out = append(out, c.Guards...)
	}
	return out
}

// Writes reports whether the step changes something, and is still to be done.
func (s Step) Writes() bool { return s.State == Planned && len(s.Changes) > 0 }

// Valid refuses a plan in which something is missing, or that points outside of itself.
func (p *Plan) Valid() error {
	if p.ID == "" || p.MadeAt.IsZero() || len(p.Cloud.Endpoints) == 0 || p.Steps == nil {
		return fmt.Errorf("it has no id, time, cloud or steps")
	}
	for i, s := range p.Steps {
		if s.Number != i+1 || s.Finding == "" || s.State == "" {
			return fmt.Errorf("step %d is not whole", i+1)
		}
		for _, n := range s.Needs {
			if n < 1 || n >= s.Number {
				return fmt.Errorf("step %d needs step %d, which does not come before it", s.Number, n)
			}
		}
		for _, c := range s.Changes {
			if err := c.Valid(); err != nil {
				return fmt.Errorf("step %d: %w", s.Number, err)
			}
		}
	}
	return nil
}
