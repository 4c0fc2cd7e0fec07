// SPDX-License-Identifier: Apache-2.0

package triage

import (
	"path"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// Rule accepts one finding by its fingerprint, or all findings of a check whose subject matches a pattern.
type Rule struct {
	Fingerprint string
	Check       string // id
	Subject     string // pattern for the name or UUID of the subject
	Reason      string
}

// CheckID is the id of the check that the rule is about.
func (r Rule) CheckID() string {
	if r.Fingerprint == "" {
		return r.Check
	}
	return check.IDOf(r.Fingerprint)
}

// String is the rule without its reason.
func (r Rule) String() string {
	if r.Fingerprint != "" {
		return r.Fingerprint
	}
	return r.Check + " " + r.Subject
}

// Ignored is a finding that somebody accepted.
type Ignored struct {
	Fingerprint string         `json:"fingerprint"`
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	Severity    check.Severity `json:"severity"`
	Subject     check.Subject  `json:"subject"`
	Message     string         `json:"message"`
	Reason      string         `json:"reason"`
}

// Ignore takes out the findings that a rule accepts; the first that does gives the reason. What follows from an ignored
// finding stays. Matched tells for each rule whether it accepted any.
func Ignore(rules []Rule, findings []check.Finding) (kept []check.Finding, ignored []Ignored, matched []bool) {
	kept, ignored, matched = []check.Finding{}, []Ignored{}, make([]bool, len(rules))
	for _, f := range findings {
		first := -1
		for i, r := range rules {
			if !r.matches(f) {
				continue
			}
			matched[i] = true
			if first < 0 {
				first = i
			}
		}
		if first < 0 {
			kept = append(kept, f)
			continue
		}
		ignored = append(ignored, Ignored{f.Fingerprint, f.ID, f.Name, f.Severity, f.Subject, f.Message, rules[first].Reason})
	}
	return kept, ignored, matched
}

func (r Rule) matches(f check.Finding) bool {
	if r.Fingerprint != "" {
		return r.Fingerprint == f.Fingerprint
	}
	return r.Check == f.ID && (check.Glob(r.Subject, f.Subject.Name) || check.Glob(r.Subject, f.Subject.UUID))
}

// BadPattern says what is wrong with a pattern; nil if nothing is.
func BadPattern(pattern string) error {
	_, err := path.Match(pattern, "")
	return err
}
