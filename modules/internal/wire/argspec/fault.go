// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"errors"
	"fmt"
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
	text := "value of " + e.Option + " " + e.Reason
	if e.Value != "" {
		text += ", got: " + e.Value
	}
	return text
}

// option is the name of the top-level option that the error is about.
func (e *Error) option() string {
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
	all := several.Join(f.list...)
	if len(f.list) < 2 {
		return all
	}
	return fmt.Errorf("%d faults in the options: %w", len(f.list), all)
}
