// SPDX-License-Identifier: Apache-2.0

//go:build ansible

// Package ansible_test runs the collection with every release of cores.txt that this machine has a Python for. One that is
// not installed fails: a suite that skips it would call an untested release good.
package ansible_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// core is one release of ansible-core, and its place among those that are tested.
type core struct {
	version string
	bin     string // holds ansible-playbook, ansible-galaxy and ansible-doc
	place   int
	of      int
}

// before reports whether the release is older than version.
func (c core) before(version string) bool {
	return slices.Compare(numbers(c.version), numbers(version)) < 0
}

func numbers(version string) []int {
	var all []int
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			panic(fmt.Sprintf("%q is not the version of a release", version))
		}
		all = append(all, n)
	}
	return all
}

// cores returns the releases to test with: those of cores.txt that the Pythons of this machine can run, whether they are
// installed or not. PLACEMENT_ANSIBLE=2.19,2.14 picks from them.
func cores(root string) ([]core, error) {
	out, err := exec.CommandContext(context.Background(), filepath.Join(root, "scripts/cores")).Output()
	if err != nil {
		return nil, fmt.Errorf("scripts/cores: %w", err)
	}
	pick := strings.FieldsFunc(os.Getenv("PLACEMENT_ANSIBLE"), func(r rune) bool { return r == ',' || r == ' ' })
	var all []core
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(pick) == 0 || slices.Contains(pick, words[0]) {
			all = append(all, core{version: words[0], bin: words[1]})
		}
	}
	if len(all) == 0 || len(pick) > len(all) {
		return nil, fmt.Errorf("PLACEMENT_ANSIBLE asks for %q, and this machine can run:\n%s", pick, out)
	}
	for i := range all {
		all[i].place, all[i].of = i, len(all)
	}
	return all, nil
}

func needCores(t *testing.T, b builds) []core {
	t.Helper()
	all, err := cores(b.root)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// python is the Python of the oldest release, which can import it.
func python(t *testing.T, b builds) string {
	t.Helper()
	return filepath.Join(needCores(t, b)[0].bin, "python3")
}

// eachCore runs test once per release, side by side.
func eachCore(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	b := built(t)
	onCores(t, b, needCores(t, b), test)
}

// bothEnds runs test on the oldest and the newest release: what roles and playbooks do with answers is the same on those in
// between, which have tests of the transport.
func bothEnds(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	b := built(t)
	all := needCores(t, b)
	onCores(t, b, slices.Compact([]core{all[0], all[len(all)-1]}), test)
}

func onCores(t *testing.T, b builds, all []core, test func(t *testing.T, s *site)) {
	t.Helper()
	for _, c := range all {
		t.Run(c.version, func(t *testing.T) {
			t.Parallel()
			out, err := exec.CommandContext(t.Context(), filepath.Join(c.bin, "ansible"), "--version").CombinedOutput()
			if err != nil || !strings.Contains(string(out), "core "+c.version+".") {
				t.Fatalf("ansible-core %s is not in %s (run `make setup`): %v\n%s", c.version, c.bin, err, out)
			}
			test(t, newSite(t, b, c))
		})
	}
}

// site is one controller with a home of its own; its targets share that home.
type site struct {
	builds
	core
	dir   string
	home  string
	cache string // where the program ends up
	env   []string
}

func newSite(t *testing.T, b builds, c core) *site {
	t.Helper()
	dir := t.TempDir()
	s := &site{builds: b, core: c, dir: dir, home: filepath.Join(dir, "home")}
	s.cache = filepath.Join(s.home, ".cache", "openstack_ops.placement")
	if err := os.Mkdir(s.home, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "hosts"), strings.Join([]string{
		"target", "other ansible_become=true ansible_become_user=nobody",
		"[all:vars]", "ansible_connection=local", "ansible_python_interpreter=/nonexistent", "",
	}, "\n"))
	s.env = []string{
		"PATH=" + c.bin + ":/usr/bin:/bin:/usr/sbin:/sbin", "HOME=" + s.home, "LANG=C.UTF-8", "ANSIBLE_NOCOLOR=1",
		"ANSIBLE_INVENTORY=" + filepath.Join(dir, "hosts"), "PYTHONDONTWRITEBYTECODE=1", "ANSIBLE_HOST_KEY_CHECKING=0",
		"ANSIBLE_VAULT_PASSWORD_FILE=" + filepath.Join(b.root, "tests/ansible/testdata/vault-password"),
	}
	return s
}

// result is what a finished command left.
type result struct {
	out  string
	code int
}

// flat is the output on one line: texts are folded to a width.
func (r result) flat() string { return strings.Join(strings.Fields(r.out), " ") }

// run starts one of ansible's programs in dir and waits for it.
func (s *site) run(t *testing.T, dir string, env []string, argv ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, argv[0]), argv[1:]...)
	cmd.Dir, cmd.Env = dir, append(append([]string{}, s.env...), env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("%v: %v", argv, err)
	}
	return result{string(out), cmd.ProcessState.ExitCode()}
}

// play runs the playbook text in the probe's checkout.
func (s *site) play(t *testing.T, text string, env []string, flags ...string) result {
	t.Helper()
	book := filepath.Join(t.TempDir(), "play.yml")
	write(t, book, text)
	return s.run(t, s.probe, env, append([]string{"ansible-playbook", book}, flags...)...)
}

// task is a playbook of one probe task; more lines are indented as keywords of the task.
func task(args string, keywords ...string) string {
	lines := []string{
		"- hosts: target", "  gather_facts: false", "  tasks:",
		"    - openstack_ops.placement.placement_audit: {" + args + "}",
	}
	for _, k := range keywords {
		lines = append(lines, "      "+k)
	}
	return strings.Join(lines, "\n") + "\n"
}

// ok fails unless the run succeeded, and without a warning.
func (r result) ok(t *testing.T) result {
	t.Helper()
	if r.code != 0 {
		t.Fatalf("status %d:\n%s", r.code, r.out)
	}
	if at := regexp.MustCompile(`(?m)^\[(WARNING|DEPRECATION)`).FindStringIndex(r.out); at != nil {
		t.Fatalf("a warning:\n%s", r.out[at[0]:])
	}
	return r
}

// fails fails unless the run failed and said all of want.
func (r result) fails(t *testing.T, want ...string) {
	t.Helper()
	if r.code == 0 {
		t.Fatalf("succeeded:\n%s", r.out)
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(strings.Fields(r.out), " "), w) {
			t.Errorf("does not say %q:\n%s", w, r.out)
		}
	}
}

// programs returns the names of the files in the cache directory.
func programs(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// uid returns a user's number.
func uid(t *testing.T, name string) string {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return u.Uid
}
