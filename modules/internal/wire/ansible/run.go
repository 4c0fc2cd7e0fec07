// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// stopGrace is how long a module may take to stop once it was told to. Then it is answered for.
const stopGrace = 5 * time.Second

// run decodes the arguments and lets the module work.
func (m *Module) run(call *Call, args map[string]any) (out outcome) {
	defer m.recover(&out)
	bound := m.bind()
	decoded, err := m.decode(call, args, bound.options)
	if err != nil {
		return outcome{err: fmt.Errorf("internal error in %s: %w", m.Name, err)}
	}
	if err := decoded.Err(); err != nil {
		return outcome{err: err, args: decoded}
	}
	limit := timeout(bound.options)
	ctx, cancel := limited(limit)
	defer cancel()
	out = m.work(ctx, call, bound)
	out.args = decoded
	if out.err != nil && out.stack == "" && ctx.Err() != nil {
		out.err = &stopped{cause: context.Cause(ctx), err: out.err}
	}
	return out
}

// work runs the module where a panic, a deaf module and one that takes all memory can be dealt with.
func (m *Module) work(ctx context.Context, call *Call, bound bound) outcome {
	done := make(chan outcome, 1)
	over, stop := watchMemory()
	defer stop()
	go func() {
		var out outcome
		defer func() { done <- out }()
		defer m.recover(&out)
		out.result, out.err = bound.run(ctx, call)
	}()
	select {
	case out := <-done:
		return out
	case err := <-over:
		return outcome{err: err}
	case <-ctx.Done():
	}
	select {
	case out := <-done:
		return out
	case err := <-over:
		return outcome{err: err}
	case <-time.After(stopGrace):
		return outcome{err: fmt.Errorf("it did not stop within %v", stopGrace)}
	}
}

// recover turns a panic into an answer.
func (m *Module) recover(out *outcome) {
	if reason := recover(); reason != nil {
		*out = outcome{
			err:   fmt.Errorf("internal error in %s: %v", m.Name, reason),
			stack: string(debug.Stack()),
			args:  out.args,
		}
	}
}

// stopped is an error of a module that was told to stop; it says why, and keeps what the error can tell.
type stopped struct{ cause, err error }

// Error begins with the reason: what the module says is mostly a consequence.
func (e *stopped) Error() string {
	return e.cause.Error() + ": " + e.err.Error()
}

// Unwrap leads to the module's own error.
func (e *stopped) Unwrap() error {
	return e.err
}

// timeout is what the options say, or what a struct embedded in them says; zero is none.
func timeout(options any) time.Duration {
	for _, part := range argspec.Parts(options) {
		if timed, ok := part.(Timed); ok {
			return timed.TaskTimeout()
		}
	}
	return 0
}

// limited is a context that ends with the time limit or with a signal, and says which.
func limited(limit time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	// SIGHUP comes when the ssh connection breaks; SIGTERM from a timeout of Ansible's.
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		select {
		case got := <-signals:
			cancel(fmt.Errorf("stopped by a signal (%v)", got))
		case <-ctx.Done():
		}
	}()
	stop := func() {
		signal.Stop(signals)
		cancel(errors.New("the task is over"))
	}
	if limit <= 0 {
		return ctx, stop
	}
	timed, release := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not finished within the timeout of %v", limit))
	return timed, func() { release(); stop() }
}
