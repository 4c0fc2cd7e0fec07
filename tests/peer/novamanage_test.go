// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// novaManage is `nova-manage placement audit --verbose`, ready to run.
type novaManage struct {
	in  *os.File
	out *bufio.Scanner
}

// newNovaManage has Nova imported. It is ended with the test.
func newNovaManage(t *testing.T, l *live.Lab) *novaManage {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(l.Python, "testdata/nova-manage.py", filepath.Join(l.ConfigDir, "nova", "nova.conf"), l.Logs["nova-manage"])
	cmd.Stdin = read
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = write.Close(), read.Close()
		_ = cmd.Wait()
	})
	m := &novaManage{write, bufio.NewScanner(out)}
	if !m.out.Scan() || m.out.Text() != "ready" {
		t.Fatalf("nova-manage.py says %q", m.out.Text())
	}
	return m
}

// orphans returns the consumers that it calls orphaned, each once.
func (m *novaManage) orphans() ([]string, error) {
	if _, err := m.in.WriteString("\n"); err != nil {
		return nil, err
	}
	var said, consumers []string
	for m.out.Scan() {
		line := m.out.Text()
		if code, ended := strings.CutPrefix(line, "exit "); ended {
			if code != "0" && code != "3" { // 3: it found some
				return nil, fmt.Errorf("nova-manage exits %s: %s", code, strings.Join(said, "\n"))
			}
			slices.Sort(consumers)
			return slices.Compact(consumers), nil
		}
		said = append(said, line)
		if rest, ok := strings.CutPrefix(line, "Allocations for consumer UUID "); ok {
			consumers = append(consumers, rest[:36])
		}
	}
	return nil, fmt.Errorf("nova-manage.py ended: %v, %s", m.out.Err(), strings.Join(said, "\n")) //nolint:errorlint // often nil
}
