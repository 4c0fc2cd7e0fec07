// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

type withCommas struct {
	Plain []string     `json:"plain" jsonschema_description:"Plain."`
	Any   []string     `json:"any" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"Any."`
	Whole []string     `json:"whole" jsonschema_extras:"x-ansible-commas=one-entry" jsonschema_description:"Whole."`
	Inner []innerComma `json:"inner" jsonschema_description:"Inner."`
}

type innerComma struct {
	Any []string `json:"any" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"Any."`
}

// A text is taken apart at the commas that are between entries, and at no other.
func TestCommas(t *testing.T) {
	const in = "in:A,B"
	for text, want := range map[string]withCommas{
		"A,B":        {Plain: []string{"A", "B"}, Any: []string{"A", "B"}, Whole: []string{"A,B"}},
		in:           {Plain: []string{"in:A", "B"}, Any: []string{in}, Whole: []string{in}},
		"!" + in:     {Plain: []string{"!in:A", "B"}, Any: []string{"!" + in}, Whole: []string{"!" + in}},
		"C, in:A,B":  {Plain: []string{"C", " in:A", "B"}, Any: []string{"C, in:A,B"}, Whole: []string{"C, in:A,B"}},
		"admin:A,B":  {Plain: []string{"admin:A", "B"}, Any: []string{"admin:A", "B"}, Whole: []string{"admin:A,B"}},
		"INSIDE,win": {Plain: []string{"INSIDE", "win"}, Any: []string{"INSIDE", "win"}, Whole: []string{"INSIDE,win"}},
	} {
		want.Inner = []innerComma{{want.Any}}
		var got withCommas
		args := map[string]any{"plain": text, "any": text, "whole": text, "inner": []any{map[string]any{"any": text}}}
		read, err := Read("m", &got, args, &mask.Secrets{})
		if err != nil || read.Err() != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: %v %v %s", text, err, read.Err(), cmp.Diff(want, got))
		}
	}
}

// A list stays as it is, whatever commas its entries have.
func TestCommasOfAList(t *testing.T) {
	var got withCommas
	list := []any{"A,B", "in:A,B"}
	if _, err := Read("m", &got, map[string]any{"plain": list, "any": list, "whole": list}, &mask.Secrets{}); err != nil {
		t.Fatal(err)
	}
	same := []string{"A,B", "in:A,B"}
	if want := (withCommas{Plain: same, Any: same, Whole: same}); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}
