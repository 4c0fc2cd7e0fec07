// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// cloud names the cloud that the task works with.
func (t *task) cloud() openstack.Cloud {
	return t.clients.Session.Cloud()
}

// look audits the cloud with all that a plan needs. It watches the generations for so long, if at all.
func (t *task) look(ctx context.Context, watch time.Duration) (*snapshot.Snapshot, check.Verdict, error) {
	v := survey.New(&t.o.Asked, t.o.Settings(check.Defaults().NearFull))
	v.More, v.Watch = heal.Parts(), watch
	v.Checks = slices.DeleteFunc(slices.Clone(v.Checks), func(c *check.Check) bool { return c.Demands() == snapshot.Generations && watch == 0 })
	s, err := v.Read(ctx, t.call, t.clients)
	if err != nil {
		return nil, check.Verdict{}, err
	}
	for _, seen := range []*snapshot.Snapshot{s, latest(s)} { // Nova may have failed between the two looks
		if part, reason, unread := seen.Available(heal.Parts(), true); unread {
			return nil, check.Verdict{}, refusal(fmt.Sprintf("the audit is incomplete: %s could not be read: %s", part, reason))
		}
	}
	return s, v.Judge(s), nil
}

// latest is the cloud as the last look saw it.
func latest(s *snapshot.Snapshot) *snapshot.Snapshot {
	if s.Second == nil {
		return s
	}
	return s.View()
}

// survey audits the cloud and makes the plan.
func (t *task) survey(ctx context.Context, g *given) error {
	cloud := t.cloud()
	if len(g.cloud.Endpoints) > 0 && !g.cloud.Is(cloud) {
		return &ansible.OptionError{Option: "report", Value: t.o.Report, Reason: fmt.Sprintf("must be from this cloud, %s; it is from %s", cloud, g.cloud)}
	}
	s, verdict, err := t.look(ctx, time.Duration(t.o.Watch)*time.Second)
	if err != nil {
		return err
	}
	kept, gone := g.only(verdict.Findings)
	kept = slices.DeleteFunc(slices.Clone(kept), func(f check.Finding) bool { return !t.asked(g, f) })
	view := latest(s)
	facts := &heal.Facts{Snapshot: view, Findings: kept, Providers: map[string]repair.Provider{}, Consumers: map[string]repair.Consumer{}}
	unfound := heal.Unfound(gone, verdict, t.judged)
	facts.Flapping, unfound = flapping(view, verdict, unfound)
	if err := t.whole(ctx, facts); err != nil {
		return err
	}
	t.notRun = verdict.NotRun
	return t.make(cloud, facts, unfound, t.doubt(s, verdict, g))
}

// asked reports whether a finding is one to heal: the witnesses are read to forbid steps, and are healed by nobody.
func (t *task) asked(g *given, f check.Finding) bool {
	return f.ID != heal.Flapping && (g.wanted != nil || !slices.Contains(heal.Witnesses(), f.ID))
}

// judged reports whether a check has run: one that needs a watch does not without.
func (t *task) judged(id string) bool {
	return t.o.Chosen.Has(id) && (id != heal.Flapping || t.o.Watch > 0)
}

// flapping takes the findings about providers that another client keeps writing: those of this audit, and those that were given, unless
// this audit has watched and does not find them any more.
func flapping(s *snapshot.Snapshot, v check.Verdict, unfound []heal.Step) (all []check.Finding, rest []heal.Step) {
	for _, f := range v.Findings {
		if f.ID == heal.Flapping {
			all = append(all, f)
		}
	}
	for _, step := range unfound {
		uuid := step.Finding[strings.LastIndex(step.Finding, ":")+1:]
		provider, there := s.Provider(uuid)
		if check.IDOf(step.Finding) != heal.Flapping || step.State == heal.Unchanged || !there {
			rest = append(rest, step)
			continue
		}
		subject := check.Subject{Type: check.OfProvider, UUID: provider.UUID, Name: provider.Name}
		all = append(all, check.Finding{ID: heal.Flapping, Fingerprint: step.Finding, Subject: subject})
	}
	return all, rest
}

