// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"fmt"
	"io"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// Task is one call of a module with its arguments.
type Task struct {
	Module *Module
	Call   *Call
	Args   map[string]any

	fault error // why there is none
}

// NewTask is the call of a module by a process: its pauses and its clock are those of the process.
func NewTask(m *Module, args map[string]any, p Process) Task {
	call := &Call{sleep: p.Sleep, now: p.Now}
	call.mask.AddBelow(args)
	return Task{Module: m, Call: call, Args: args}
}

// Ask reads the call that Ansible makes: the module by the command line, by Ansible's word or by the name of the program, the
// arguments from the file that the command line names, else from standard input.
func Ask(mods []*Module, p Process) Task {
	call := &Call{sleep: p.Sleep, now: p.Now}
	module, args, err := commandOf(mods, p.Args).prepare(mods, p, call)
	return Task{Module: module, Call: call, Args: args, fault: err}
}

// Do runs the module.
func (t Task) Do() Answer {
	if t.fault != nil {
		return Answer{t.Call, outcome{err: t.fault}}
	}
	return Answer{t.Call, t.Module.run(t.Call, t.Args)}
}

// Answer is what a module answered, or why it could not.
type Answer struct {
	call *Call
	out  outcome
}

// Result is what the module returned; nil if it returned nothing. It may be there beside a failure. Secrets of the call may be
// in it: see Masked.
func (a Answer) Result() any { return a.out.result }

// Failed reports whether the module failed.
func (a Answer) Failed() bool {
	fields := a.Fields()
	failed, _ := fields.Get("failed")
	return failed == true
}

// WouldChange reports whether check mode left out a change.
func (a Answer) WouldChange() bool {
	fields := a.Fields()
	changed, _ := fields.Get("changed")
	return a.call.CheckMode && changed == true
}

// Warnings are the warnings, each on one line and without secrets.
func (a Answer) Warnings() []string { return a.call.warned() }

// Masked is the text without the secrets of the call.
func (a Answer) Masked(text string) string { return a.call.Masked(text) }

// Fields is the one object that Ansible gets, before secrets are masked. A result that can't be written is a failure.
func (a Answer) Fields() jsontext.Object {
	fields, err := a.call.fields(a.out)
	if err == nil {
		return fields
	}
	a.out.err = several.Join(a.out.err, fmt.Errorf("internal error: the result can't be written: %w", err))
	a.out.result = nil
	if fields, err = a.call.fields(a.out); err == nil {
		return fields
	}
	return jsontext.Object{
		jsontext.Own("changed", false), jsontext.Own("failed", true), jsontext.Own("msg", "internal error: "+err.Error()),
	}
}

// WriteJSON writes the one object, on one line.
func (a Answer) WriteJSON(w io.Writer) error {
	var text bytes.Buffer
	a.call.mask.Masker().Write(&text, a.Fields())
	text.WriteByte('\n')
	_, err := w.Write(text.Bytes())
	return err
}
