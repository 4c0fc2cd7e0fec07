// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

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
