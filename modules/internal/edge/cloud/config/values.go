// SPDX-License-Identifier: Apache-2.0

package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Values is one part of a configuration: its leaves are strings as they were written, its branches trees and []any.
// Scalars stay text, because a project id of digits decoded into an any becomes 1.2345e+31, and 0123 becomes 83.
type Values map[string]any

// ParseValues reads YAML, and JSON as a part of it.
func ParseValues(text []byte) (Values, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if doc.Kind == 0 {
		return Values{}, nil
	}
	value, err := (&nodes{left: maxNodes}).value(doc.Content[0])
	if err != nil {
		return nil, err
	}
	t, ok := value.(Values)
	if !ok {
		return nil, fmt.Errorf("line %d: not a mapping", doc.Content[0].Line)
	}
	return t, nil
}

// maxNodes stops aliases that contain themselves, or that multiply. A clouds.yaml of 100 clouds has about 3,000.
const maxNodes = 100_000

// nodes turns parsed YAML into trees.
type nodes struct{ left int }

func (r *nodes) value(n *yaml.Node) (any, error) {
	if r.left--; r.left < 0 {
		return nil, fmt.Errorf("line %d: aliases make more than %d values", n.Line, maxNodes)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return r.value(n.Alias)
	case yaml.MappingNode:
		return r.mapping(n)
	case yaml.SequenceNode:
		return r.sequence(n)
	default: // a scalar: a parsed document has no other kind in it
	}
	if n.Tag == "!!null" {
		return nil, nil //nolint:nilnil // null is a value
	}
	return n.Value, nil
}

func (r *nodes) sequence(n *yaml.Node) (any, error) {
	list := make([]any, 0, len(n.Content))
	for _, c := range n.Content {
		v, err := r.value(c)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (r *nodes) mapping(n *yaml.Node) (any, error) {
	t, base := Values{}, Values{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		value, err := r.value(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		if key := n.Content[i]; key.Tag == "!!merge" {
			base = mergeKey(base, value)
		} else if value != nil {
			t[key.Value] = value
		}
	}
	for k, v := range base {
		if _, own := t[k]; !own {
			t[k] = v
		}
	}
	return t, nil
}

// mergeKey adds what a "<<" brings; of a list of mappings the first wins.
func mergeKey(base Values, value any) Values {
	switch v := value.(type) {
	case Values:
		v = maps.Clone(v)
		maps.Copy(v, base)
		return v
	case []any:
		for _, each := range v {
			base = mergeKey(base, each)
		}
	}
	return base
}

// fromAny reads what Ansible sent, by way of encoding/json.
func fromAny(value any) any {
	switch v := value.(type) {
	case nil:
		return nil
	case map[string]any:
		t := Values{}
		for k, each := range v {
			if each = fromAny(each); each != nil {
				t[k] = each
			}
		}
		return t
	case []any:
		list := make([]any, 0, len(v))
		for _, each := range v {
			list = append(list, fromAny(each))
		}
		return list
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// Underscored spells the keys with underscores, as openstacksdk does for all but the names of clouds.
func (t Values) Underscored() Values {
	u := Values{}
	for k, v := range t {
		u[strings.ReplaceAll(k, "-", "_")] = underscoredValue(v)
	}
	return u
}

func underscoredValue(value any) any {
	switch v := value.(type) {
	case Values:
		return v.Underscored()
	case []any:
		list := make([]any, len(v))
		for i, each := range v {
			list[i] = underscoredValue(each)
		}
		return list
	}
	return value
}

// overlay puts the given values over t, the members of auth one by one. Empty strings are nothing.
func (t Values) overlay(over Values) {
	for k, v := range over {
		if v == "" {
			continue
		}
		sub, isTree := v.(Values)
		if !isTree {
			t[k] = v
			continue
		}
		into, ok := t[k].(Values)
		if !ok {
			into = Values{}
		}
		into = maps.Clone(into)
		into.overlay(sub)
		t[k] = into
	}
}

func (t Values) text(key string) string {
	s, _ := t[key].(string)
	return s
}

func (t Values) branch(key string) Values {
	b, _ := t[key].(Values)
	return b
}

// set stores a value unless it is empty.
func (t Values) set(key, value string) {
	if value != "" {
		t[key] = value
	}
}

func (t Values) names() []string { return slices.Sorted(maps.Keys(t)) }
