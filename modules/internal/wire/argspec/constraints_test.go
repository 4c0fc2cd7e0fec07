// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSchema(t *testing.T) {
	schema, err := Schema(&Golden{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"not": {
        "required": [
          "one",
          "two"
        ]`, `"dependentRequired"`, `"const": "absent"`, `"x-ansible-aliases": "title"`, `"additionalProperties": false`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestSentences(t *testing.T) {
	got := strings.Join(Sentences(&Golden{}), "\n")
	want := `The options C(one) and C(two) are mutually exclusive.
The options C(three) and C(four) are required together.
If C(state) is C(absent), C(ratio) and C(kinds) are required.
If C(amount) is C(7), C(ratio) or C(kinds) is required.
The option C(five) requires C(one) and C(ratio).`
	if got != want {
		t.Error(got)
	}
}

type misspelt struct {
	Tree  bool   `json:"tree" jsonschema:"default=false" jsonschema_description:"Tree."`
	State string `json:"state,omitempty" jsonschema:"enum=present,enum=absent" jsonschema_description:"State."`
}

func (misspelt) Constraints() Constraints {
	return Constraints{
		MutuallyExclusive: [][]string{{"tree", "exclusiv"}}, RequiredTogether: [][]string{{"state", "togeter"}}, RequiredOneOf: [][]string{{"tree", "oneof"}},
		RequiredIf: []RequiredIf{{Option: "tre", Value: true, Options: []string{"state"}}, {Option: "state", Value: "gone", Options: []string{"neded"}}},
		RequiredBy: map[string][]string{"bye": {"byy"}},
	}
}

// A rule about an option that there is not, or a value that it can't have, would never be heard.
func TestMisspeltConstraints(t *testing.T) {
	_, err := Table(&misspelt{})
	for _, want := range []string{"exclusiv,", "togeter,", "oneof,", "tre,", "neded,", "bye,", "byy,", "state=gone,"} {
		if err == nil || !strings.Contains(err.Error(), "constraints name "+want) {
			t.Errorf("%s is not told: %v", want, err)
		}
	}
	if _, err := Schema(&Golden{}); err != nil {
		t.Error(err)
	}
}
