// SPDX-License-Identifier: Apache-2.0

package heal_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
)

type flapCase struct {
	flapping check.Finding
	states   map[string]heal.State
	reasons  []string
}

// Who else writes a provider stands first. What the plan would write there is skipped, with what needs that; nothing else is.
func TestFlapping(t *testing.T) {
	flapping := func(uuid, name string) check.Finding {
		return check.Finding{
			ID: heal.Flapping, Fingerprint: "PLC210:provider:" + uuid, Subject: check.Subject{Type: check.OfProvider, UUID: uuid, Name: name},
		}
	}
	orphan := "PLC101:consumer:" + gone
	flaps(t, map[string]flapCase{
		"where the orphan holds something": {
			flapping(checktest.Compute, "cn1"),
			map[string]heal.State{orphan: heal.Skipped, "PLC201:provider:" + stale: heal.Planned},
			[]string{"another client keeps writing resource provider cn1 (" + checktest.Compute + ") (PLC210)"},
		},
		"another one": {
			flapping(second, "cn2"),
			map[string]heal.State{orphan: heal.Planned, "PLC201:provider:" + stale: heal.Planned},
			nil,
		},
		"the one to delete": {
			flapping(stale, "old"),
			map[string]heal.State{orphan: heal.Planned, "PLC201:provider:" + stale: heal.Skipped},
			[]string{"another client keeps writing resource provider old"},
		},
	})
}

func flaps(t *testing.T, cases map[string]flapCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := facts(t, abandoned("old"), holds(gone, checktest.Compute))
			f.Flapping = []check.Finding{tc.flapping}
			steps := heal.Steps(f)
			if first := steps[0]; first.State != heal.ByHand || first.Finding != tc.flapping.Fingerprint || len(first.Changes) > 0 ||
				first.Command != "openstack resource provider show "+tc.flapping.Subject.UUID {
				t.Errorf("the first step: %+v", first)
			}
			for _, s := range steps[1:] {
				if s.State != tc.states[s.Finding] {
					t.Errorf("%s is %s: %s", s.Finding, s.State, s.Reason)
				}
				if s.State == heal.Skipped && !slices.ContainsFunc(tc.reasons, func(r string) bool { return strings.Contains(s.Reason, r) }) {
					t.Errorf("%s: %s", s.Finding, s.Reason)
				}
			}
		})
	}
}

// A step that needs a skipped one is skipped too, and says which.
func TestFlappingFirstOfTwo(t *testing.T) {
	f := facts(t, abandoned("old"), holds(gone, stale))
	f.Flapping = []check.Finding{{ID: heal.Flapping, Fingerprint: "PLC210:provider:" + stale, Subject: check.Subject{Type: check.OfProvider, UUID: stale}}}
	for _, s := range heal.Steps(f)[1:] {
		if s.State != heal.Skipped {
			t.Errorf("%s is %s", s.Finding, s.State)
		}
	}
	f = facts(t, abandoned("old"), holds(gone, stale), holds(gone, checktest.Compute))
	f.Flapping = []check.Finding{{ID: heal.Flapping, Fingerprint: "PLC210:provider:" + checktest.Compute, Subject: check.Subject{Type: check.OfProvider, UUID: checktest.Compute}}}
	steps := heal.Steps(f)
	last := steps[len(steps)-1]
	if last.Finding != "PLC201:provider:"+stale || last.State != heal.Skipped || last.Reason != "step 2, which it needs, is skipped" {
		t.Errorf("%s is %s: %s", last.Finding, last.State, last.Reason)
	}
}
