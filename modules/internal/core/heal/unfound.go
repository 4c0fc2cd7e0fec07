// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// Unfound makes the steps for findings, by fingerprint, that were to be healed and that an audit does not find now. That they are gone
// is said only of those that a check judged which ran to its end. runs reports whether a check was asked for. The steps have no
// numbers.
func Unfound(fingerprints []string, v check.Verdict, runs func(id string) bool) []Step {
	slices.Sort(fingerprints)
	steps := make([]Step, len(fingerprints))
	for i, fingerprint := range fingerprints {
		steps[i] = Step{
			Finding: fingerprint, Also: []string{}, What: "Nothing: it was not judged", Changes: []repair.Change{}, Needs: []int{}, State: Skipped,
			Reason: unjudged(fingerprint, v, runs),
		}
		if steps[i].Reason == "" {
			steps[i].What, steps[i].State = "Nothing: the audit does not find it any more", Unchanged
		}
	}
	return steps
}

// unjudged says why nothing is known about a finding; empty if it is gone.
func unjudged(fingerprint string, v check.Verdict, runs func(id string) bool) string {
	parts := strings.SplitN(fingerprint, ":", 3)
	id, subject := parts[0], parts[len(parts)-1]
	at := slices.IndexFunc(v.NotRun, func(n check.NotRun) bool { return n.Check == id })
	switch {
	case !runs(id):
		return "the options checks and skip_checks leave its check out"
	case at >= 0:
		return "its check did not run to its end: " + v.NotRun[at].Reason
	case v.LeavesAlone(id, subject):
		return "the audit does not judge it now: something may be in flight"
	}
	return ""
}
