// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

const doc = `
short_description: "Does: what tests want"
description:
  - "A colon: here, and a # there; O(text) and V(yes) are markup of later versions, and this sentence is long enough to be wrapped."
version_added: 0.1.0
author:
  - Tests (@tests)
notes:
  - "yes"
check_mode: Does nothing.
examples: |
  - name: Try
    openstack_ops.placement.placement_try:
      text: '''it''s'''
returns:
  said:
    description: A description that is much longer than one hundred characters, so that it has to be broken into several lines.
    type: str
    returned: success
    sample: |-
      two
      lines that are kept apart from each other
  long:
    description: Long.
    type: str
    returned: success
    sample: >-
      A sample in one line that is much longer than the 160 characters that the sanity tests allow a line of Python
      to have, so that it has to be broken as well.
  wide:
    description: Wide.
    type: str
    returned: success
    sample: "Two  spaces stay two, so a text that has them is left as it is, however much longer than a line of prose it may be."
  next:
    description: [One., Two.]
    type: list
    returned: always
`

type tried struct {
	Text   string           `json:"text" jsonschema:"required,enum=yes,enum=no" jsonschema_description:"Text.\n\nSecond: paragraph." jsonschema_extras:"x-ansible-aliases=t"`
	Secret string           `json:"secret" jsonschema_description:"Secret." jsonschema_extras:"x-ansible-no_log=true"`
	Count  int              `json:"count" jsonschema:"default=0" jsonschema_description:"Count."`
	Ratio  float64          `json:"ratio" jsonschema:"default=0.9" jsonschema_description:"Ratio."`
	Flag   bool             `json:"flag" jsonschema:"default=false" jsonschema_description:"Flag."`
	List   []int            `json:"list" jsonschema:"default=1,default=2" jsonschema_description:"List."`
	Choice []int            `json:"choice" jsonschema:"enum=1,enum=2" jsonschema_description:"Choice."`
	Inner  inner            `json:"inner" jsonschema_description:"Inner."`
	Each   []inner          `json:"each" jsonschema_description:"Each."`
	ByKey  map[string]inner `json:"by_key" jsonschema_description:"By key."`
	Any    any              `json:"any" jsonschema_description:"Any."`
}

type inner struct {
	Path string `json:"path" jsonschema:"required" jsonschema_description:"Path." jsonschema_extras:"x-ansible-type=path"`
	Unit int    `json:"unit" jsonschema:"default=1" jsonschema_description:"Unit."`
}

func (tried) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: [][]string{{"list", "any"}}}
}

func module(doc string) *ansible.Module {
	return ansible.Define("placement_try", []byte(doc), func(context.Context, *ansible.Call, *tried) (any, error) { return nil, nil })
}

