// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"reflect"
	"strings"
	"testing"
)

// field makes an options struct with one field of the type of v.
func field(v any, tag string) any {
	t := reflect.TypeOf(&v).Elem()
	if v != nil {
		t = reflect.TypeOf(v)
	}
	return reflect.New(reflect.StructOf([]reflect.StructField{{Name: "Field", Type: t, Tag: reflect.StructTag(tag)}})).Interface()
}

type tagged struct {
	v    any
	tag  string
	want string // empty if nothing is wrong
}

func TestGoodTags(t *testing.T) {
	const good = `json:"field" jsonschema_description:"Text." `
	finds(t, []tagged{
		{"", good, ""},
		{"", good + `jsonschema:"required,enum=a,enum=b,pattern=^[a-z]{1\\,2}$,minLength=1"`, ""},
		{[]int{}, good + `jsonschema:"minimum=1,maxItems=3,default=1,default=2"`, ""},
		{true, good + `jsonschema:"default=true"`, ""},
		{nil, good + `jsonschema_extras:"x-ansible-type=raw"`, ""},
		{"", good + `jsonschema_extras:"x-ansible-type=path,x-ansible-no_log=true,x-ansible-aliases=a,x-ansible-aliases=b"`, ""},
		{[]string{}, good + `jsonschema_extras:"x-ansible-elements=path"`, ""},
		{[]string{}, good + `jsonschema_extras:"x-ansible-commas=any-of"`, ""},
		{[]string{}, good + `jsonschema_extras:"x-ansible-commas=one-entry"`, ""},
		{"", `json:"field,omitempty" jsonschema_description:"Text."`, ""},
	})
}

func TestMisspeltTags(t *testing.T) {
	const good = `json:"field" jsonschema_description:"Text." `
	finds(t, []tagged{
		{"", good + `jsonschema:"enums=a"`, `"enums=a"`},
		{"", good + `jsonschema:"requird"`, `"requird"`},
		{"", good + `jsonschema:"required=true"`, `"required=true"`},
		{"", good + `jsonschema:"minimum=1"`, `"minimum=1"`},
		{map[string]int{}, good + `jsonschema:"minProperties=1"`, `"minProperties=1"`},
		{true, good + `jsonschema:"default=yes"`, "must be true or false"},
		{1, good + `jsonschema:"default=1.5"`, "default=1.5"},
		{1, good + `jsonschema:"enum=one"`, "enum=one"},
		{1.5, good + `jsonschema:"maximum=many"`, "maximum=many"},
		{"", good + `jsonschema:"minLength=-1"`, "minLength=-1"},
		{"", good + `jsonschema:"pattern=["`, "pattern=["},
		{[]string{}, good + `jsonschema:"pattern=a=b"`, "lost in a list"},
		{[]int{}, good + `jsonschema:"default=a"`, "default=a"},
		{"", good + `jsonschema:"required,default=a"`, "can't have a default"},
		{nil, good + `jsonschema:"default=a"`, "means nothing"},
		{"", good + `jsonschema:""`, "means nothing"},
	})
}

func TestMisspeltExtras(t *testing.T) {
	const good = `json:"field" jsonschema_description:"Text." `
	finds(t, []tagged{
		{"", good + `jsonschema_extras:"x-ansible-alias=a"`, "unknown key"},
		{"", good + `jsonschema_extras:"no_log=true"`, "unknown key"},
		{"", good + `jsonschema_extras:"x-ansible-no_log=yes"`, "not possible"},
		{"", good + `jsonschema_extras:"x-ansible-type=int"`, "not possible"},
		{1, good + `jsonschema_extras:"x-ansible-type=path"`, "not possible"},
		{"", good + `jsonschema_extras:"x-ansible-elements=str"`, "not possible"},
		{[]string{}, good + `jsonschema_extras:"x-ansible-commas=anyof"`, "not possible"},
		{"", good + `jsonschema_extras:"x-ansible-commas=any-of"`, "not possible"},
		{"", good + `jsonschema_extras:"x-ansible-aliases=field"`, "declared twice"},
		{"", good + `jsonschema_extras:"x-ansible-aliases=A-b"`, "not possible"},
	})
}

func TestMisspeltNames(t *testing.T) {
	const good = `json:"field" jsonschema_description:"Text." `
	finds(t, []tagged{
		{"", good + `jsonschemas:"required"`, "unknown tag jsonschemas"},
		{"", good + `jsonschema: "required"`, "malformed tag"},
		{"", `json:"field"`, "no jsonschema_description"},
		{"", `jsonschema_description:"Text."`, "not an option's name"},
		{"", `json:"Field" jsonschema_description:"Text."`, "not an option's name"},
		{"", `json:"field,string" jsonschema_description:"Text."`, "not an option's name"},
		{1, good, "a number needs a default"},
		{1.5, good + `jsonschema:"minimum=1"`, "a number needs a default"},
		{1, good + `jsonschema:"required"`, ""},
		{1, `json:"field,omitempty" jsonschema_description:"Text."`, ""},
		{new(int), good, ""},
	})
}

func TestTypesOfFields(t *testing.T) {
	const good = `json:"field" jsonschema_description:"Text." `
	finds(t, []tagged{
		{false, good, "a bool needs a default"},
		{new(bool), good, ""},
		{make(chan int), good, "can't have type"},
		{[]byte{}, good, "can't have type"},
		{int8(1), good, "can't have type"},
		{[][]string{}, good, "list of lists"},
		{map[int]string{}, good, "have to be strings"},
		{struct {
			A string `json:"a"`
		}{}, good, "no jsonschema_description"},
	})
}

func finds(t *testing.T, cases []tagged) {
	t.Helper()
	for _, test := range cases {
		err := CheckTags(field(test.v, test.tag))
		if got := ""; err != nil {
			got = err.Error()
			if test.want == "" || !strings.Contains(got, test.want) {
				t.Errorf("%T %s: %s", test.v, test.tag, got)
			}
		} else if test.want != "" {
			t.Errorf("%T %s: nothing wrong", test.v, test.tag)
		}
	}
}

type circle struct {
	Inner *circle `json:"inner" jsonschema_description:"Inner."`
}

type twice struct {
	Golden
	Other string `json:"name" jsonschema_description:"Name."`
}

func TestStructsThatCanNotBeOptions(t *testing.T) {
	for _, options := range []any{nil, Golden{}, new(string), &circle{}, &twice{}, &struct{ *Golden }{}, &struct{ place }{}} {
		if CheckTags(options) == nil {
			t.Errorf("%T: nothing wrong", options)
		}
	}
	if err := CheckTags(&Golden{}); err != nil {
		t.Error(err)
	}
}
