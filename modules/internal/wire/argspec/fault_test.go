// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"errors"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

func TestFaultsAreTakenApart(t *testing.T) {
	one, two, three := errors.New("one"), errors.New("two"), errors.New("three")
	all := several.Join(several.Join(one, several.Join(two)), three, nil)
	var f faults
	f.merge(all)
	f.merge(nil)
	if got, want := f.err().Error(), "3 faults in the options: (1) one; (2) two; (3) three"; got != want {
		t.Error(got)
	}
	if (&faults{}).err() != nil {
		t.Error("no faults are not nil")
	}
}

// Where options have other names, a fault names them so, and has none of the words that only Ansible uses.
func TestPlain(t *testing.T) {
	var options struct {
		Number int      `json:"a_number,omitempty" jsonschema:"minimum=1" jsonschema_description:"."`
		Word   string   `json:"word" jsonschema:"enum=one,enum=two" jsonschema_description:"."`
		Each   []int    `json:"each" jsonschema_description:"."`
		Must   string   `json:"must" jsonschema:"required" jsonschema_description:"."`
		Inner  []inside `json:"inner" jsonschema_description:"."`
	}
	a, err := Read("m", &options, map[string]any{
		"a_number": 0, "word": "three", "each": []any{"x"}, "inner": []any{map[string]any{"sie": 1}},
	}, &mask.Secrets{})
	if err != nil {
		t.Fatal(err)
	}
	a.Judge(func() error {
		return several.Join(&Error{Option: "place[0] -> name", Value: "x", Reason: "must be there"}, errors.New("of another kind"))
	})
	dashed := func(option string) string { return "--" + option }
	got := Plain(a.Err(), dashed)
	want := []string{
		"--a_number must be 1 or more, got: 0", "--word must be one of: one, two, got: three",
		"--each must be a list, and each value an integer, got: x",
		"--inner[0].size and --inner[0].unit are required", "unknown: --inner[0].sie; known are: size, unit",
		"--must is required", "--place[0].name must be there, got: x", "of another kind",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	late, other := &Error{Option: "file", Reason: "must be there"}, errors.New("not about an option")
	if got := Plain(several.Join(late, late), dashed); !slices.Equal(got, []string{"--file must be there", "--file must be there"}) {
		t.Errorf("%q", got)
	}
	if got := Plain(several.Join(late, other), dashed); got != nil {
		t.Errorf("%q", got)
	}
}

type inside struct {
	Size int `json:"size" jsonschema:"required" jsonschema_description:"."`
	Unit int `json:"unit" jsonschema:"required" jsonschema_description:"."`
}

func TestRulesPlain(t *testing.T) {
	c := Constraints{
		MutuallyExclusive: [][]string{{"a", "b"}}, RequiredTogether: [][]string{{"a", "c"}}, RequiredOneOf: [][]string{{"d", "e"}},
		RequiredIf: []RequiredIf{{Option: "i", Value: true, Options: []string{"f"}}, {Option: "a", Value: "1", Options: []string{"f", "g"}}, {Option: "a", Value: "1", Options: []string{"f", "g"}, Any: true}},
		RequiredBy: map[string][]string{"b": {"h"}},
	}
	values := map[string]any{"a": "1", "b": "2", "i": true}
	var got []string
	for _, f := range append(c.exclusive(func(name string) bool { return values[name] != nil }), c.required(values)...) {
		got = append(got, f.plain(func(option string) string { return "--" + option }))
	}
	want := []string{
		"--a and --b exclude each other", "--a and --c are required together", "one of these is required: --d, --e",
		"--i needs --f", "--a 1 needs --f and --g", "--a 1 needs --f or --g", "--b needs --h",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
