// SPDX-License-Identifier: Apache-2.0

// Package audit is the module placement_audit: it reads a cloud or a saved snapshot, runs the checks and returns what
// they found. It never changes a cloud; the only thing it writes is a snapshot where it was asked to.
package audit

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_audit.
func Module() *ansible.Module {
	return ansible.Define("placement_audit", doc, run)
}

// Options are the options of placement_audit.
type Options struct {
	cloud.Options

	Checks       []string `json:"checks,omitempty" jsonschema_description:"Ids or names of the checks to run. All of them if not given."`
	SkipChecks   []string `json:"skip_checks,omitempty" jsonschema_description:"Ids or names of checks to leave out."`
	Grace        int      `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between the first look and the second. Only what both show is a finding."`
	NearFull     float64  `json:"near_full" jsonschema:"default=0.9,minimum=0,maximum=1" jsonschema_description:"Share of its capacity from which on a provider counts as nearly full."`
	StuckAfter   int      `json:"stuck_after" jsonschema:"default=86400,minimum=1" jsonschema_description:"Seconds from which on a move in progress counts as stuck."`
	Severity     string   `json:"severity" jsonschema:"default=medium,enum=critical,enum=high,enum=medium,enum=low,enum=info" jsonschema_description:"Lowest severity that makes a cloud unclean."`
	MaxFindings  int      `json:"max_findings" jsonschema:"default=1000,minimum=0" jsonschema_description:"How many findings to return at most, the worst first. I(summary) always counts all."`
	Snapshot     string   `json:"snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Audit this saved snapshot instead of a cloud. Nothing is sent anywhere and the connection options are not used."`
	SaveSnapshot string   `json:"save_snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Write what was read, both looks, to this file on the target. Every part is read then, not only what the checks need. The file holds names and ids of servers, projects and hosts, no secrets. Check mode does not write it."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: [][]string{{"snapshot", "save_snapshot"}}}
}

// Result is what placement_audit returns.
type Result struct {
	Changed       bool              `json:"changed"`
	Msg           string            `json:"msg"`
	Clean         bool              `json:"clean"`
	Complete      bool              `json:"complete"`
	Findings      []check.Finding   `json:"findings"`
	Summary       Summary           `json:"summary"`
	NotRun        []check.NotRun    `json:"not_run"`
	Microversions map[string]string `json:"microversions"`
	Requests      map[string]int    `json:"requests"`
}

// Summary counts all findings, those beyond max_findings too.
type Summary struct {
	Findings   int                   `json:"findings"`
	BySeverity BySeverity            `json:"by_severity"`
	ByCheck    map[string]int        `json:"by_check"`
	LeftOut    int                   `json:"left_out"` // findings beyond max_findings
	ChecksRun  []string              `json:"checks_run"`
	NotJudged  []check.NotJudged     `json:"not_judged"`
	Read       map[snapshot.Part]int `json:"read"` // how many of each were read
	TakenAt    time.Time             `json:"taken_at"`
}

// BySeverity counts findings, worst first.
type BySeverity struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	Info     int `json:"info"`
}

func countSeverities(findings []check.Finding) BySeverity {
	n := map[check.Severity]int{}
	for _, f := range findings {
		n[f.Severity]++
	}
	return BySeverity{n[check.Critical], n[check.High], n[check.Medium], n[check.Low], n[check.Info]}
}

// words says what was counted, worst first, without the zeros.
func (b BySeverity) words() []string {
	var out []string
	for i, n := range []int{b.Critical, b.High, b.Medium, b.Low, b.Info} {
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, check.Severities()[i]))
		}
	}
	return out
}

func run(ctx context.Context, call *ansible.Call, o *Options) (any, error) {
	chosen, err := choose(o)
	if err != nil {
		return nil, err
	}
	if o.Snapshot != "" {
		s, err := load(o.Snapshot)
		if err != nil {
			return nil, err
		}
		return result(o, s, chosen, map[string]int{}), nil
	}
	s, requests, err := read(ctx, call, o, chosen)
	if err != nil {
		return nil, err
	}
	if err := save(call, o, s); err != nil {
		return nil, err
	}
	return result(o, s, chosen, requests), nil
}

func (o *Options) settings() check.Settings {
	return check.Settings{NearFull: o.NearFull, StuckAfter: time.Duration(o.StuckAfter) * time.Second}
}

func result(o *Options, s *snapshot.Snapshot, chosen []*check.Check, requests map[string]int) *Result {
	v := check.Run(s, chosen, o.settings())
	r := &Result{
		Clean: v.Clean(check.Severity(o.Severity)), Complete: v.Complete(),
		Findings: v.Findings, NotRun: v.NotRun, Requests: requests,
		Microversions: map[string]string{},
		Summary:       summarize(s, v, chosen),
	}
	for name, service := range map[string]snapshot.Service{"placement": s.Placement, "compute": s.Compute} {
		if service.Microversion != "" {
			r.Microversions[name] = service.Microversion
		}
	}
	if len(r.Findings) > o.MaxFindings {
		r.Summary.LeftOut = len(r.Findings) - o.MaxFindings
		r.Findings = r.Findings[:o.MaxFindings]
	}
	r.Msg = sentence(r)
	return r
}

func summarize(s *snapshot.Snapshot, v check.Verdict, chosen []*check.Check) Summary {
	sum := Summary{
		Findings: len(v.Findings), BySeverity: countSeverities(v.Findings), ByCheck: map[string]int{},
		ChecksRun: []string{}, NotJudged: v.NotJudged, Read: s.Counts(), TakenAt: s.TakenAt,
	}
	for _, f := range v.Findings {
		sum.ByCheck[f.ID]++
	}
	notRun := map[string]bool{}
	for _, n := range v.NotRun {
		notRun[n.Check] = true
	}
	for _, c := range chosen {
		if !notRun[c.ID] {
			sum.ChecksRun = append(sum.ChecksRun, c.ID)
		}
	}
	return sum
}

// partsFor lists what has to be read: what the checks need, or everything for a snapshot that is kept.
func partsFor(o *Options, chosen []*check.Check) []snapshot.Part {
	if o.SaveSnapshot != "" {
		return snapshot.AllParts()
	}
	return check.Needs(chosen)
}

// needsCompute says whether one of the parts is Nova's.
func needsCompute(parts []snapshot.Part) bool {
	fromNova := []snapshot.Part{snapshot.Services, snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations}
	return slices.ContainsFunc(parts, func(p snapshot.Part) bool { return slices.Contains(fromNova, p) })
}
