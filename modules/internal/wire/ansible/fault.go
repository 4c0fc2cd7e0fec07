// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// OptionError is a fault of the user's in one option.
type OptionError struct {
	// Option is the canonical name; below a dict or list the path, joined by " -> ".
	Option string
	// Value is what was given. Empty if there is nothing to show.
	Value string
	// Reason says what would be right and completes the sentence "value of OPTION …": "must be 0 or more".
	Reason string
}

// Error is one sentence that names the option, what would be right, and what was given.
func (e *OptionError) Error() string {
	text := "value of " + e.Option + " " + e.Reason
	if e.Value != "" {
		text += ", got: " + e.Value
	}
	return text
}

// option is the name of the top-level option that the error is about.
func (e *OptionError) option() string {
	name, _, _ := strings.Cut(e.Option, " -> ")
	name, _, _ = strings.Cut(name, "[")
	return name
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
	for _, leaf := range leaves(err) {
		var about *OptionError
		if errors.As(leaf, &about) && known[about.option()] {
			continue
		}
		f.add("", leaf)
	}
}

// err is nil without faults.
func (f *faults) err() error {
	all := multierror.Append(nil, f.list...)
	all.ErrorFormat = oneLine
	return all.ErrorOrNil()
}

// oneLine keeps the text on one line: Ansible prints msg as a JSON string, where a line break reads as \n.
func oneLine(list []error) string {
	if len(list) == 1 {
		return list[0].Error()
	}
	texts := make([]string, len(list))
	for i, err := range list {
		texts[i] = fmt.Sprintf("(%d) %s", i+1, strings.TrimSuffix(err.Error(), "."))
	}
	return fmt.Sprintf("%d faults in the options: %s", len(list), strings.Join(texts, "; "))
}

// leaves takes joined errors apart.
func leaves(err error) []error {
	if err == nil {
		return nil
	}
	var parts []error
	switch joined := err.(type) { //nolint:errorlint // only a join itself is taken apart, not what wraps one
	case interface{ Unwrap() []error }:
		parts = joined.Unwrap()
	case *multierror.Error:
		parts = joined.WrappedErrors()
	default:
		return []error{err}
	}
	var all []error
	for _, part := range parts {
		all = append(all, leaves(part)...)
	}
	return all
}
