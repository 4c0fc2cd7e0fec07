// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// A misspelt member is named where it may be what is missing, and its value is a secret, wherever it stands.
func TestMisspeltMember(t *testing.T) {
	good := `auth_url: "http://127.0.0.1:1", username: u, project_name: p, user_domain_name: D, project_domain_name: D`
	for name, tt := range map[string]struct {
		members string
		want    []string
		told    []string
	}{
		"one":            {"pasword: hunter22", []string{"has no password", "has an unknown member pasword"}, []string{"hunter22"}},
		"two":            {"pasword: hunter22, tokn: hunter33", []string{"has unknown members pasword, tokn"}, []string{"hunter22", "hunter33"}},
		"truth":          {"cached: yes", []string{"has an unknown member cached"}, nil},
		"of other cases": {"PassWord: ''", []string{"has no password"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, told := nowhere(t), []string(nil)
			writeFile(t, p.Own[0]+"/clouds.yaml", "clouds: {a: {auth: {"+good+", "+tt.members+"}}}")
			_, err := connect(t.Context(), &config.Options{Cloud: "a"}, &listener{secrets: &told}, p)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter") {
					t.Errorf("got %v, want %q", err, want)
				}
			}
			if !slices.Equal(told, tt.told) {
				t.Errorf("told %q, want %q", told, tt.told)
			}
		})
	}
}

// Who may log in is not bothered with members that other programs use.
func TestUnknownMemberIsNoFault(t *testing.T) {
	k := newKeystone(t)
	o := k.options("http://p.example")
	o.Auth["of_another_plugin"] = "x"
	mustConnect(t, o)
}
