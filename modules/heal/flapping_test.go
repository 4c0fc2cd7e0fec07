// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
)

// A provider counts as written by somebody else if this audit finds that, or if it was told so and this audit has not seen otherwise.
func TestFlappingIsTold(t *testing.T) {
	s, mine, orphan := checktest.Cloud(), "PLC210:provider:"+checktest.Compute, "PLC101:consumer:c"
	found := check.Verdict{Findings: []check.Finding{{ID: heal.Flapping, Fingerprint: mine}, {ID: "PLC101", Fingerprint: orphan}}}
	for name, c := range map[string]struct {
		verdict   check.Verdict
		unfound   []heal.Step
		all, rest string
	}{
		"found":               {found, nil, mine, ""},
		"told":                {check.Verdict{}, []heal.Step{{Finding: orphan}, {Finding: mine, State: heal.Skipped}}, mine, orphan},
		"told, and seen over": {check.Verdict{}, []heal.Step{{Finding: mine, State: heal.Unchanged}}, "", mine},
		"of no provider here": {check.Verdict{}, []heal.Step{{Finding: "PLC210:provider:x", State: heal.Skipped}}, "", "PLC210:provider:x"},
	} {
		t.Run(name, func(t *testing.T) {
			var all, rest []string
			findings, steps := flapping(s, c.verdict, c.unfound)
			for _, f := range findings {
				all = append(all, f.Fingerprint)
			}
			for _, step := range steps {
				rest = append(rest, step.Finding)
			}
			if strings.Join(all, " ") != c.all || strings.Join(rest, " ") != c.rest {
				t.Errorf("%q and %q", all, rest)
			}
		})
	}
}
