// SPDX-License-Identifier: Apache-2.0

// Package audit is the module placement_audit: it reads a cloud or a saved snapshot, runs the checks and returns what
// they found. It never changes a cloud; the only things it writes are a snapshot and reports where it was asked to.
package audit

import (
	"context"
	_ "embed"
	"math"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_audit.
func Module() *ansible.Module {
	return ansible.Define("placement_audit", doc, run)
}

// Options are the options of placement_audit.
type Options struct {
	config.Options
	survey.Asked
	address.Where
	ansible.Shown

	Watch        int     `json:"watch" jsonschema:"default=0,minimum=0" jsonschema_description:"Sample the generations of all resource providers for this many seconds while the rest is read, for the check PLC210 (flapping-provider): one request for each sample, and three for each provider that has changed. 0 skips that check. Must be less than I(timeout). Use about 1200 to see a nova-compute and another client overwrite each other."`
	Quick        bool    `json:"quick" jsonschema:"default=false" jsonschema_description:"Read allocations only of the compute nodes whose usage differs from what the flavors of their servers ask for. Faults that cancel each other out on one host are not seen. Meant for a timer every few minutes, with a full audit once a day."`
	NearFull     float64 `json:"near_full" jsonschema:"default=0.9,minimum=0,maximum=1" jsonschema_description:"Fraction of its capacity at which a provider counts as nearly full."`
	Severity     string  `json:"severity" jsonschema:"default=medium,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes a cloud unclean."`
	MaxFindings  int     `json:"max_findings" jsonschema:"default=1000,minimum=0" jsonschema_description:"Largest number of findings to return, the worst first. I(summary) always counts all."`
	Snapshot     string  `json:"snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Audit this saved snapshot instead of a cloud. Nothing is sent anywhere and the connection options are not used."`
	SaveSnapshot string  `json:"save_snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Write both looks at the cloud to this file on the target. Every part is read then, not only what the checks need. The file holds names and ids of servers, projects and hosts, no secrets. Check mode does not write it."`

	ProviderMetrics bool `json:"provider_metrics" jsonschema:"default=false" jsonschema_description:"Add metrics of each resource provider to reports in the format C(prometheus): its generation, and for each resource class capacity, used, reserved and allocation ratio. The inventories are read for this. Each sample carries the UUID and the name of the provider, and everybody can read a new file in this format. There are four samples for each provider and resource class: 120,000 for 10,000 hosts with three classes."`

	Reports  []reportfiles.Report `json:"reports,omitempty" jsonschema_description:"Files on the target to write the result to. Each holds all findings, whatever I(max_findings) is. Each atomically replaces an older file and keeps its mode. Check mode writes none."`
	Ignore   []Accepted           `json:"ignore,omitempty" jsonschema_description:"Findings to accept. They are returned as I(ignored), not among the findings, and do not make a cloud unclean. Findings that follow from them are still reported."`
	Baseline string               `json:"baseline,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Compare with this earlier audit: a report in the format C(json), or a file that I(save_snapshot) has written. The same checks then run on that snapshot. The baseline is read before any report is written, so it may be one of the files in I(reports). If that file does not exist yet, nothing is compared."`
}

// Accepted says which findings are accepted, and why.
type Accepted struct {
	Fingerprint string `json:"fingerprint,omitempty" jsonschema_description:"Fingerprint of the finding to accept. Required unless I(check) and I(subject) are given."`
	Check       string `json:"check,omitempty" jsonschema_description:"Id or name of a check."`
	Subject     string `json:"subject,omitempty" jsonschema_description:"Pattern for the name or UUID of the finding's subject: C(*) stands for any characters, C(?) for one, C([a-c]) for one of these."`
	Reason      string `json:"reason,omitempty" jsonschema_description:"Why. Required."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: [][]string{
		{"snapshot", "save_snapshot"}, {"quick", "save_snapshot"}, {"quick", "snapshot"}, {"watch", "snapshot"},
	}}
}

// Result is what placement_audit returns.
type Result struct {
	Changed bool `json:"changed"`
	report.Audit
	Text []string `json:"text,omitempty"`

	limit check.Severity // the lowest that makes a cloud unclean
	full  *report.Report
}

// task is one run of the module.
type task struct {
	*survey.Survey

	call     *ansible.Call
	o        *Options
	baseline *triage.Baseline // nil without one
	begun    time.Time
	cloud    openstack.Cloud
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	t := &task{Survey: o.survey(call), call: call, o: o, begun: time.Now(), cloud: openstack.Cloud{Endpoints: []string{}}}
	var err error
	if t.baseline, err = t.earlier(); err != nil {
		return nil, err
	}
	if o.Snapshot != "" {
		s, err := survey.Load(o.Snapshot)
		if err != nil {
			return nil, err
		}
		t.Checks = judgeable(o.Chosen, s)
		if err := t.Limit(s); err != nil {
			return nil, err
		}
		return t.finish(s, map[string]int{}, 0)
	}
	s, requests, err := t.read(ctx)
	if err != nil {
		return nil, err
	}
	took := time.Since(t.begun)
	lost := save(call, o, s)
	result, err := t.finish(s, requests, took)
	return result, several.Join(lost, err)
}

// finish judges what was read and writes the reports. A file that can't be written does not take the result with it.
func (t *task) finish(s *snapshot.Snapshot, requests map[string]int, took time.Duration) (*Result, error) {
	full := t.audit(s)
	full.Cloud = t.cloud
	full.Requests, full.Summary.Duration = requests, math.Round(took.Seconds()*1000)/1000
	err := t.write(full, s)
	result := &Result{Audit: t.shortened(full.Audit), limit: check.Severity(t.o.Severity), full: full}
	if t.o.Show {
		result.Text = result.Audit.Show(screen.InPlay())
	}
	return result, err
}

// survey is what has to be read and judged.
func (o *Options) survey(call *ansible.Call) *survey.Survey {
	v := survey.New(&o.Asked, o.Settings(o.NearFull))
	v.Every, v.Quick, v.Watch = o.SaveSnapshot != "", o.Quick, time.Duration(o.Watch)*time.Second
	if o.countsProviders(call) {
		v.More = []snapshot.Part{snapshot.Providers, snapshot.Usages, snapshot.Capacities, snapshot.Inventories}
	}
	return v
}
