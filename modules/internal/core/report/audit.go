// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
)

// Audit is the result of an audit, as the module returns it.
type Audit struct {
	Msg           string            `json:"msg"`
	Clean         bool              `json:"clean"`
	Complete      bool              `json:"complete"`
	Cloud         openstack.Cloud   `json:"cloud"` // no endpoints: a saved snapshot was judged
	Findings      []check.Finding   `json:"findings"`
	Gone          []check.Finding   `json:"gone"`
	Ignored       []triage.Ignored  `json:"ignored"`
	Summary       Summary           `json:"summary"`
	NotRun        []check.NotRun    `json:"not_run"`
	Microversions map[string]string `json:"microversions"`
	Requests      map[string]int    `json:"requests"`
}

// Summary counts all findings, those beyond max_findings too.
type Summary struct {
	Findings      int                   `json:"findings"`
	BySeverity    BySeverity            `json:"by_severity"`
	ByCheck       map[string]int        `json:"by_check"`
	ByState       *ByState              `json:"by_state,omitempty"`          // nil without a baseline
	Baseline      *time.Time            `json:"baseline_taken_at,omitempty"` // nil without a baseline
	NotCompared   []triage.NotCompared  `json:"not_compared,omitempty"`
	LeftOut       int                   `json:"left_out"` // findings beyond max_findings
	Ignored       int                   `json:"ignored"`
	UnusedIgnores []string              `json:"unused_ignores"`  // rules that accepted nothing
	Scope         *triage.Names         `json:"scope,omitempty"` // nil: the whole cloud
	ChecksRun     []string              `json:"checks_run"`
	Suspects      map[string]int        `json:"suspects"` // by check: how many the first look showed
	NotJudged     []check.NotJudged     `json:"not_judged"`
	LeftAlone     int                   `json:"left_alone"`           // how many UUIDs NotJudged is about
	Read          map[snapshot.Part]int `json:"read"`                 // how many of each were read
	Presumed      int                   `json:"presumed_inventories"` // providers whose inventories were taken from equal ones
	Quick         *snapshot.Quick       `json:"quick,omitempty"`      // what a quick look left out; nil for a full audit
	TakenAt       time.Time             `json:"taken_at"`
	Duration      float64               `json:"duration,omitempty"` // seconds; 0 where no cloud was read
}

// BySeverity counts findings, worst first.
type BySeverity struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	Info     int `json:"info"`
}

// ByState counts findings by how they compare with the baseline.
type ByState struct {
	New   int `json:"new"`
	Known int `json:"known"`
	Gone  int `json:"gone"`
}

// CountSeverities counts the findings by severity.
func CountSeverities(findings []check.Finding) BySeverity {
	return CountBy(findings, func(f check.Finding) check.Severity { return f.Severity })
}

// CountBy counts by severity what has one.
func CountBy[T any](all []T, severity func(T) check.Severity) BySeverity {
	n := map[check.Severity]int{}
	for _, one := range all {
		n[severity(one)]++
	}
	return BySeverity{n[check.Critical], n[check.High], n[check.Medium], n[check.Low], n[check.Info]}
}

// CountStates counts the findings by state, and those that are gone.
func CountStates(findings, gone []check.Finding) *ByState {
	n := map[check.State]int{}
	for _, f := range findings {
		n[f.State]++
	}
	return &ByState{New: n[check.New], Known: n[check.Known], Gone: len(gone)}
}

// Words says what was counted, worst first, without the zeros.
func (b BySeverity) Words() []string {
	var out []string
	for i, n := range []int{b.Critical, b.High, b.Medium, b.Low, b.Info} {
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, check.Severities()[i]))
		}
	}
	return out
}
