// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// Error is a fault of the user's in one option.
type Error struct {
	// Option is the canonical name; below a dict or list the path, joined by " -> ".
	Option string
	// Value is what was given. Empty if there is nothing to show.
	Value string
	// Reason says what would be right and completes the sentence "value of OPTION …": "must be 0 or more".
	Reason string
}

// Error is one sentence that names the option, what would be right, and what was given.
func (e *Error) Error() string {
	return "value of " + e.Option + " " + e.Reason + got(e.Value)
}

// plain is the sentence about the option under another name.
func (e *Error) plain(name Naming) string {
	return name.below(nil, strings.ReplaceAll(e.Option, " -> ", ".")) + " " + e.Reason + got(e.Value)
}

// option is the name of the top-level option that the error is about.
func (e *Error) option() string {
	name, _, _ := strings.Cut(e.Option, " -> ")
	name, _, _ = strings.Cut(name, "[")
	return name
}

// Naming is how an option is called by those who read about it, such as --max-changes in a command line.
type Naming func(option string) string

// in is how the members of the dict at a path are called.
func (name Naming) in(path []string) Naming {
	return func(member string) string { return name.below(path, member) }
}

// below is how a member of the dict at a path is called: --reports[0].format.
func (name Naming) below(path []string, member string) string {
	whole := strings.Join(append(slices.Clone(path), member), ".")
	end := strings.IndexAny(whole, ".[")
	if end < 0 {
		end = len(whole)
	}
	return name(whole[:end]) + whole[end:]
}

func (name Naming) all(options []string, between string) string {
	names := make([]string, len(options))
	for i, option := range options {
		names[i] = name(option)
	}
	return strings.Join(names, between)
}

// fault is against the type or the limits of one option, or against a rule between several.
type fault struct {
	text  string // in the words of Ansible
	words func(Naming) string
}

func (f *fault) Error() string { return f.text }

func (f *fault) plain(name Naming) string { return f.words(name) }

// Faulty is everything that is wrong with the arguments of one call.
type Faulty struct{ list []error }

func (f *Faulty) Error() string {
	text := several.Join(f.list...).Error()
	if len(f.list) < 2 {
		return text
	}
	return fmt.Sprintf("%d faults in the options: %s", len(f.list), text)
}

// Unwrap leads to each of the faults.
func (f *Faulty) Unwrap() []error { return f.list }

// Plain is each fault in the options without the words that only Ansible uses, with options under the names that their readers
// know. It is empty for an error about something else.
func Plain(err error, name Naming) []string {
	list, faulty := several.Apart(err), false
	var all *Faulty
	if errors.As(err, &all) {
		list, faulty = all.list, true
	}
	texts := make([]string, len(list))
	for i, one := range list {
		worded, known := one.(interface{ plain(name Naming) string })
		switch {
		case known:
			texts[i] = worded.plain(name)
		case faulty:
			texts[i] = one.Error()
		default:
			return nil
		}
	}
	return texts
}

// faults collects everything that is wrong with the arguments of one call.
type faults struct {
	list    []error
	seen    map[string]bool
	options map[string]bool
}

// add keeps err, said about the named top-level option ("" for none).
func (f *faults) add(option string, err error) {
	if f.seen == nil {
		f.seen, f.options = map[string]bool{}, map[string]bool{}
	}
	if f.seen[err.Error()] {
		return
	}
	f.seen[err.Error()] = true
	f.list = append(f.list, err)
	if option != "" {
		f.options[option] = true
	}
}

// merge keeps the errors of a Validate, but not what it says about options that are known to be at fault.
func (f *faults) merge(err error) {
	known := map[string]bool{}
	for name := range f.options {
		known[name] = true
	}
	for _, leaf := range several.Apart(err) {
		var about *Error
		if errors.As(leaf, &about) && known[about.option()] {
			continue
		}
		f.add("", leaf)
	}
}

// err is nil without faults.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Faulty{f.list}
}
