// SPDX-License-Identifier: Apache-2.0

// Package verdict judges an upgrade, or the removal of a host, from what was read before and after it: audits, compute services,
// resource providers, logs, and the upgrade checks of Placement and Nova. It is pure: the same input gives the same verdict.
package verdict

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Reason is one fact that speaks against an upgrade, or that an upgrade left behind.
type Reason struct {
	Severity    check.Severity `json:"severity"`
	What        string         `json:"what"` // such as "PLC202 stale-provider"
	Text        string         `json:"text"`
	Todo        string         `json:"todo"`
	Fingerprint string         `json:"fingerprint,omitempty"` // of the finding
	// Unread reports that something could not be read. It makes a verdict at least a warning, whatever its severity.
	Unread  bool            `json:"unread,omitempty"`
	Command string          `json:"command,omitempty"` // to paste
	Host    *string         `json:"host,omitempty"`    // where it runs: nil for anywhere, empty for any host with a nova-api
	Task    map[string]Args `json:"task,omitempty"`    // that heals it: a module's name and its options

	check string // id of the check whose finding it is; empty for what no check found
}

// Args are the options of a task.
type Args = map[string]any

// Verdict is pass, warn or fail.
type Verdict string

// The verdicts.
const (
	Pass Verdict = "pass"
	Warn Verdict = "warn"
	Fail Verdict = "fail"
)

// Thresholds are the lowest severities that fail an upgrade and that warn of it.
type Thresholds struct{ Fail, Warn check.Severity }

// Judge returns the verdict on reasons in any order.
func (t Thresholds) Judge(reasons []Reason) Verdict {
	switch {
	case slices.ContainsFunc(reasons, func(r Reason) bool { return r.Severity.AtLeast(t.Fail) }):
		return Fail
	case slices.ContainsFunc(reasons, t.shows):
		return Warn
	}
	return Pass
}

// shows reports whether a reason decides the verdict, and so is shown and not only counted.
func (t Thresholds) shows(r Reason) bool {
	return r.Unread || r.Severity.AtLeast(t.Warn) || r.Severity.AtLeast(t.Fail)
}

// unreadOnly reports whether nothing was found, and the reasons are all about what could not be read.
func unreadOnly(reasons []Reason) bool {
	return !slices.ContainsFunc(reasons, func(r Reason) bool { return !r.Unread })
}

// sorted orders reasons, the worst first, and else as they were found.
func sorted(parts ...[]Reason) []Reason {
	all := slices.Concat(parts...)
	slices.SortStableFunc(all, func(a, b Reason) int {
		return slices.Index(check.Severities(), a.Severity) - slices.Index(check.Severities(), b.Severity)
	})
	return all
}

// counts tells how many reasons there are of each severity, as in " (1 critical, 2 high)"; nothing if there are none.
func counts(reasons []Reason) string {
	words := report.CountBy(reasons, func(r Reason) check.Severity { return r.Severity }).Words()
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}
