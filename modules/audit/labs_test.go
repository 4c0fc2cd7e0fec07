// SPDX-License-Identifier: Apache-2.0

//go:build lab || record

package audit_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// lab is a running control plane, as `tests/lab/lab env` describes it.
type lab struct {
	Running    bool              `json:"running"`
	Profile    string            `json:"profile"`
	Release    string            `json:"release"`
	Root       string            `json:"root"`
	Cloud      string            `json:"cloud"`
	CloudsFile string            `json:"clouds_file"`
	NovaManage string            `json:"nova_manage"`
	ConfigDir  string            `json:"config_dir"`
	Endpoints  map[string]string `json:"endpoints"`
}

// labOf returns the lab of that profile and of the release that PLACEMENT_LAB_RELEASE names (zed if it names none).
// A lab that does not run fails the test: it is never skipped.
func labOf(t *testing.T, profile string) lab {
	t.Helper()
	release := os.Getenv("PLACEMENT_LAB_RELEASE")
	if release == "" {
		release = "zed"
	}
	l := lab{Profile: profile, Release: release}
	if err := json.Unmarshal(l.command(t, "env"), &l); err != nil {
		t.Fatal(err)
	}
	if !l.Running {
		t.Fatalf("the lab does not run: make lab-up PROFILE=%s RELEASE=%s", profile, release)
	}
	return l
}

// command runs tests/lab/lab for this lab and returns what it prints.
func (l lab) command(t *testing.T, verb string, args ...string) []byte {
	t.Helper()
	args = append([]string{verb, "--profile", l.Profile, "--release", l.Release}, args...)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "../../tests/lab/lab", args...) // clean-up uses it too
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tests/lab/lab %v: %v\n%s", args, err, out)
	}
	return out
}
