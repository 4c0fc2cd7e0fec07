// SPDX-License-Identifier: Apache-2.0

package pasted_test

import (
	"reflect"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
)

// A task reads back as what it was made of, whatever the texts are.
func TestTaskIsRead(t *testing.T) {
	args := map[string]any{
		"checks": []any{"PLC105", "no", "1"}, "empty": map[string]any{}, "none": []any{}, "odd key: x": "a\n- b",
		"findings": []any{map[string]any{"fingerprint": "PLC105:server:x", "n": 1.0}}, "plain": true,
	}
	text := pasted.Task(pasted.Collection+"placement_heal", args)
	var tasks []map[string]any
	if err := yaml.Unmarshal([]byte(text), &tasks); err != nil || len(tasks) != 1 {
		t.Fatalf("%v\n%s", err, text)
	}
	if got := tasks[0][pasted.Collection+"placement_heal"]; !reflect.DeepEqual(normal(got), normal(args)) {
		t.Errorf("%v\nwant\n%v\nof\n%s", got, args, text)
	}
	if want := "- name: Run placement_heal\n  x.placement_heal: {}\n"; pasted.Task("x.placement_heal", nil) != want {
		t.Errorf("%q", pasted.Task("x.placement_heal", nil))
	}
}

// What Ansible would take for a template is marked as data.
func TestTaskHasNoTemplate(t *testing.T) {
	want := "- name: Run m\n  m:\n    a: !unsafe \"{{ x }}\"\n"
	if got := pasted.Task("m", map[string]any{"a": "{{ x }}"}); got != want {
		t.Errorf("%q", got)
	}
}

// normal turns whole numbers of YAML into those of JSON.
func normal(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = normal(v[key])
		}
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case int:
		return float64(v)
	}
	return value
}
