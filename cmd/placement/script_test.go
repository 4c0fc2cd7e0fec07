// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts run this test's own program under the name of the shipped one, and under that of a link in library/.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"placement": main, "placement_audit": main})
}

// TestScripts shows what the command line does. With UPDATE_SCRIPTS=1 the scripts take over what the program says now.
func TestScripts(t *testing.T) {
	recorded, err := filepath.Abs("../../tests/recorded/snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("if the program is right and the scripts are old, run: UPDATE_SCRIPTS=1 go test ./cmd/placement")
		}
	})
	placement, compute := replay(t, "placement"), replay(t, "compute")
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "screen": screen},
		Setup: func(env *testscript.Env) error {
			env.Setenv("PLACEMENT", placement)
			env.Setenv("COMPUTE", compute)
			clouds := "clouds:\n"
			for name, nova := range map[string]string{"lab": compute, "mute": compute + "/mute"} {
				clouds += fmt.Sprintf("  %s: {auth_type: admin_token, auth: {token: t, endpoint: %q}, placement_endpoint_override: %q, compute_endpoint_override: %q}\n",
					name, placement, placement, nova)
			}
			if err := os.WriteFile(filepath.Join(env.WorkDir, "lab.yaml"), []byte(clouds), 0o600); err != nil {
				return err
			}
			text, err := os.ReadFile(recorded)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "snapshot.json"), text, 0o600)
		},
	})
}

// exits runs a program, as exec does, and fails unless its exit code is the first word.
func exits(ts *testscript.TestScript, negated bool, words []string) {
	if negated || len(words) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT...")
	}
	want, err := strconv.Atoi(words[0])
	ts.Check(err)
	code, err := 0, ts.Exec(words[1], words[2:]...)
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		code = failed.ExitCode()
	default:
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("%v exits with %d, want %d", words[1:], code, want)
	}
}
