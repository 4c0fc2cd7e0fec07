// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"fmt"
	"io"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
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
	out := outcome{err: t.fault}
	if t.fault == nil {
		out = t.Module.run(t.Call, t.Args)
	}
	return Answer{call: t.Call, result: out.result, fields: t.Call.answer(out), err: out.err}
}

// answer is the one object that Ansible gets. A result that can't be written is a failure.
func (c *Call) answer(out outcome) jsontext.Object {
	fields, err := c.fields(out)
	if err == nil {
		return fields
	}
	out.err = several.Join(out.err, fmt.Errorf("internal error: the result can't be written: %w", err))
	out.result = nil
	if fields, err = c.fields(out); err == nil {
		return fields
	}
	return jsontext.Object{
		jsontext.Own("changed", false), jsontext.Own("failed", true), jsontext.Own("msg", "internal error: "+err.Error()),
	}
}

// Answer is what a module answered, or why it could not.
type Answer struct {
	call   *Call
	result any
	fields jsontext.Object
	err    error
}

// Result is what the module returned; nil if it returned nothing. It may be there beside a failure. Secrets of the call may be
// in it: see Masked.
func (a Answer) Result() any { return a.result }

// Failed reports whether the module failed.
func (a Answer) Failed() bool { return a.is("failed") }

// Changed reports whether the module changed something, or would have without check mode.
func (a Answer) Changed() bool { return a.is("changed") }

// WouldChange reports whether check mode left out a change.
func (a Answer) WouldChange() bool { return a.call.CheckMode && a.Changed() }

func (a Answer) is(key string) bool {
	value, _ := a.fields.Get(key)
	return value == true
}

// Message is the sentence of the answer on one line and without secrets; empty if it has none.
func (a Answer) Message() string {
	msg, _ := a.fields.Get("msg")
	text, _ := msg.(string)
	return a.call.line(text)
}

// Faults are what is wrong with the options, if the call failed for that, under the names that their readers know: each on one line
// and without secrets.
func (a Answer) Faults(name argspec.Naming) []string {
	all := argspec.Plain(a.err, name)
	for i, text := range all {
		all[i] = a.call.line(text)
	}
	return all
}

// Warnings are the warnings, each on one line and without secrets.
func (a Answer) Warnings() []string { return a.call.warned() }

// Masked is the text without the secrets of the call.
func (a Answer) Masked(text string) string { return a.call.Masked(text) }

// WriteJSON writes the one object, on one line.
func (a Answer) WriteJSON(w io.Writer) error {
	var text bytes.Buffer
	a.call.mask.Masker().Write(&text, a.fields)
	text.WriteByte('\n')
	_, err := w.Write(text.Bytes())
	return err
}