// make makes the plan of what was read.
func (t *task) make(cloud openstack.Cloud, facts *heal.Facts, unfound []heal.Step, doubt string) error {
	id, err := uuid.NewV4()
	if err != nil {
		return err
	}
	t.plan = &heal.Plan{
		Format: heal.Format, Version: heal.Version, ID: id.String(), MadeAt: t.call.Now().UTC(), Cloud: cloud,
		Consumers: len(facts.Snapshot.Consumers()), Providers: len(facts.Snapshot.Providers()), Steps: heal.Steps(facts),
	}
	for _, step := range unfound {
		step.Number = len(t.plan.Steps) + 1
		t.plan.Steps = append(t.plan.Steps, step)
	}
	if doubt != "" {
		t.plan.Refuse(doubt)
	}
	t.file, err = t.plan.Encode()
	return err
}

// doubt says why no step may take anything away; empty if nothing speaks against it.
func (t *task) doubt(s *snapshot.Snapshot, v check.Verdict, g *given) string {
	if !v.Complete() {
		return fmt.Sprintf("the audit is incomplete: %s: %s", v.NotRun[0].Check, v.NotRun[0].Reason)
	}
	for _, f := range v.Findings {
		if f.ID == "PLC501" {
			return "a cell does not answer: " + f.Message
		}
	}
	counts := s.Counts()
	for _, part := range []snapshot.Part{snapshot.Providers, snapshot.Hypervisors, snapshot.Servers} {
		if counts[part] == 0 {
			return fmt.Sprintf("the audit has read no %s at all", part)
		}
	}
	if g.baseline == nil {
		return ""
	}
	for _, part := range []snapshot.Part{snapshot.Providers, snapshot.Hypervisors, snapshot.Servers, snapshot.Allocations} {
		if was := g.baseline.Summary.Read[part]; counts[part]*2 < was {
			return fmt.Sprintf("the audit has read %d %s, and the baseline %d: more than half are missing", counts[part], part, was)
		}
	}
	return ""
}

// whole reads all of the providers and consumers that a plan is about.
func (t *task) whole(ctx context.Context, facts *heal.Facts) error {
	providers, consumers := heal.Wanted(facts.Snapshot, facts.Findings)
	for _, uuid := range providers {
		have, err := edge.ReadWhole(ctx, t.clients.Placement, uuid)
		if err != nil {
			return err
		}
		if !have.Absent {
			facts.Providers[uuid] = have
		}
	}
	for _, uuid := range consumers {
		have, err := edge.ReadConsumer(ctx, t.clients.Placement, uuid)
		if err != nil {
			return err
		}
		facts.Consumers[uuid] = have
	}
	return nil
}

// keep writes the plan to its file.
func (t *task) keep() error {
	if t.o.Plan == "" {
		return nil
	}
	if err := files.Replace(t.o.Plan, t.file, files.Private); err != nil {
		return &ansible.OptionError{Option: "plan", Value: t.o.Plan, Reason: fmt.Sprintf("must be a file that can be written (%v)", files.Cause(err))}
	}
	return nil
}

// follow reads a plan that is to be done, and refuses one that is not this user's, of another cloud, old, or not the one that was
// confirmed.
func (t *task) follow(_ context.Context, _ *given) error {
	fault := func(format string, args ...any) error {
		return &ansible.OptionError{Option: "plan", Value: t.o.Plan, Reason: fmt.Sprintf(format, args...)}
	}
	data, err := files.ReadOwn(t.o.Plan, files.MaxJournal)
	if err != nil {
		return fault("must be a plan that a run in check mode has written, of this user's own (%v)", files.Cause(err))
	}
	if digest := change.Digest(data); !strings.HasPrefix(digest, t.o.Confirm) {
		return &ansible.OptionError{Option: "confirm", Value: t.o.Confirm, Reason: "must begin the digest of the plan, which is " + digest[:12] + ": it is not the plan that was confirmed"}
	}
	t.file = data
	if t.plan, err = decode(data); err != nil {
		return fault("must be a plan that a run in check mode has written (%v)", err)
	}
	if cloud := t.cloud(); !t.plan.Cloud.Is(cloud) {
		return fault("must be from this cloud, %s; it is from %s", cloud, t.plan.Cloud)
	}
	return t.o.fresh("plan", t.o.Plan, t.plan.MadeAt, t.call.Now())
}

// decode reads a plan. Nothing may be missing in it, and nothing added.
func decode(data []byte) (*heal.Plan, error) {
	var p heal.Plan
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, errors.New("it has data after its end")
	}
	if p.Format != heal.Format || p.Version != heal.Version {
		return nil, fmt.Errorf("its format is %q in version %d, not %q in version %d", p.Format, p.Version, heal.Format, heal.Version)
	}
	return &p, p.Valid()
}
