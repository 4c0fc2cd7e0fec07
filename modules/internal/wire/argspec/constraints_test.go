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
