// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// answers is testdata/golden.json: what the real ansible-core said, see testdata/oracle.py.
type answers struct {
	Values []valueAnswer
	Calls  []callAnswer
}

type valueAnswer struct {
	Type, Elements, Input string
	OK                    bool
	Value                 any
	Msg                   string
}

type callAnswer struct {
	Input  string
	OK     bool
	Params map[string]any
	Msg    string
}

func oracle(t *testing.T) answers {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var all answers
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	if len(all.Values) < 1000 || len(all.Calls) < 30 {
		t.Fatalf("%d values and %d calls are too few", len(all.Values), len(all.Calls))
	}
	t.Setenv("HOME", "/home/oracle")
	t.Setenv("FOO", "bar")
	return all
}

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

type place struct {
	Host string `json:"host" jsonschema:"required" jsonschema_description:"Host."`
	Port int    `json:"port" jsonschema:"default=80" jsonschema_description:"Port." jsonschema_extras:"x-ansible-aliases=p"`
	Mode string `json:"mode" jsonschema:"enum=tcp,enum=udp" jsonschema_description:"Mode."`
}

type reportTo struct {
	Path   string `json:"path" jsonschema:"required" jsonschema_description:"Path." jsonschema_extras:"x-ansible-type=path"`
	Format string `json:"format" jsonschema:"enum=html,enum=json,default=html" jsonschema_description:"Format."`
}

// Golden has the options of SPEC in testdata/oracle.py.
type Golden struct {
	Title   string     `json:"name" jsonschema:"required" jsonschema_description:"Name." jsonschema_extras:"x-ansible-aliases=title"`
	State   string     `json:"state" jsonschema:"enum=present,enum=absent,default=present" jsonschema_description:"State."`
	Power   *string    `json:"power" jsonschema:"enum=on,enum=off,enum=auto" jsonschema_description:"Power."`
	Kinds   []string   `json:"kinds" jsonschema:"enum=a,enum=b,enum=c" jsonschema_description:"Kinds."`
	Amount  int        `json:"amount" jsonschema:"default=10" jsonschema_description:"Amount." jsonschema_extras:"x-ansible-aliases=count,x-ansible-aliases=number"`
	Ratio   *float64   `json:"ratio" jsonschema_description:"Ratio."`
	Force   bool       `json:"force" jsonschema:"default=false" jsonschema_description:"Force."`
	Place   *place     `json:"place" jsonschema_description:"Place."`
	Reports []reportTo `json:"reports" jsonschema_description:"Reports."`
	One     string     `json:"one" jsonschema_description:"One."`
	Two     string     `json:"two" jsonschema_description:"Two."`
	Three   string     `json:"three" jsonschema_description:"Three."`
	Four    string     `json:"four" jsonschema_description:"Four."`
	Five    string     `json:"five" jsonschema_description:"Five."`
}

func (Golden) Constraints() Constraints {
	return Constraints{
		MutuallyExclusive: [][]string{{"one", "two"}},
		RequiredTogether:  [][]string{{"three", "four"}},
		RequiredIf: []RequiredIf{
			{Option: "state", Value: "absent", Options: []string{"ratio", "kinds"}},
			{Option: "amount", Value: 7, Options: []string{"ratio", "kinds"}, Any: true},
		},
		RequiredBy: map[string][]string{"five": {"one", "ratio"}},
	}
}

func TestCallsAreJudgedAsByAnsible(t *testing.T) {
	for _, a := range oracle(t).Calls {
		args, err := jsontext.ParseObject([]byte(a.Input))
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := Read("placement.basic", &Golden{}, args, &mask.Secrets{})
		if err != nil {
			t.Fatal(err)
		}
		if err := decoded.Err(); err != nil {
			checkMessage(t, a, err.Error())
			continue
		}
		if !a.OK {
			t.Errorf("%s: accepted, Ansible says %s", a.Input, a.Msg)
			continue
		}
		for name, got := range decoded.Values {
			if !same(got, withoutNull(withoutAlias(a.Params[name]))) {
				t.Errorf("%s: %s is %#v, Ansible says %#v", a.Input, name, got, a.Params[name])
			}
		}
	}
}

// checkMessage compares with Ansible's words where these are the same, which is everywhere but for conversions.
func checkMessage(t *testing.T, a callAnswer, got string) {
	t.Helper()
	want := strings.Replace(a.Msg, "(basic.py)", "(placement.basic)", 1)
	if conversion, _, found := strings.Cut(want, ": <class"); found {
		want = strings.Replace(conversion, "<class 'dict'>", "dict", 1)
		got = got[:min(len(want), len(got))]
	}
	if a.OK || got != want {
		t.Errorf("%s:\n got %s\nwant %s", a.Input, got, want)
	}
}

func withoutNull(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			if item == nil {
				delete(v, key)
			}
		}
	case []any:
		for _, item := range v {
			withoutNull(item)
		}
	}
	return v
}

// withoutAlias drops p, the alias that Ansible keeps beside port.
func withoutAlias(v any) any {
	if dict, ok := v.(map[string]any); ok {
		delete(dict, "p")
	}
	return v
}
