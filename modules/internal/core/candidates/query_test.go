// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
)

// upTo speaks the microversions up to 1.minor.
func upTo(minor int) func(string) bool {
	return func(microversion string) bool {
		n, err := strconv.Atoi(strings.TrimPrefix(microversion, "1."))
		return err == nil && n <= minor
	}
}

// Single traits are in one word, which each Placement hears as a whole. That a root is not disabled is asked of none that is too old.
func TestQueryFor(t *testing.T) {
	used := candidates.Request{RootForbidden: []string{candidates.Disabled}}
	plain := used
	plain.Groups = []candidates.Group{{Required: [][]string{{"A"}, {"B"}}, Forbidden: []string{"C"}}, {Suffix: "1", Required: [][]string{{"D"}, {"E"}}}}
	choosy := candidates.Request{Groups: []candidates.Group{{Required: [][]string{{"A", "B"}, {"C"}, {"D", "E"}}, Forbidden: []string{"F"}}}}
	rooted := candidates.Request{RootRequired: []string{"A"}, RootForbidden: []string{candidates.Disabled}}
	for _, c := range []struct {
		request candidates.Request
		minor   int
		want    string
	}{
		{plain, 39, "required=A,B,!C&required1=D,E&root_required=!COMPUTE_STATUS_DISABLED"},
		{plain, 36, "required=A,B,!C&required1=D,E&root_required=!COMPUTE_STATUS_DISABLED"},
		{plain, 34, "required=A,B,!C&required1=D,E"},
		{choosy, 39, "required=C,!F&required=in:A,B&required=in:D,E"},
		{rooted, 35, "root_required=A,!COMPUTE_STATUS_DISABLED"},
		{used, 30, ""},
	} {
		got, err := url.QueryUnescape(c.request.QueryFor(upTo(c.minor)).Encode())
		if err != nil || got != c.want {
			t.Errorf("1.%d: %s, want %s", c.minor, got, c.want)
		}
	}
}

// Each part of a request that Rocky does not take names the microversion that does; what Nova asks of each flavor is none.
func TestNeeds(t *testing.T) {
	group := func(g candidates.Group) candidates.Request { return candidates.Request{Groups: []candidates.Group{g}} }
	for name, c := range map[string]struct {
		request candidates.Request
		want    []string
	}{
		"a flavor":            {candidates.Request{RootForbidden: []string{candidates.Disabled}}, nil},
		"single traits":       {group(candidates.Group{Suffix: "1", Required: [][]string{{"A"}, {"B"}}, MemberOf: [][]string{{"a", "b"}}}), nil},
		"one tree":            {group(candidates.Group{InTree: "a"}), []string{"1.31"}},
		"not in an aggregate": {group(candidates.Group{NotMemberOf: []string{"a"}}), []string{"1.32"}},
		"a name":              {group(candidates.Group{Suffix: "_GPU1"}), []string{"1.33"}},
		"a root with":         {candidates.Request{RootRequired: []string{"A"}}, []string{"1.35"}},
		"a root without":      {candidates.Request{RootForbidden: []string{candidates.Disabled, "A"}}, []string{"1.35"}},
		"one subtree":         {candidates.Request{SameSubtree: [][]string{{"1", "2"}}}, []string{"1.36"}},
		"one of traits":       {group(candidates.Group{Required: [][]string{{"A", "B"}}}), []string{"1.39"}},
		"several, oldest first": {
			candidates.Request{RootRequired: []string{"A"}, Groups: []candidates.Group{{InTree: "a", Required: [][]string{{"A", "B"}}}}}, []string{"1.31", "1.35", "1.39"},
		},
	} {
		var got []string
		for _, need := range c.request.Needs() {
			got = append(got, need.Microversion)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
