// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// task is one run of the module.
type task struct {
	call    *ansible.Call
	o       *Options
	clients *connection.Clients
	client  *placement.Client
	writer  *change.Writer
	journal string // its path
	jobs    []*job
	cloud   openstack.Cloud
	entries []change.Entry // of the journal, where it has to tell what to put back
	missing []string       // classes that are wanted and do not exist
	created []string       // those of them that do by now
}

// job is one provider of the task.
type job struct {
	change.Target
	view    *change.View
	written bool
	failed  error
}

func (t *task) run(ctx context.Context) (*Result, error) {
	t.writer = &change.Writer{Placement: t.client, Sleep: t.call.Sleep}
	providers, err := t.o.Find(ctx, t.call, t.clients)
	if err != nil {
		return nil, err
	}
	if t.missing, err = t.missingClasses(ctx); err != nil {
		return nil, err
	}
	if err := t.judge(ctx, providers); err != nil {
		return t.result(false), err
	}
	t.warn(ctx)
	if t.call.CheckMode {
		err := t.journalFault(t.writable())
		return t.result(err == nil), err
	}
	err = t.write(ctx)
	return t.result(false), err
}

// judge looks at all providers and fails if the wish can't be granted for one of them: then nothing is written at all.
func (t *task) judge(ctx context.Context, providers []openstack.Provider) error {
	if err := t.remember(); err != nil {
		return err
	}
	var faults []error
	refused := 0
	for _, p := range providers {
		j := t.job(p)
		var err error
		if j.view, err = t.writer.Look(ctx, j.Target); err != nil {
			return err
		}
		t.jobs = append(t.jobs, j)
		refused += len(j.view.Plan.Refused)
		for _, f := range j.view.Plan.Faults {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("inventories -> %s -> %s", f.Class, f.Field), Value: text(f.Value),
				Reason: f.Reason + " (resource provider " + p.Name + ")",
			})
		}
	}
	if len(faults) > 0 {
		return several.Join(faults...)
	}
	if refused > 0 {
		return &refusal{refused: t.refused(ctx)}
	}
	return nil
}

func text(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// remember reads the journal, once for all providers, if drains are to be put back.
func (t *task) remember() error {
	if t.o.Drain == nil || *t.o.Drain {
		return nil
	}
	var err error
	if t.entries, err = change.ReadJournal(t.journal); err != nil {
		return &ansible.OptionError{Option: "journal", Value: t.journal, Reason: fmt.Sprintf("must be a journal of this module (%v)", err)}
	}
	return nil
}

// job says what is wanted of a provider.
func (t *task) job(p openstack.Provider) *job {
	j := &job{Target: change.Target{UUID: p.UUID, Name: p.Name, Op: change.OpInventories}}
	if t.o.Drain == nil {
		j.Judge = func(_ change.Trace, before change.Inventories, used map[string]int) *change.Plan {
			return change.Judge(before, used, t.o.wishes(), change.State(t.o.State), t.o.BelowUsage == "clamp")
		}
		return j
	}
	if *t.o.Drain {
		j.Op, j.Judge = change.OpDrain, change.Drain
		return j
	}
	j.Op = change.OpUndrain
	drains := change.Recall(t.entries, t.cloud, p.UUID)
	if drains == nil {
		t.call.Warn("drain: %s has no record that %s (%s) was drained%s: nothing is put back", t.journal, p.Name, p.UUID, t.elsewhere(p.UUID))
	}
	j.Judge = func(now change.Trace, before change.Inventories, used map[string]int) *change.Plan {
		return change.Undrain(now, before, used, drains)
	}
	return j
}

// elsewhere names the other cloud in which the journal knows the provider; a copy of a cloud has the same UUIDs.
func (t *task) elsewhere(provider string) string {
	for _, e := range t.entries {
		if e.Provider == provider && !e.Cloud.Is(t.cloud) {
			return fmt.Sprintf(" in this cloud (%s), but in another one (%s)", t.cloud, e.Cloud)
		}
	}
	return ""
}

func (t *task) changes() bool {
	return slices.ContainsFunc(t.jobs, func(j *job) bool { return j.view.Plan.Changes() })
}

func names(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
