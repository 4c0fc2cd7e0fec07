// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

type flagCase struct {
	values []string
	want   string
}

// The values of a list add up, each as a playbook's text or as JSON.
func TestListFlags(t *testing.T) {
	gives(t, argspec.Option{Elements: argspec.Str}, []flagCase{
		{[]string{"a,b"}, `["a","b"]`},
		{[]string{"a,b", "c"}, `["a","b","c"]`},
		{[]string{`["a,b"]`, "c,d"}, `["a,b","c","d"]`},
		{[]string{"c", ` ["a,b"]`}, `["c","a,b"]`},
		{[]string{"in:a,b"}, `["in:a","b"]`},
		{[]string{"a", `["b`}, `--some-list must be JSON, got: ["b`},
	})
	gives(t, argspec.Option{Elements: argspec.Str, Commas: argspec.AnyOf}, []flagCase{
		{[]string{"in:a,b"}, `["in:a,b"]`},
		{[]string{"!in:a,b", "c,d"}, `["!in:a,b","c","d"]`},
	})
	gives(t, argspec.Option{Elements: argspec.Str, Commas: argspec.OneEntry}, []flagCase{
		{[]string{"1,2"}, `["1,2"]`},
		{[]string{"1,2", "3,4"}, `["1,2","3,4"]`},
	})
	gives(t, argspec.Option{Elements: argspec.Dict}, []flagCase{
		{[]string{"path=a,format=json", `{"path": "b"}`}, `["path=a,format=json",{"path":"b"}]`},
		{[]string{`[{"path": "a"}]`, "path=b"}, `[{"path":"a"},"path=b"]`},
	})
}

func gives(t *testing.T, o argspec.Option, cases []flagCase) {
	t.Helper()
	o.Name, o.Type = "some_list", argspec.List
	for _, c := range cases {
		got := ""
		value, err := (&flag{option: &o, values: c.values}).arg()
		if err != nil {
			got = err.Error()
		} else if raw, err := json.Marshal(value); err == nil {
			got = string(raw)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", strings.Join(c.values, " "), got, c.want)
		}
	}
}
