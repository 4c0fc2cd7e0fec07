// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// builds are the trees the tests run: this checkout, and a copy of it that carries the probe as its program.
type builds struct {
	root   string
	probe  string // a checkout
	ball   string // the tarball made of it
	digest string // of the probe
	apple  string // the digest of the program of the other platform
	err    error
}

// made builds once for all tests; the copy is removed by TestMain.
var made = sync.OnceValue(func() builds {
	root, err := filepath.Abs("../..")
	if err != nil {
		return builds{err: err}
	}
	dir, err := os.MkdirTemp("", "placement-ansible-")
	if err != nil {
		return builds{err: err}
	}
	b := builds{root: root, probe: filepath.Join(dir, "probe")}
	for _, step := range []func() error{b.copyTree, b.declare, b.addProbe, b.pack} {
		if b.err = step(); b.err != nil {
			break
		}
	}
	return b
})

func TestMain(m *testing.M) {
	code := m.Run()
	if b := made(); b.probe != "" {
		if err := errors.Join(b.forget(), os.RemoveAll(filepath.Dir(b.probe))); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

func built(t *testing.T) builds {
	t.Helper()
	b := made()
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b
}

// pythonPath lets Python import the collection as Ansible does.
func (b *builds) pythonPath() string {
	return "PYTHONPATH=" + filepath.Join(b.root, "playbooks/collections")
}

// copyTree copies what the collection is made of, without the programs.
func (b *builds) copyTree() error {
	if err := os.MkdirAll(b.probe, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"galaxy.yml", "ansible.cfg", "README.md", "meta", "plugins", "playbooks", "modules", "go.mod"} {
		if err := command(b.root, "cp", "-a", filepath.Join(b.root, name), b.probe); err != nil {
			return err
		}
	}
	return nil
}

// declare lets pass what the probe answers with: the transport keeps nothing that a module does not document.
func (b *builds) declare() error {
	paths, err := filepath.Glob(filepath.Join(b.probe, "plugins/action/*.py"))
	if err != nil || len(paths) == 0 {
		return fmt.Errorf("no action plugins: %w", err)
	}
	const begin = "RESULT = ("
	keys := "'module', 'args', 'internal', 'uid', 'program', 'cwd', 'template', 'ssh', 'environment',"
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, bytes.Replace(text, []byte(begin), []byte(begin+keys), 1), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// addProbe puts the probe where the build puts the program of this platform, and a script for the other one, which is packed.
func (b *builds) addProbe() error {
	here, there := "linux_"+runtime.GOARCH, "darwin_arm64"
	for _, platform := range []string{here, there} {
		if err := os.MkdirAll(filepath.Join(b.probe, "binaries", platform), 0o755); err != nil {
			return err
		}
	}
	program := filepath.Join(b.probe, "binaries", here, "placement")
	if err := command(b.root, "go", "build", "-ldflags=-s -w", "-o", program, "./tests/ansible/probe"); err != nil {
		return err
	}
	if err := mark(program); err != nil {
		return err
	}
	script := "#!/bin/sh\ncat >/dev/null; echo '{\"failed\": false, \"msg\": \"an apple\"}'\n"
	apple := filepath.Join(b.probe, "binaries", there, "placement")
	if err := os.WriteFile(apple, []byte(script), 0o755); err != nil {
		return err
	}
	table, digests := map[string]any{}, map[string]string{}
	for _, platform := range []string{here, there} {
		content, err := os.ReadFile(filepath.Join(b.probe, "binaries", platform, "placement"))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		digests[platform] = hex.EncodeToString(sum[:])
		table[platform] = map[string]any{"sha256": digests[platform], "size": len(content)}
	}
	b.digest, b.apple = digests[here], digests[there]
	text, err := json.Marshal(table)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(b.probe, "binaries", "sha256.json"), text, 0o644); err != nil {
		return err
	}
	if err := command(b.root, "scripts/squeeze", apple, apple+".xz"); err != nil {
		return err
	}
	return os.Remove(apple)
}

// mark makes a program unlike that of any other run, so that none left on this machine is taken for it.
func mark(program string) error {
	file, err := os.OpenFile(program, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(rand.Text())
	return errors.Join(err, file.Close())
}

// forget removes the probe where tests of become left it, outside of their own homes.
func (b *builds) forget() error {
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	left, err := filepath.Glob("/var/tmp/openstack_ops.placement-*/" + b.digest)
	for _, path := range append(left, filepath.Join(home, ".cache/openstack_ops.placement", b.digest)) {
		if gone := os.Remove(path); gone != nil && !os.IsNotExist(gone) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// pack builds the tarball with the newest release.
func (b *builds) pack() error {
	all, err := cores(b.root)
	if err != nil {
		return err
	}
	newest := all[len(all)-1]
	out := filepath.Dir(b.probe)
	err = command(b.probe, filepath.Join(newest.bin, "ansible-galaxy"), "collection", "build", "--output-path", out)
	if err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(out, "openstack_ops-placement-*.tar.gz"))
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return fmt.Errorf("want one tarball, built %v", found)
	}
	b.ball = found[0]
	return nil
}

// command runs a command of the build and says what it printed if it fails.
func command(dir string, argv ...string) error {
	cmd := exec.CommandContext(context.Background(), argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, out)
	}
	return nil
}
