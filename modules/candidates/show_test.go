// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// nowhere lands in none of two trees, one of which has a provider below its root that lacks a trait.
func nowhere() *Result {
	full := func(uuid, name string) candidates.Reason {
		return candidates.Reason{Kind: candidates.KindFull, Provider: uuid, Name: name, Class: "VCPU", Text: name + " lacks 2 VCPU", Help: "Free 2 VCPU on " + name}
	}
	child := candidates.Reason{Kind: candidates.KindTrait, Provider: "u3", Name: "cn1 nic", Traits: []string{"CUSTOM_A", "CUSTOM_B"}, Text: "cn1 nic has none of the traits CUSTOM_A, CUSTOM_B"}
	r := &Result{
		title: "the request", unit: unitTree, Trees: 2,
		Funnel: []candidates.Stage{{Stage: "enabled", Text: "enabled", Left: 2}, {Stage: "class VCPU", Text: "with 2 VCPU at once"}, {Stage: "together", Text: "with everything at once"}},
		Rejected: []Rejected{
			{UUID: "u1", Name: "cn1", Reasons: []candidates.Reason{full("u1", "cn1"), child, full("u1", "cn1")}},
			{UUID: "u2", Name: "cn2", Reasons: []candidates.Reason{full("u2", "cn2")}},
		},
	}
	r.Nearest = r.Rejected
	r.Msg = r.message()
	return r
}

// Each thing is said once: the reasons below the name of their tree, and not in the headline too.
func TestShowSaysOnce(t *testing.T) {
	r := nowhere()
	want := []string{
		"The request lands in none of 2 trees", "",
		"  LEFT  STAGE", "     2  trees of resource providers", "     2  enabled", "     0  with 2 VCPU at once", "",
		"Nearest", "  cn1", "    lacks 2 VCPU", "      Free 2 VCPU on cn1", "    cn1 nic has none of the traits CUSTOM_A, CUSTOM_B",
		"  cn2", "    lacks 2 VCPU", "      Free 2 VCPU on cn2", "",
		"Why not", "  TREES  REASON                               WHERE",
		"      2  not enough VCPU left                 cn1, cn2", "      1  trait missing: CUSTOM_A or CUSTOM_B  cn1",
	}
	if got := r.Show(screen.View{Width: 100}); !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	const msg = "the request lands in none of 2 trees: 0 with 2 VCPU at once. The nearest: cn1 lacks 2 VCPU; cn1 nic has none of the traits CUSTOM_A, CUSTOM_B"
	if r.Msg != msg {
		t.Error(r.Msg)
	}
}

// The last stage is shown if something is left before it, and the headline keeps what is not said below.
func TestShowOfWhatIsLeft(t *testing.T) {
	r := nowhere()
	r.Funnel[1].Left, r.Nearest, r.Contradictions = 1, nil, []string{"cn3 differs"}
	r.Fits = []Fit{{Name: "cn3", Refused: "its nova-compute is down"}}
	text := strings.Join(r.Show(screen.View{Width: 400}), "\n")
	for _, want := range []string{
		"The request lands in none of 2 trees. Placement has room in 1, which Nova does not use. For 1 it is unknown, because ",
		"\n     0  with everything at once\n", "cn3: Nova does not use it, because its nova-compute is down",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if !strings.Contains(r.message(), "which Nova does not use; cn3: its nova-compute is down. For 1 ") {
		t.Error(r.message())
	}
}

// Each kind of reason has words of its own, and none is shown as it is in the result.
func TestKindsHaveWords(t *testing.T) {
	text, err := os.ReadFile("../internal/core/candidates/reason.go")
	if err != nil {
		t.Fatal(err)
	}
	words := kinds()
	found := regexp.MustCompile(`(?m)^\tKind\w+ += "([a-z-]+)"`).FindAllStringSubmatch(string(text), -1)
	for _, kind := range found {
		said := inWords(words, candidates.Reason{Kind: kind[1], Class: "VCPU"})
		if words[kind[1]] == "" || strings.HasPrefix(said, kind[1]) || strings.Contains(said, "CLASS") {
			t.Errorf("%s: %q", kind[1], said)
		}
	}
	if len(found) != len(words) || len(found) < 18 {
		t.Errorf("%d kinds, %d with words", len(found), len(words))
	}
	for kind, want := range map[string]string{
		candidates.KindMaxUnit: "more VCPU than max_unit", candidates.KindTogether: "each part fits, but not all at once: VCPU",
		candidates.KindDisabled: "has the trait COMPUTE_STATUS_DISABLED", "unheard-of": "unheard-of: VCPU",
	} {
		if got := inWords(words, candidates.Reason{Kind: kind, Class: "VCPU"}); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
}
