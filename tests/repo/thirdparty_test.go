// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"debug/buildinfo"
	"regexp"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/program"
)

// THIRD_PARTY_LICENSES has the license of each module in the program, and of no other one. This is what `go version -m` shows.
func TestThirdPartyLicenses(t *testing.T) {
	info, err := buildinfo.ReadFile(program.Build(t, root))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"std"}
	for _, dep := range info.Deps {
		want = append(want, dep.Path+"@"+dep.Version)
	}
	var got []string
	for _, heading := range regexp.MustCompile(`(?m)^={80}\n(.+)$`).FindAllStringSubmatch(read(t, "THIRD_PARTY_LICENSES"), -1) {
		got = append(got, heading[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if len(want) < 2 || !slices.Equal(got, want) {
		t.Errorf("THIRD_PARTY_LICENSES has the licenses of\n%v\nthe program contains\n%v\nrun: make licenses", got, want)
	}
}
