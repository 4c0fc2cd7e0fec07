// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// options documents the options of a module or a role, or those of another option. Names are what follows the owner's and a dot.
func (h history) options(owner string, table []*argspec.Option) (*yaml.Node, error) {
	all := newMapping()
	for _, o := range table {
		node, err := h.option(owner+"."+o.Name, o)
		if err != nil {
			return nil, fmt.Errorf("option %s: %w", o.Name, err)
		}
		all.set(o.Name, node)
	}
	return &all.node, nil
}

func (h history) option(path string, o *argspec.Option) (*yaml.Node, error) {
	one := newMapping()
	one.set("description", prose(append(o.Description, valuesOf(o)...)))
	err := several.Join(
		one.put("type", o.Type),
		one.put("elements", o.Elements),
		one.put("required", o.Required),
		one.put("choices", o.Choices),
		one.put("aliases", o.Aliases),
		one.put("version_added", h.since(path)))
	if o.Default != nil {
		value, bad := o.DefaultValue()
		err = several.Join(err, bad, one.force("default", value))
	}
	inner, bad := h.options(path, o.Options)
	one.set("suboptions", inner)
	return &one.node, several.Join(err, bad)
}

// valuesOf tells in words what Ansible's documentation has no key for: a dict with free keys and fixed values.
func valuesOf(o *argspec.Option) []string {
	if o.Type != argspec.Dict || o.Values == nil {
		return nil
	}
	if o.Values.Options == nil {
		return []string{fmt.Sprintf("Each value is of type %s.", o.Values.Type)}
	}
	lines := []string{"Each value is a dictionary with the keys that follow."}
	for _, inner := range o.Values.Options {
		facts := inner.Type
		if inner.Required {
			facts += ", required"
		}
		if inner.Default != nil {
			facts += fmt.Sprintf(", default %v", text(inner.Default))
		}
		lines = append(lines, fmt.Sprintf("C(%s) (%s). %s", inner.Name, facts, strings.Join(inner.Description, " ")))
	}
	return lines
}

func text(v any) string {
	if out, err := json.Marshal(v); err == nil {
		return strings.Trim(string(out), `"`)
	}
	return fmt.Sprint(v)
}
