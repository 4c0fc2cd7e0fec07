// SPDX-License-Identifier: Apache-2.0

package usageinfo

import "testing"

// The sentence begins with what was read, and says where Placement and Nova differ.
func TestMessage(t *testing.T) {
	same, other := Project{}, Project{Differs: []Difference{{"cores", 1, 2}, {"ram", 3, 4}}}
	for want, r := range map[string]Result{
		"usages of 0 resource providers":                                 {},
		"usages of 2 resource providers and 1 project":                   {Providers: make([]Provider, 2), Projects: []Project{same}},
		"usages of 3 projects; Placement and Nova differ for 2 projects": {Projects: []Project{same, other, other}},
	} {
		if got := r.message(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
