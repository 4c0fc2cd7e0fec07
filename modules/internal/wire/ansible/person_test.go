// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestPersons(t *testing.T) {
	for _, test := range []struct {
		argv           string
		code           int
		stdout, stderr string
	}{
		{"--help", 0, "  try                    Does what tests want", ""},
		{"-h", 0, "Modules:", ""},
		{"help", 0, "Modules:", ""},
		{"try --help", 0, "- key (str; alias api_key)\n    A secret.", ""},
		{"placement_try --help", 0, "- sizes (dict of dict)\n    Sizes.\n\n    = total (int)", ""},
		{"--help try", 0, "openstack_ops.placement.placement_try - Does what", ""},
		{"try --schema", 0, `"$schema": "https://json-schema.org/draft/2020-12/schema"`, ""},
		{"--version", 0, "placement " + Version + "\n", ""},
		{"", 2, "", "the arguments of a module are expected on stdin or in a file"},
		{"try", 2, "", "the arguments of a module are expected"},
		{"nothing", 2, "", "there is no module nothing"},
		{"nothing --help", 2, "", "there is no module nothing"},
		{"--schema", 2, "", "--schema needs a module"},
		{"--frob", 2, "", "unknown flag --frob"},
		{"try a b", 2, "", "too many words: b"},
	} {
		code, stdout, stderr := wire{argv: strings.Fields(test.argv), noPipe: true}.run(t)
		if code != test.code || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) ||
			(stdout == "") == (test.stdout != "") || (stderr == "") == (test.stderr != "") {
			t.Errorf("%s: %d\n%s\n%s", test.argv, code, stdout, stderr)
		}
	}
}

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
