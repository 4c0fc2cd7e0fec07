// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const marker = "m4rker-Pa55word"

// TestSecrets runs the real program against a cloud that accepts a connection and hangs up after a look. While it waits, no
// process and no file shows the password; afterwards no output at the highest verbosity does.
func TestSecrets(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		seen := make(chan string, 1)
		url := silent(t, func() { seen <- s.look(t) })
		book := filepath.Join(s.dir, "secret.yml")
		write(t, book, fmt.Sprintf(`
- hosts: target
  gather_facts: false
  tasks:
    - openstack_ops.placement.placement_audit:
        auth: {auth_url: "%s/v3", username: admin, password: %s, project_name: admin, user_domain_name: Default,
               project_domain_name: Default}
      environment: {OS_PASSWORD: %s}
`, url, marker, marker))
		env := []string{"ANSIBLE_DEBUG=1", "ANSIBLE_KEEP_REMOTE_FILES=1", "TMPDIR=" + s.home}
		r := s.run(t, s.root, env, "ansible-playbook", "-vvvvv", book)
		if at := strings.Index(r.out, "FAILED! =>"); at < 0 || !strings.Contains(r.out[at:], url) {
			t.Errorf("the task did not end as it should: status %d", r.code)
		}
		if strings.Contains(r.out, marker) {
			t.Errorf("the password is in the output:\n%s", around(r.out, marker))
		}
		if got := <-seen; got != "nothing" {
			t.Errorf("while the task ran: %s", got)
		}
	})
}

// silent accepts connections, calls back at the first one, and ends each without an answer.
func silent(t *testing.T, first func()) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				break
			}
			if n == 0 {
				first()
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return "http://" + listener.Addr().String()
}

// look searches command lines, environments and the files below the home for the marker.
func (s *site) look(t *testing.T) string {
	t.Helper()
	for _, pattern := range []string{"/proc/[0-9]*/cmdline", "/proc/[0-9]*/environ"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			return fmt.Sprintf("no processes: %v", err)
		}
		for _, path := range paths {
			if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte(marker)) {
				return path + " shows " + strings.ReplaceAll(string(text), "\x00", " ")
			}
		}
	}
	found := "nothing"
	err := filepath.WalkDir(s.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // a file that is gone by now shows nothing
		}
		if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte(marker)) {
			found = path
		}
		return nil
	})
	if err != nil {
		return err.Error()
	}
	return found
}

// around returns the lines that hold the needle.
func around(text, needle string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.Contains(line, needle) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
