// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// Detailed is an error that has something to say to machines: its keys are merged into the result.
type Detailed interface {
	error
	ResultKeys() map[string]any
}

// outcome is everything the answer is made of.
type outcome struct {
	result any
	err    error
	stack  string
	args   *argspec.Arguments
}

// fields puts the answer together: what Ansible reads first, then the module's own, then what is only for reading.
func (c *Call) fields(out outcome) (jsontext.Object, error) {
	own, err := c.own(out)
	if err != nil {
		return nil, err
	}
	head := jsontext.Object{}
	for _, key := range []string{"changed", "failed"} {
		value, known := own.Get(key)
		if !known {
			value = false
		}
		head = append(head, jsontext.Own(key, value))
	}
	if out.err != nil {
		head[1].Value = true
		head = append(head, jsontext.Own("msg", c.message(out)))
	}
	all := head
	for _, p := range own {
		if _, known := all.Get(p.Key); !known {
			all = append(all, jsontext.Own(p.Key, p.Value))
		}
	}
	return append(all, c.tail(out, all)...), nil
}

// own is what the module returned, and what its error adds.
func (c *Call) own(out outcome) (jsontext.Object, error) {
	tree, err := jsontext.Tree(reflect.ValueOf(out.result), 0)
	if err != nil {
		return nil, err
	}
	own, ok := tree.(jsontext.Object)
	if !ok && tree != nil {
		return nil, fmt.Errorf("a %T is not an object", out.result)
	}
	var detailed Detailed
	if !errors.As(out.err, &detailed) {
		return own, nil
	}
	more, err := jsontext.Tree(reflect.ValueOf(detailed.ResultKeys()), 0)
	if err != nil {
		return nil, err
	}
	added, _ := more.(jsontext.Object) // a map makes an object
	for _, p := range added {
		if at := slices.IndexFunc(own, func(known jsontext.Pair) bool { return known.Key == p.Key }); at >= 0 {
			own[at].Value = p.Value
			continue
		}
		own = append(own, p)
	}
	return own, nil
}

func (c *Call) message(out outcome) string {
	if text := c.line(out.err.Error()); text != "" {
		return text
	}
	return "the module failed without saying why"
}

func (c *Call) tail(out outcome, known jsontext.Object) jsontext.Object {
	more := jsontext.Object{}
	if warnings := c.warned(); len(warnings) > 0 {
		list := make([]any, len(warnings))
		for i, text := range warnings {
			list[i] = text
		}
		more = append(more, jsontext.Own("warnings", list))
	}
	if out.stack != "" {
		more = append(more, jsontext.Own("exception", out.stack))
	}
	if out.args != nil {
		more = append(more, jsontext.Own("invocation", jsontext.Object{jsontext.Own("module_args", out.args.Shown())}))
	}
	return slices.DeleteFunc(more, func(p jsontext.Pair) bool {
		_, taken := known.Get(p.Key)
		return taken
	})
}
