// SPDX-License-Identifier: Apache-2.0

package computeinfo

import "testing"

// Computes that are off on purpose are not waited for, and are told apart from those that are.
func TestMessage(t *testing.T) {
	up, down := Compute{Status: "enabled", Reported: true}, Compute{Host: "cn2", Status: "enabled"}
	forced, disabled := Compute{Status: "disabled", ForcedDown: true}, Compute{Status: "disabled", Reported: true}
	for want, c := range map[string]struct {
		hosts    []string
		computes []Compute
	}{
		"1 of 2 computes have reported; silent: cn2":                                {nil, []Compute{up, down}},
		"1 of 1 computes have reported; not expected to: 1 forced down, 2 disabled": {nil, []Compute{disabled, up, forced, disabled}},
		"no compute is expected to report: 1 forced down":                           {[]string{"cn9"}, []Compute{forced}},
		"Nova has no nova-compute on these hosts":                                   {[]string{"cn9"}, nil},
		"Nova has no nova-compute":                                                  {},
	} {
		r := &Result{Computes: c.computes}
		if len(c.computes) == 2 {
			r.Silent = []string{down.Host}
		}
		if got := r.message(&Options{Hosts: c.hosts}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
