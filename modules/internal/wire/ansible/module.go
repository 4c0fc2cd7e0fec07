// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"reflect"
	"strings"
	"time"
)

// Version is the version of the collection and of its binary.
const Version = "0.2.0"

// Collection is the full name of the collection that the modules belong to.
const Collection = "openstack_ops.placement"

// Module is one Ansible module: a name, its options, its documentation and the function that does the work.
type Module struct {
	// Name is the module's name without its collection, such as placement_audit.
	Name string

	doc    []byte
	bind   func() bound
	result reflect.Type
}

// bound is one options struct together with the run function that takes it.
type bound struct {
	options any
	run     func(context.Context, *Call) (any, error)
}

// Define declares a module. O is the struct of its options, one tagged field for each; R is what it returns: a struct or a map,
// or a pointer to one; doc is the text of its doc.yml.
//
// "changed" and "failed" are added to the result where they are missing. A result may accompany an error and is then kept
// beside "msg". A pointer to O may have the methods of Validator, argspec.Constrained, argspec.Discreet and Timed; those of embedded structs, which
// have to be of exported types, are honoured too, whether or not O's own method calls them. A nested struct that the user left
// out is left zero: its defaults apply only where it is given.
func Define[O, R any](name string, doc []byte, run func(ctx context.Context, call *Call, opts *O) (R, error)) *Module {
	return &Module{Name: name, doc: doc, result: reflect.TypeFor[R](), bind: func() bound {
		opts := new(O)
		return bound{options: opts, run: func(ctx context.Context, call *Call) (any, error) {
			result, err := run(ctx, call, opts)
			if v := reflect.ValueOf(result); v.Kind() == reflect.Pointer && v.IsNil() {
				return nil, err // and not a nil pointer, which is something
			}
			return result, err
		}}
	}}
}

// Timed is an options struct that limits the time of the whole task. Zero is no limit.
type Timed interface {
	TaskTimeout() time.Duration
}

// FullName is the name of the module with its collection.
func (m *Module) FullName() string {
	return Collection + "." + m.Name
}

// ShortName is what a person may type instead of the name: audit for placement_audit.
func (m *Module) ShortName() string {
	_, collection, _ := strings.Cut(Collection, ".")
	return strings.TrimPrefix(m.Name, collection+"_")
}
