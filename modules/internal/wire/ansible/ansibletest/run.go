// SPDX-License-Identifier: Apache-2.0

// Package ansibletest runs modules in tests as Ansible does: JSON in, one JSON object out.
package ansibletest

import (
	"bytes"
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Run runs the module with these arguments and returns its answer, of a failure too.
func Run(t testing.TB, m *ansible.Module, args map[string]any) map[string]any {
	t.Helper()
	return run(t, m, args, ansible.Process{})
}

// RunAtOnce runs it without any pauses, for a service that a test stands in for: nothing changes meanwhile. The module's clock
// moves on by each pause.
func RunAtOnce(t testing.TB, m *ansible.Module, args map[string]any) map[string]any {
	t.Helper()
	var clock Clock
	return run(t, m, args, ansible.Process{Sleep: clock.Sleep, Now: clock.Now})
}

// RunAfter is RunAtOnce, but no pause ends before ready says so: what pauses is behind what else the module does.
func RunAfter(t testing.TB, m *ansible.Module, args map[string]any, ready func() bool) map[string]any {
	t.Helper()
	var clock Clock
	sleep := func(ctx context.Context, d time.Duration) error {
		for !ready() && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		return clock.Sleep(ctx, d)
	}
	return run(t, m, args, ansible.Process{Sleep: sleep, Now: clock.Now})
}

// Clock is a clock that moves on by each sleep, which takes no time. Its zero value is set to the real time.
type Clock struct {
	ahead atomic.Int64
}

// Now is the time with all sleeps.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// Sleep moves the clock on, unless the context has ended.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.ahead.Add(int64(d))
	return nil
}

func run(t testing.TB, m *ansible.Module, args map[string]any, p ansible.Process) map[string]any {
	t.Helper()
	in, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	p.Args, p.Stdin, p.Stdout, p.Stderr = []string{"placement", m.Name}, bytes.NewReader(in), &out, &stderr
	p.StdinIsPipe, p.Setenv = func() bool { return true }, func(string, string) error { return nil }
	ansible.Main([]*ansible.Module{m}, p)
	var answer map[string]any
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatalf("the answer is not JSON: %v\n%s\n%s", err, out.String(), stderr.String())
	}
	return answer
}