// part reads one variable of the stub as YAML.
func part(t *testing.T, stub, name string) map[string]any {
	t.Helper()
	match := regexp.MustCompile(`(?s)\n` + name + ` = r('''|""")\n(.*?)\n('''|""")\n`).FindStringSubmatch(stub)
	if match == nil {
		t.Fatalf("no %s in %s", name, stub)
	}
	var got map[string]any
	if err := yaml.Unmarshal([]byte(match[2]), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestStub(t *testing.T) {
	text, err := stub(module(doc))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if len(line) > 160 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
	inner := map[string]any{
		"path": map[string]any{"description": []any{"Path."}, "type": "path", "required": true},
		"unit": map[string]any{"description": []any{"Unit."}, "type": "int", "default": 1},
	}
	want := map[string]any{
		"module": "placement_try", "short_description": "Does: what tests want", "version_added": "0.1.0", "author": []any{"Tests (@tests)"},
		"description": []any{"A colon: here, and a # there; C(text) and C(yes) are markup of later versions, and this sentence is long enough to be wrapped."},
		"notes":       []any{"yes", "The options C(list) and C(any) are mutually exclusive."},
		"options": map[string]any{
			"text": map[string]any{
				"description": []any{"Text.", "Second: paragraph."}, "type": "str", "required": true,
				"choices": []any{"yes", "no"}, "aliases": []any{"t"},
			},
			"secret": map[string]any{"description": []any{"Secret."}, "type": "str"},
			"count":  map[string]any{"description": []any{"Count."}, "type": "int", "default": 0},
			"ratio":  map[string]any{"description": []any{"Ratio."}, "type": "float", "default": 0.9},
			"flag":   map[string]any{"description": []any{"Flag."}, "type": "bool", "default": false},
			"list":   map[string]any{"description": []any{"List."}, "type": "list", "elements": "int", "default": []any{1, 2}},
			"choice": map[string]any{"description": []any{"Choice."}, "type": "list", "elements": "int", "choices": []any{1, 2}},
			"inner":  map[string]any{"description": []any{"Inner."}, "type": "dict", "suboptions": inner},
			"each":   map[string]any{"description": []any{"Each."}, "type": "list", "elements": "dict", "suboptions": inner},
			"by_key": map[string]any{"description": []any{
				"By key.", "Each value is a dictionary with the keys that follow.",
				"C(path) (path, required). Path.", "C(unit) (int, default 1). Unit.",
			}, "type": "dict"},
			"any": map[string]any{"description": []any{"Any."}, "type": "raw"},
		},
	}
	documented := part(t, string(text), "DOCUMENTATION")
	delete(documented, "attributes") // TestAttributes
	if diff := cmp.Diff(want, documented); diff != "" {
		t.Error(diff)
	}
	said, _ := part(t, string(text), "RETURN")["said"].(map[string]any)
	if said["sample"] != "two\nlines that are kept apart from each other" || strings.Contains(fmt.Sprint(said["description"]), "\n") {
		t.Error(said)
	}
	for name, want := range map[string]string{"long": "allow a line of Python to have,", "wide": "Two  spaces stay two,"} {
		returned, _ := part(t, string(text), "RETURN")[name].(map[string]any)
		if !strings.Contains(fmt.Sprint(returned["sample"]), want) {
			t.Error(returned)
		}
	}
	if !strings.Contains(string(text), "EXAMPLES = r\"\"\"\n---\n- name: Try\n") {
		t.Error(string(text))
	}
}

func TestStubThatCanNotBe(t *testing.T) {
	for _, bad := range []string{
		"", strings.Replace(doc, "it''s'''", "it''s'''\"\"\"", 1), strings.Replace(doc, "returns:", "return:", 1),
		strings.Replace(doc, "check_mode: Does nothing.\n", "", 1),
	} {
		if _, err := stub(module(bad)); err == nil {
			t.Errorf("a stub was made of %.60q", bad)
		}
	}
}

func TestRuntime(t *testing.T) {
	text, err := runtime([]*ansible.Module{module(doc)})
	if err != nil {
		t.Fatal(err)
	}
	want := `# SPDX-License-Identifier: Apache-2.0
# Code generated by cmd/gendocs. DO NOT EDIT.
---
requires_ansible: '>=2.14.12,!=2.15.0,!=2.15.1,!=2.15.2,!=2.15.3,!=2.15.4,!=2.15.5,!=2.15.6,!=2.15.7,!=2.16.0'
action_groups:
  placement: []
plugin_routing:
  modules:
    placement_try:
      action_plugin: openstack_ops.placement.placement_try
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
}

func TestAction(t *testing.T) {
	written, err := action(module(doc))
	if err != nil {
		t.Fatal(err)
	}
	text := string(written)
	for _, want := range []string{
		"# GNU General Public License v3.0+", "# Code generated by cmd/gendocs. DO NOT EDIT.\n\"\"\"Run placement_try.\"\"\"\n",
		"from ansible_collections.openstack_ops.placement.plugins.plugin_utils.action import Transport\n",
		"class ActionModule(Transport):\n", "    MODULE = 'placement_try'\n    RESULT = (",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestWriteAndCheck(t *testing.T) {
	root := t.TempDir()
	content := "new"
	set := Set{Folders: []string{"a"}, Outputs: []Output{{Path: "a/b.txt", Content: func() ([]byte, error) { return []byte(content), nil }}}}
	if Check(root, set) == nil {
		t.Error("a file that is missing is current")
	}
	if err := errors.Join(Write(root, set), Check(root, set)); err != nil {
		t.Error(err)
	}
	set.Outputs = append(set.Outputs, link("a/c", "b.txt"))
	if Check(root, set) == nil {
		t.Error("a link that is missing is current")
	}
	if err := errors.Join(Write(root, set), Check(root, set), os.Remove(root+"/a/c"), os.WriteFile(root+"/a/c", nil, 0o600)); err != nil {
		t.Error(err)
	}
	if Check(root, set) == nil || errors.Join(Write(root, set), Check(root, set)) != nil {
		t.Error("a file in the place of a link is current, or stays")
	}
	content = "newer"
	if Check(root, set) == nil {
		t.Error("an old file is current")
	}
	stray := filepath.Join(root, "a", "stray.txt")
	if err := os.WriteFile(stray, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(root, set); err == nil || !strings.Contains(err.Error(), "a/stray.txt is not generated any more") {
		t.Errorf("a stray file: %v", err)
	}
	if err := Check(root, set); err == nil || strings.Contains(err.Error(), "b.txt") {
		t.Errorf("a stray file: %v", err)
	}
	set.Outputs[0].Content = func() ([]byte, error) { return nil, errors.New("no") }
	if Write(root, set) == nil || Check(root, set) == nil {
		t.Error("an error was swallowed")
	}
}

func TestYAMLReadsBack(t *testing.T) {
	for _, text := range []string{
		"yes", "no", "y", "1.0", "null", "~", "- a", "a: b", "# a", "'", "\"", "{a}", "%", "@", "`", "=", "<<", "12:30:45", "0o7", "1_000", "é", "",
		strings.Repeat("word: # ' \" ", 20), strings.Repeat("- ", 120), strings.Repeat("x", 300),
	} {
		list := prose([]string{text})
		out, err := encode(list)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var got []string
		if err := yaml.Unmarshal(out, &got); err != nil || got[0] != strings.Join(strings.Fields(text), " ") {
			t.Errorf("%q: %v %q", text, err, got)
		}
	}
}
