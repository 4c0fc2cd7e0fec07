// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestSchema(t *testing.T) {
	m := Define("placement_g", []byte(testDoc), runGolden)
	text, err := m.SchemaJSON()
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
	got := strings.Join(Define("g", nil, runGolden).Sentences(), "\n")
	want := `The options C(one) and C(two) are mutually exclusive.
The options C(three) and C(four) are required together.
If C(state) is C(absent), C(ratio) and C(kinds) are required.
If C(amount) is C(7), C(ratio) or C(kinds) is required.
The option C(five) requires C(one) and C(ratio).`
	if got != want {
		t.Error(got)
	}
}

func TestCheckResult(t *testing.T) {
	type bad struct {
		Said    string   `json:"said"`
		Results []string `json:"results"`
		Skipped bool     `json:"skipped"`
		More    int
	}
	type good struct {
		Changed bool   `json:"changed"`
		Said    string `json:"said"`
	}
	if err := returning[*good]().CheckResult(); err != nil {
		t.Error(err)
	}
	err := returning[bad]().CheckResult()
	for _, want := range []string{"results belongs", "skipped belongs", "More is not documented"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if returning[any]().CheckResult() == nil || returning[map[string]any]().CheckResult() == nil {
		t.Error("a result without known keys is taken")
	}
}

// returning is a module that returns an R.
func returning[R any]() *Module {
	return Define("g", []byte(testDoc), func(context.Context, *Call, *struct{}) (r R, err error) { return r, nil })
}

func TestDocsThatLackSomething(t *testing.T) {
	for _, text := range []string{"", "[]", "short_description: x", testDoc + "\nexample: x", strings.Replace(testDoc, "author:", "authors:", 1)} {
		if _, err := Define("g", []byte(text), runGolden).Doc(); err == nil {
			t.Errorf("nothing wrong with %q", text)
		}
	}
	_, err := Define("g", []byte("short_description: x"), runGolden).Doc()
	for _, part := range []string{"description", "version_added", "author", "examples", "returns"} {
		if err == nil || !strings.Contains(err.Error(), "no "+part) {
			t.Errorf("%s is missing, and not all is told: %v", part, err)
		}
	}
}
