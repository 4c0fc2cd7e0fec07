// SPDX-License-Identifier: Apache-2.0

// Package ansibletest runs modules in tests as Ansible does: JSON in, one JSON object out.
package ansibletest

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Run runs the module with these arguments and returns its answer, of a failure too.
func Run(t testing.TB, m *ansible.Module, args map[string]any) map[string]any {
	t.Helper()
	return run(t, m, args, nil)
}

// RunAtOnce runs it without the pauses between tries, for a service that a test stands in for: nothing changes meanwhile.
func RunAtOnce(t testing.TB, m *ansible.Module, args map[string]any) map[string]any {
	t.Helper()
	return run(t, m, args, func(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) })
}

func run(t testing.TB, m *ansible.Module, args map[string]any, sleep func(context.Context, time.Duration) error) map[string]any {
	t.Helper()
	in, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	ansible.Main([]*ansible.Module{m}, ansible.Process{
		Args: []string{"placement", m.Name}, Stdin: bytes.NewReader(in), Stdout: &out, Stderr: &stderr,
		StdinIsPipe: func() bool { return true }, Setenv: func(string, string) error { return nil }, Sleep: sleep,
	})
	var answer map[string]any
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatalf("the answer is no JSON: %v\n%s\n%s", err, out.String(), stderr.String())
	}
	return answer
}
