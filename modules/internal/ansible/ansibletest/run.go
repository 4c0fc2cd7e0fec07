// SPDX-License-Identifier: Apache-2.0

// Package ansibletest runs modules in tests as Ansible does: JSON in, one JSON object out.
package ansibletest

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/ansible"
)

// Run runs the module with these arguments and returns its answer, of a failure too.
func Run(t testing.TB, m *ansible.Module, args map[string]any) map[string]any {
	t.Helper()
	in, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	ansible.Main([]*ansible.Module{m}, ansible.Process{
		Args: []string{"placement", m.Name}, Stdin: bytes.NewReader(in), Stdout: &out, Stderr: &stderr,
		StdinIsPipe: func() bool { return true }, Setenv: func(string, string) error { return nil },
	})
	var answer map[string]any
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatalf("the answer is no JSON: %v\n%s\n%s", err, out.String(), stderr.String())
	}
	return answer
}
