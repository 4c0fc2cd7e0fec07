// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"debug/buildinfo"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// THIRD_PARTY_LICENSES has the license of each module in the program, and of no other one. This is what `go version -m` shows.
func TestThirdPartyLicenses(t *testing.T) {
	program := filepath.Join(t.TempDir(), "placement")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/placement")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := buildinfo.ReadFile(program)
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
