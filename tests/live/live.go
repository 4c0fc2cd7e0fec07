// SPDX-License-Identifier: Apache-2.0

// Package live is what the tests on labs share: a running lab, requests to it as its administrator, and the program that they
// test. None of it uses the collection's own code.
package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Lab is a running control plane, as `tests/lab/lab env` describes it.
type Lab struct {
	Running    bool              `json:"running"`
	Release    string            `json:"release"` // that it runs
	Root       string            `json:"root"`    // its folder
	ConfigDir  string            `json:"config_dir"`
	LogDir     string            `json:"log_dir"`
	Python     string            `json:"python"`
	Cloud      string            `json:"cloud"`
	CloudsFile string            `json:"clouds_file"`
	NovaManage string            `json:"nova_manage"`
	Endpoints  map[string]string `json:"endpoints"`
	Sockets    map[string]string `json:"mysql_sockets"`
	Logs       map[string]string `json:"logs"`

	// The programs that operators ask before and after an upgrade.
	NovaStatus      string `json:"nova_status"`
	PlacementStatus string `json:"placement_status"`

	profile    string
	name       string   // the release that it was brought up with, by which the commands know it
	environ    []string // of the commands, beside the test's own
	repository string
	program    string
}

// Find returns the lab with Nova of the release that PLACEMENT_LAB_RELEASE names (zed if it names none). A lab that does not
// run fails the test: it is never skipped.
func Find(t testing.TB) *Lab {
	t.Helper()
	return FindProfile(t, "nova")
}

// FindProfile returns the lab of that profile.
func FindProfile(t testing.TB, profile string) *Lab {
	t.Helper()
	l := &Lab{profile: profile, name: Release(), repository: Repository(t)}
	l.Read(t)
	if !l.Running {
		t.Fatalf("the lab does not run: make lab-up PROFILE=%s RELEASE=%s", l.profile, l.name)
	}
	return l
}

// Release is the release to test on.
func Release() string {
	if named := os.Getenv("PLACEMENT_LAB_RELEASE"); named != "" {
		return named
	}
	return "zed"
}

// OneIsEnough skips a test on every release but one, for what does not depend on it.
func OneIsEnough(t testing.TB, release string) {
	t.Helper()
	if Release() != release {
		t.Skip("one release of the lab is enough: PLACEMENT_LAB_RELEASE=" + release)
	}
}

// ShortIsEnough skips the short form of a test on every release but one. The long form, whose length the variable gives, runs on all.
func ShortIsEnough(t testing.TB, variable, release string) {
	t.Helper()
	if os.Getenv(variable) == "" {
		OneIsEnough(t, release)
	}
}

// Read asks the lab again what it is.
func (l *Lab) Read(t testing.TB) {
	t.Helper()
	if err := json.Unmarshal(l.Command(t, "env"), l); err != nil {
		t.Fatal(err)
	}
}

// Build builds the program that is tested, for [Lab.Audit], and returns its path.
func (l *Lab) Build(t testing.TB) string {
	t.Helper()
	l.program = filepath.Join(t.TempDir(), "placement")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", l.program, "./cmd/placement")
	cmd.Dir = l.repository
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build ./cmd/placement: %v\n%s", err, out)
	}
	return l.program
}

// Repository is the folder of the repository.
func Repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("there is no go.mod above the test")
	return ""
}

// Command runs tests/lab/lab for this lab and returns what it prints. Clean-up may use it too.
func (l *Lab) Command(t testing.TB, verb string, args ...string) []byte {
	t.Helper()
	args = append([]string{verb, "--profile", l.profile, "--release", l.name}, args...)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), filepath.Join(l.repository, "tests/lab/lab"), args...)
	cmd.Env, cmd.Stderr = append(os.Environ(), l.environ...), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tests/lab/lab %v: %v\n%s", args, err, out)
	}
	return out
}

// Folder makes a folder for what shall be kept of a run, below .lab, and returns its path.
func (l *Lab) Folder(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join(l.repository, ".lab", name)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Number returns the whole number that an environment variable gives, or the other one where it is not set.
func Number(t testing.TB, variable string, otherwise int64) int64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("%s must be a whole number: %v", variable, err)
	}
	return n
}

// Databases are the options of placement_audit that have it read the databases of the lab.
func (l *Lab) Databases() map[string]any {
	return map[string]any{
		"source": "database", "nova_conf": filepath.Join(l.ConfigDir, "nova", "nova.conf"),
		"placement_conf": filepath.Join(l.ConfigDir, "placement", "placement.conf"),
	}
}

// Module runs a module of the program that Build has built, with these options, connected to the lab, into the answer.
func (l *Lab) Module(ctx context.Context, name string, options map[string]any, answer any) error {
	args := map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile}
	maps.Copy(args, options)
	in, err := json.Marshal(args)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, l.program, name)
	cmd.Stdin = bytes.NewReader(in)
	out, runErr := cmd.Output() // exits 1 with an answer where the module failed
	if err := json.Unmarshal(out, answer); err != nil {
		return errors.Join(runErr, err)
	}
	return nil
}

// LastLines returns the last lines of a service's log.
func (l *Lab) LastLines(service string, n int) string {
	data, err := os.ReadFile(filepath.Join(l.LogDir, service+".log"))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
