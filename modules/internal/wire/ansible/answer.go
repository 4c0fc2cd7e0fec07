// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
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
	args   *arguments
}

// answer prints the one JSON object and returns the exit code.
func (c *Call) answer(w io.Writer, out outcome) int {
	fields, err := c.fields(out)
	if err != nil {
		out.err = errors.Join(out.err, fmt.Errorf("internal error: the result can't be written: %w", err))
		out.result = nil
		if fields, err = c.fields(out); err != nil {
			fields = object{{"changed", false, true}, {"failed", true, true}, {"msg", "internal error: " + err.Error(), true}}
		}
	}
	var text bytes.Buffer
	c.mask.masker().write(&text, fields)
	text.WriteByte('\n')
	if _, err := w.Write(text.Bytes()); err != nil {
		return 1
	}
	if failed, _ := fields.get("failed"); failed == true {
		return 1
	}
	return 0
}

// fields puts the answer together: what Ansible reads first, then the module's own, then what is only for reading.
func (c *Call) fields(out outcome) (object, error) {
	own, err := c.own(out)
	if err != nil {
		return nil, err
	}
	head := object{}
	for _, key := range []string{"changed", "failed"} {
		value, known := own.get(key)
		if !known {
			value = false
		}
		head = append(head, pair{key, value, true})
	}
	if out.err != nil {
		head[1].value = true
		head = append(head, pair{"msg", c.message(out), true})
	}
	all := head
	for _, p := range own {
		if _, known := all.get(p.key); !known {
			all = append(all, pair{p.key, p.value, true})
		}
	}
	return append(all, c.tail(out, all)...), nil
}

// own is what the module returned, and what its error adds.
func (c *Call) own(out outcome) (object, error) {
	tree, err := treeOf(reflect.ValueOf(out.result), 0)
	if err != nil {
		return nil, err
	}
	own, ok := tree.(object)
	if !ok && tree != nil {
		return nil, fmt.Errorf("a %T is not an object", out.result)
	}
	var detailed Detailed
	if !errors.As(out.err, &detailed) {
		return own, nil
	}
	more, err := treeOf(reflect.ValueOf(detailed.ResultKeys()), 0)
	if err != nil {
		return nil, err
	}
	added, _ := more.(object) // a map makes an object
	for _, p := range added {
		if at := slices.IndexFunc(own, func(known pair) bool { return known.key == p.key }); at >= 0 {
			own[at].value = p.value
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

func (c *Call) tail(out outcome, known object) object {
	more := object{}
	if warnings := c.warned(); len(warnings) > 0 {
		list := make([]any, len(warnings))
		for i, text := range warnings {
			list[i] = text
		}
		more = append(more, pair{"warnings", list, true})
	}
	if out.stack != "" {
		more = append(more, pair{"exception", out.stack, true})
	}
	if out.args != nil {
		args := invocation(out.args.table, out.args.values)
		more = append(more, pair{"invocation", object{{"module_args", args, true}}, true})
	}
	return slices.DeleteFunc(more, func(p pair) bool {
		_, taken := known.get(p.key)
		return taken
	})
}

// invocation shows the arguments as the module saw them: canonical names, defaults filled in, secrets replaced.
func invocation(table []*Option, values map[string]any) object {
	shown := object{}
	for _, o := range table {
		v, set := values[o.Name]
		if !set {
			continue
		}
		shown = append(shown, pair{o.Name, o.shown(v), true})
	}
	return shown
}

func (o *Option) shown(v any) any {
	switch list, _ := v.([]any); {
	case o.NoLog:
		return masked
	case o.Harmless != nil:
		return o.discreetly(hide(v))
	case o.Options == nil:
		return hide(v)
	case list == nil:
		dict, _ := v.(map[string]any) // what has suboptions is a dict or a list of them
		return invocation(o.Options, dict)
	default:
		items := make([]any, len(list))
		for i, item := range list {
			dict, _ := item.(map[string]any)
			items[i] = invocation(o.Options, dict)
		}
		return items
	}
}

// hide replaces what stands below telling keys, whatever its type.
func hide(v any) any {
	switch v := v.(type) {
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = hide(item)
		}
		return items
	case map[string]any:
		dict := make(map[string]any, len(v))
		for key, item := range v {
			dict[key] = hide(item)
			if IsSecretKey(key) && item != nil {
				dict[key] = masked
			}
		}
		return dict
	}
	return v
}
