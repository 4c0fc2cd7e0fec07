// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const program = "#!/bin/sh\necho \"ran $1\"\n"

// shell is the plugin's remote commands in one POSIX shell.
type shell struct {
	argv       []string
	path       string // where its commands are
	run, store string
	home       string
}

// eachShell runs test with the shells that targets have; busybox also brings ls, mkdir, find and all others.
func eachShell(t *testing.T, test func(t *testing.T, s *shell)) {
	t.Helper()
	texts := remoteCommands(t)
	for name, argv := range map[string][]string{
		"dash": {"/bin/sh", "-c"}, "bash": {"/bin/bash", "-c"}, "busybox": {"busybox", "sh", "-c"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(argv[0]); err != nil {
				t.Fatalf("run `make setup`: %v", err)
			}
			home := filepath.Join(t.TempDir(), "a home")
			mkdir(t, home, 0o700)
			s := &shell{argv: argv, path: "/usr/bin:/bin", run: texts["run"], store: texts["store"], home: home}
			if name == "busybox" {
				s.path = t.TempDir()
				if err := command("/", "busybox", "--install", "-s", s.path); err != nil {
					t.Fatal(err)
				}
			}
			test(t, s)
		})
	}
}

// remoteCommands asks the transport for the text it sends. It has to be there without Ansible.
func remoteCommands(t *testing.T) map[string]string {
	t.Helper()
	b := built(t)
	ask := "import importlib.util as u, json, sys; s = u.spec_from_file_location('p', sys.argv[1]); " +
		"p = u.module_from_spec(s); s.loader.exec_module(p); print(json.dumps({'run': p.RUN, 'store': p.STORE}))"
	cmd := exec.CommandContext(t.Context(), python(t, b), "-I", "-S", "-B", "-c", ask, filepath.Join(b.root, "plugins/plugin_utils/transport.py"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(out, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// do runs a command with the program as its input; /var/tmp is redirected to beside the home.
func (s *shell) do(t *testing.T, text, input string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	text = fmt.Sprintf("m=audit u=Here h=%s n=%d; ", "0123abcd", len(program)) +
		strings.ReplaceAll(text, "/var/tmp/", filepath.Dir(s.home)+"/var/")
	cmd := exec.CommandContext(ctx, s.argv[0], append(s.argv[1:], text)...)
	cmd.Env = []string{"HOME=" + s.home, "PATH=" + s.path}
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s%v", out, err)
	}
	return string(out)
}

func (s *shell) first() string { return filepath.Join(s.home, ".cache/openstack_ops.placement") }
func (s *shell) second() string {
	return fmt.Sprintf("%s/var/openstack_ops.placement-%d", filepath.Dir(s.home), os.Getuid())
}

func (s *shell) want(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func TestShellStoresAndRuns(t *testing.T) {
	eachShell(t, func(t *testing.T, s *shell) {
		s.want(t, s.do(t, s.run, "{}"), "PLACEMENT-MISSING Here\n")
		s.want(t, s.do(t, s.store, program), "PLACEMENT-STORED\n")
		s.want(t, s.do(t, s.run, "{}"), "ran audit\n")
		if got := programs(t, s.first()); len(got) != 1 {
			t.Errorf("the cache holds %v", got)
		}
	})
}

// TestShellRefusesPrograms makes the cached file one that must not be run: it is replaced.
func TestShellRefusesPrograms(t *testing.T) {
	spoil := map[string]func(path string) error{
		"cut short":        func(path string) error { return os.Truncate(path, 10) },
		"not executable":   func(path string) error { return os.Chmod(path, 0o600) },
		"of another owner": func(path string) error { return os.Chown(path, 65534, 65534) },
		"a link": func(path string) error {
			if err := os.Rename(path, path+"x"); err != nil {
				return err
			}
			return os.Symlink(path+"x", path)
		},
	}
	for name, change := range spoil {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(t *testing.T, s *shell) {
				mkdir(t, s.first(), 0o700)
				plant(t, s.first(), 0o700)
				if err := change(filepath.Join(s.first(), "0123abcd")); err != nil {
					t.Skipf("needs root: %v", err)
				}
				s.want(t, s.do(t, s.run, "{}"), "PLACEMENT-MISSING Here\n")
				s.want(t, s.do(t, s.store, program), "PLACEMENT-STORED\n")
				s.want(t, s.do(t, s.run, "{}"), "ran audit\n")
			})
		})
	}
}

// TestShellCutUpload sends half a program: nothing is left of it, and nothing of it is run.
func TestShellCutUpload(t *testing.T) {
	eachShell(t, func(t *testing.T, s *shell) {
		if got := s.do(t, s.store, program[:10]); !strings.Contains(got, "did not take all") {
			t.Errorf("printed %q", got)
		}
		s.want(t, s.do(t, s.run, "{}"), "PLACEMENT-MISSING Here\n")
		if got := programs(t, s.first()); len(got) != 0 {
			t.Errorf("the cache holds %v", got)
		}
	})
}

// TestShellForgets stores a program beside one that nobody used for long and one that is in use.
func TestShellForgets(t *testing.T) {
	eachShell(t, func(t *testing.T, s *shell) {
		mkdir(t, s.first(), 0o700)
		for name, days := range map[string]int{"old": 40, "young": 20} {
			path := filepath.Join(s.first(), name)
			write(t, path, "x")
			then := time.Now().AddDate(0, 0, -days)
			if err := os.Chtimes(path, then, then); err != nil {
				t.Fatal(err)
			}
		}
		s.want(t, s.do(t, s.store, program), "PLACEMENT-STORED\n")
		if got := strings.Join(programs(t, s.first()), " "); got != "0123abcd young" {
			t.Errorf("the cache holds %v", got)
		}
	})
}

// plant puts a program of the right size into dir that must not be run there.
func plant(t *testing.T, dir string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(dir, "0123abcd")
	write(t, path, strings.Replace(program, "ran", "bad", 1))
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// mkdir makes a directory of exactly this mode, below private ones.
func mkdir(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if mode&0o1000 != 0 {
		mode = mode&0o777 | os.ModeSticky
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// give makes path somebody else's.
func give(t *testing.T, path string) {
	t.Helper()
	if err := os.Chown(path, 65534, 65534); err != nil {
		t.Skipf("needs root: %v", err)
	}
}
