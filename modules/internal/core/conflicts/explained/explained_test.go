// SPDX-License-Identifier: Apache-2.0

package explained

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
)

const anUUID = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"

// Every entry has its texts, and a command only if the target can be written in one.
func TestExplain(t *testing.T) {
	for _, e := range catalogue.All() {
		for _, uuid := range []string{anUUID, "", "a\uFFFDb"} {
			c := Conflict{Conflict: e.Name, Status: e.Status, Target: Target{Type: e.About, UUID: uuid, Name: uuid}, Count: 1, Evidence: map[string]any{"rule": RulePermanent}}
			c.Explain(Known{Match: catalogue.Match{Entry: &e, Kind: e.Kind, By: catalogue.ByText}})
			if c.Meaning != e.Meaning || c.Remedy != e.Remedy || !strings.Contains(c.Message, "will not resolve by itself") {
				t.Errorf("%s: %+v", e.Name, c)
			}
			if c.Command != "" && uuid != anUUID {
				t.Errorf("%s: %s", e.Name, c.Command)
			}
		}
	}
}

// Of what no entry tells, the texts say which log to read, and the request is what the log has.
func TestExplainUnknown(t *testing.T) {
	for want, k := range map[string]Known{
		"Read placement-api.log of the hosts": {Unanswered: true},
		"No log has what Placement answered":  {Silent: true},
		"Read the log of the service":         {},
	} {
		c := Conflict{Conflict: Unexplained, Status: 409, Requests: []string{"req-1"}, Evidence: map[string]any{}}
		k.Request = "PUT /x"
		c.Explain(k)
		if !strings.HasPrefix(c.Remedy, want) || c.Request != "PUT /x" || k.Unanswered != (c.Command == "grep req-1 placement-api.log") {
			t.Errorf("%s: %+v", want, c)
		}
	}
}

// Where it is one of a few, the command that explains each is named.
func TestExplainOneOfAFew(t *testing.T) {
	c := Conflict{Conflict: Unexplained, Status: 409, Evidence: map[string]any{}}
	c.Explain(Known{Match: catalogue.Match{Among: []string{"duplicate-name", "rename-taken"}}})
	if !strings.HasSuffix(c.Meaning, " it is one of: duplicate-name, rename-taken.") || !strings.HasSuffix(c.Remedy, " placement explain NAME says what to do about each.") {
		t.Errorf("%s %s", c.Meaning, c.Remedy)
	}
}

func TestWorseFirst(t *testing.T) {
	all := []Conflict{{Verdict: Passed, Count: 9}, {Verdict: Undecided}, {Verdict: Storm, Act: true}, {Verdict: Lasting, Act: true}, {Verdict: Lasting, Act: true, Count: 2}}
	slices.SortFunc(all, WorseFirst)
	var got []string
	for _, c := range all {
		got = append(got, string(c.Verdict))
	}
	if want := "persistent persistent storm undecided transient"; strings.Join(got, " ") != want || all[0].Count != 2 {
		t.Error(got)
	}
}
