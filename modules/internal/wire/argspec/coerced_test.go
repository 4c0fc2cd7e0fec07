// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// deviation names why this package refuses what Ansible accepts; empty if it should not.
func deviation(a valueAnswer, input any) string {
	kind, accepted := a.Type, text(a.Value)
	if a.Elements != "" {
		kind = a.Elements
	}
	items := []any{input}
	if list, ok := input.([]any); ok && a.Type == List {
		items = list
	}
	for _, item := range items {
		switch item.(type) {
		case bool:
			if kind == Int || kind == Float {
				return "a boolean is not a number"
			}
		case []any, map[string]any:
			if kind == Str || kind == Path {
				return "a list or a dict is not a string"
			}
		case nil:
			if a.Elements != "" {
				return "null is not an element"
			}
		}
	}
	switch {
	case kind == Float && strings.Contains(accepted, "unwritable"):
		return "inf and nan are not numbers"
	case strings.Contains(a.Input, `"{'a'`) || strings.Contains(a.Input, `"{1, 2}"`):
		return "a dict as text is JSON, not a Python literal"
	case (kind == Int || a.Type == Int) && strings.Contains(a.Input, "9223372036854775808"):
		return "an integer has 64 bits"
	}
	return ""
}

func TestValuesAreCoercedAsByAnsible(t *testing.T) {
	refused := map[string]int{}
	for _, a := range oracle(t).Values {
		args, err := jsontext.ParseObject([]byte(`{"v":` + a.Input + `}`))
		if err != nil {
			if a.Input == "1E400" { // Python reads it as inf
				continue
			}
			t.Fatalf("%s: %v", a.Input, err)
		}
		got, ok := coerced(a, args["v"])
		why := deviation(a, args["v"])
		switch {
		case ok && !a.OK:
			t.Errorf("%s as %s of %q: got %#v, Ansible says %s", a.Input, a.Type, a.Elements, got, a.Msg)
		case !ok && a.OK && why == "":
			t.Errorf("%s as %s of %q: refused, Ansible says %#v", a.Input, a.Type, a.Elements, a.Value)
		case !ok && a.OK:
			refused[why]++
		case ok && a.OK && !same(got, a.Value):
			t.Errorf("%s as %s of %q: got %#v, Ansible says %#v", a.Input, a.Type, a.Elements, got, a.Value)
		}
	}
	if len(refused) != 6 {
		t.Errorf("there are other deviations than the 6 that are wanted: %v", refused)
	}
}

// coerced runs one value through a table with one option.
func coerced(a valueAnswer, v any) (any, bool) {
	o := &Option{Name: "v", Type: a.Type, Elements: a.Elements, schema: &jsonschema.Schema{}}
	if a.Type == List {
		elements := a.Elements
		if elements == "" {
			elements = Raw
		}
		o.Elements = elements
		o.Values = &Option{Type: elements, schema: &jsonschema.Schema{}}
	}
	into := &Arguments{}
	out := (&walk{module: "m", into: into}).dict([]*Option{o}, map[string]any{"v": v}, nil, func(string) {})
	return out["v"], into.Err() == nil
}

// same compares numbers by value and kind: 8 is not 8.0.
func same(got, want any) bool {
	a, err1 := json.Marshal(got)
	b, err2 := json.Marshal(want)
	if err1 != nil || err2 != nil {
		return false
	}
	return cmp.Equal(canonical(a), canonical(b)) && isFloat(got) == isFloat(want)
}

func canonical(text []byte) any {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return string(text)
	}
	return v
}

func isFloat(v any) bool {
	n, ok := v.(json.Number)
	_, float := v.(float64)
	return float || ok && strings.ContainsAny(n.String(), ".eE")
}
