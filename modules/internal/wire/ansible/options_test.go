// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

type circle struct {
	Inner *circle `json:"inner" jsonschema_description:"Inner."`
}

// A struct that cannot be options is a mistake of the module's, and it says so.
func TestBadOptions(t *testing.T) {
	m := Define("placement_bad", []byte(testDoc), func(_ context.Context, _ *Call, _ *circle) (any, error) { return nil, nil })
	if got := answerOf(t, m, `{}`); !strings.Contains(got, "internal error in placement_bad") {
		t.Error(got)
	}
}

// Two types of one name would be one for the schema library if it made references.
func TestTypesOfOneName(t *testing.T) {
	type size struct {
		Wide int `json:"wide,omitempty" jsonschema_description:"Wide."`
	}
	type options struct {
		Sizes size           `json:"sizes" jsonschema_description:"Sizes."`
		Other map[string]any `json:"other" jsonschema_description:"Other."`
		Try
	}
	if err := argspec.CheckTags(&options{}); err == nil {
		t.Fatal("sizes is declared twice")
	}
	type good struct {
		Size size `json:"size" jsonschema_description:"Size."`
		Try
	}
	m := Define("m", nil, func(_ context.Context, _ *Call, _ *good) (any, error) { return nil, nil })
	table, err := m.Options()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, o := range table {
		names = append(names, o.Name)
	}
	want := []string{"size", "cloud", "auth", "env", "timeout", "say", "do", "key", "pins", "sizes", "tags", "ratio", "id", "logins", "weights", "optional"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if table[0].Options[0].Name != "wide" || table[9].Values.Options[0].Name != "total" {
		t.Error("the types were mixed up")
	}
}
