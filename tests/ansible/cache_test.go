// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestOneCommand counts what a task runs on the target once the program is there; a set is an argument that ansible-core
// before 2.19 leaves to the plugin.
func TestOneCommand(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		s.play(t, task(""), nil).ok(t)
		args := "words: !!set {b, a}"
		if !s.before("2.19") {
			args = "words: [a, b]"
		}
		r := s.play(t, task(args, "failed_when: out.args.words != ['a', 'b']", "register: out"), nil, "-vvv").ok(t)
		if got := strings.Count(r.out, "> EXEC "); got != 1 {
			t.Errorf("%d commands:\n%s", got, r.out)
		}
		if left := programs(t, filepath.Join(s.home, ".ansible/tmp")); len(left) != 0 {
			t.Errorf("left on the target: %v", left)
		}
	})
}

// TestCutProgram shortens the cached program: the next task repairs it.
func TestCutProgram(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		s.play(t, task(""), nil).ok(t)
		path := filepath.Join(s.cache, s.digest)
		if err := os.Truncate(path, 1000); err != nil {
			t.Fatal(err)
		}
		s.play(t, task(""), nil).ok(t)
		if info, err := os.Stat(path); err != nil || info.Size() == 1000 {
			t.Errorf("not repaired: %v", err)
		}
	})
}

// TestColdForks lets ten hosts that share one home find it empty at once.
func TestColdForks(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		hosts := strings.Replace(read(t, filepath.Join(s.dir, "hosts")), "target\n", "fork[0:9]\n", 1)
		write(t, filepath.Join(s.dir, "hosts"), hosts)
		book := strings.Replace(task(""), "hosts: target", "hosts: fork*", 1)
		r := s.play(t, book, nil, "--forks", "10").ok(t)
		if got := strings.Count(r.out, "ok: [fork"); got != 10 {
			t.Errorf("%d of 10 hosts:\n%s", got, r.out)
		}
		if got := programs(t, s.cache); len(got) != 1 {
			t.Errorf("the cache holds %v", got)
		}
	})
}

// TestNoPlace has one place that another user prepared and a home that belongs to root. The user differs by release,
// for the tests run side by side.
func TestNoPlace(t *testing.T) {
	users := map[string]string{"2.14": "daemon", "2.16": "bin", "2.18": "sys", "2.19": "games", "2.20": "news", "2.21": "lp"}
	eachCore(t, func(t *testing.T, s *site) {
		user := users[s.version]
		dir := "/var/tmp/openstack_ops.placement-" + uid(t, user)
		mkdir(t, dir, 0o777)
		t.Cleanup(func() {
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
		})
		s.play(t, task("", "become: true", "become_user: "+user), nil).
			fails(t, "the target has no place for the program", dir+" is not a private directory")
		if got := programs(t, dir); len(got) != 0 {
			t.Errorf("was written to: %v", got)
		}
	})
}

// TestPlatforms fakes uname: another platform gets its own program, an unknown one is named.
func TestPlatforms(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		s.play(t, task("", "register: out", "failed_when: out.msg != 'an apple'"), s.uname(t, "Darwin", "arm64")).ok(t)
		s.play(t, task(""), s.uname(t, "FreeBSD", "amd64")).fails(t, "there is no program for FreeBSD-amd64, only for")
	})
}

// uname returns an environment in which uname says this.
func (s *site) uname(t *testing.T, system, machine string) []string {
	t.Helper()
	bin := t.TempDir()
	write(t, filepath.Join(bin, "uname"), fmt.Sprintf("#!/bin/sh\n[ $1 = -s ] && echo %s || echo %s\n", system, machine))
	if err := os.Chmod(filepath.Join(bin, "uname"), 0o700); err != nil {
		t.Fatal(err)
	}
	return []string{"PATH=" + bin + ":" + s.bin + ":/usr/bin:/bin"}
}

// TestNotBuilt breaks an installed collection in the ways a person meets.
func TestNotBuilt(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		path := filepath.Join(s.dir, "broken")
		s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "--offline", s.ball, "-p", path).installed(t)
		binaries := filepath.Join(path, "ansible_collections/openstack_ops/placement/binaries")
		env := []string{"ANSIBLE_COLLECTIONS_PATH=" + path}
		for _, file := range []string{"linux_amd64/placement", "linux_arm64/placement"} {
			if err := os.WriteFile(filepath.Join(binaries, file), []byte("other"), 0o600); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		s.play(t, task(""), env).fails(t, "is not the file that sha256.json describes", "make build")
		if err := os.RemoveAll(binaries); err != nil {
			t.Fatal(err)
		}
		s.play(t, task(""), env).fails(t, "holds no built programs", `make collection`, "released tarball")
	})
}

// TestProgramLookup finds programs in an installed collection: one as it is, one packed, and none.
func TestProgramLookup(t *testing.T) {
	const play = `
- hosts: target
  gather_facts: false
  tasks:
    - ansible.builtin.stat:
        path: "{{ lookup('openstack_ops.placement.program', platform) }}"
        checksum_algorithm: sha256
      delegate_to: localhost
      register: out
      failed_when: out.stat.checksum != sum or not out.stat.executable
`
	eachCore(t, func(t *testing.T, s *site) {
		path := filepath.Join(s.dir, "whole")
		s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "--offline", s.ball, "-p", path).installed(t)
		env := []string{"ANSIBLE_COLLECTIONS_PATH=" + path}
		here := "linux_" + runtime.GOARCH
		s.play(t, play, env, "-e", "platform="+here, "-e", "sum="+s.digest).ok(t)
		s.play(t, play, env, "-e", "platform=darwin_arm64", "-e", "sum="+s.apple).ok(t)
		s.play(t, play, env, "-e", "platform=plan9_mips", "-e", "sum=none").fails(t, "there is no program for plan9_mips, only for darwin_arm64, "+here)
	})
}

// courier is a connection plugin that keeps standard input to itself.
const courier = `
DOCUMENTATION = 'name: courier'
from ansible.plugins.connection.local import Connection as Local


class Connection(Local):
    transport = 'courier'
    has_pipelining = False
`

// TestConnections refuses a connection plugin that cannot hand over standard input.
func TestConnections(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		write(t, filepath.Join(s.dir, "courier.py"), courier)
		s.play(t, task(""), []string{"ANSIBLE_CONNECTION_PLUGINS=" + s.dir}, "-e", "ansible_connection=courier").
			fails(t, "the connection plugin courier cannot pass standard input")
		if s.before("2.21") { // which has no paramiko_ssh
			s.play(t, task(""), nil, "-e", "ansible_connection=paramiko_ssh").fails(t, "cannot pass standard input")
		}
	})
}
