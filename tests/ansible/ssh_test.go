// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSSH runs over an OpenSSH server of its own on loopback.
func TestSSH(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		port := s.sshd(t)
		write(t, filepath.Join(s.dir, "hosts"), fmt.Sprintf(
			"target ansible_host=127.0.0.1 ansible_port=%s ansible_ssh_private_key_file=%s/client\n"+
				"[all:vars]\nansible_connection=ssh\nansible_python_interpreter=/nonexistent\n"+
				"ansible_ssh_common_args=\"-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ControlPath=none -F none\"\n",
			port, s.dir))

		// Ten times what a pipe holds, when nobody is there yet to take it.
		s.play(t, task("answer: noise, text: \"{{ 'x' * 1000000 }}\""), nil).ok(t)
		if got := programs(t, s.cache); len(got) != 1 || got[0] != s.digest {
			t.Errorf("the cache holds %v, want %s alone", got, s.digest)
		}
		arrived := "failed_when: not out.ssh or out.args.text != 'x' or out.internal.environment.PROBE != 'y'"
		r := s.play(t, task("text: x, password: "+marker, arrived, "register: out", "environment: {PROBE: y}"), nil, "-vvv").ok(t)
		if got := strings.Count(r.out, "SSH: EXEC"); got != 1 {
			t.Errorf("%d commands:\n%s", got, r.out)
		}
		if strings.Contains(r.out, marker) {
			t.Errorf("a password in the output:\n%s", r.out)
		}
		s.play(t, task("", "become: true", "become_user: nobody", "register: out", "failed_when: out.uid == 0"), nil).ok(t)
		s.play(t, task("answer: garbage"), nil).fails(t, "ended with status 3", "what went wrong")
		s.play(t, task(""), nil, "-e", "ansible_port=1").fails(t, "UNREACHABLE")
	})
}

// sshd starts a server that knows one key, and returns its port. It puts the cache into the site's home.
func (s *site) sshd(t *testing.T) string {
	t.Helper()
	for _, key := range []string{"host", "client"} {
		if err := command(s.dir, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(s.dir, key)); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() == 0 {
		mkdir(t, "/run/sshd", 0o755)
	}
	port := freePort(t)
	write(t, filepath.Join(s.dir, "sshd_config"), strings.Join([]string{
		"ListenAddress 127.0.0.1", "Port " + port, "HostKey " + s.dir + "/host", "AuthorizedKeysFile " + s.dir + "/client.pub",
		"PidFile none", "UsePAM no", "StrictModes no", "PermitRootLogin yes", "PasswordAuthentication no",
		"SetEnv XDG_CACHE_HOME=" + filepath.Dir(s.cache), "",
	}, "\n"))
	mkdir(t, filepath.Dir(s.cache), 0o700)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "/usr/sbin/sshd", "-D", "-e", "-f", filepath.Join(s.dir, "sshd_config"))
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatalf("run `make setup`: %v", err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait()
	})
	await(t, port)
	return port
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// await waits until somebody listens on the port.
func await(t *testing.T, port string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
		if err == nil {
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("nobody listens on port " + port)
}
