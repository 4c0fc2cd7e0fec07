// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/roles"
)

// A default of no variable is a misspelt one.
func TestDefaultOfNoVariable(t *testing.T) {
	type options struct {
		Wait int `json:"wait,omitempty" jsonschema_description:"Seconds to wait."`
	}
	for name, want := range map[string]string{"wait": "", "wiat": "role try: Defaults has wiat"} {
		role := roles.Role{Name: "try", Description: []string{"Tries."}, Options: &options{}, Defaults: map[string]string{name: "1"}}
		_, err := argumentSpecs(role)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An option of a role is named as the variable that it is, with the value that is meant.
func TestOptionOfRole(t *testing.T) {
	type options struct {
		Phase string `json:"phase" jsonschema_description:"With I(clean) and I(phase=after), all is deleted."`
		Clean bool   `json:"clean" jsonschema:"default=false" jsonschema_description:"Clean up."`
	}
	table, err := variables(roles.Role{Name: "try", Description: []string{"Tries."}, Options: &options{}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(table[0].Description, " "), "With C(try_clean) and C(try_phase=after), all is deleted."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A variable that a description names and the role lacks is a misspelt one.
func TestVariableThatThereIsNot(t *testing.T) {
	type options struct {
		Phase string `json:"phase" jsonschema_description:"With I(claen), all is deleted."`
	}
	_, err := variables(roles.Role{Name: "try", Options: &options{}})
	if err == nil || err.Error() != "role try: the description of try_phase names I(claen), which is no variable of it" {
		t.Error(err)
	}
}
