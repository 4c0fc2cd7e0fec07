// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
