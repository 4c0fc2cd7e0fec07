// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// walk checks a dict of arguments along a table of options.
type walk struct {
	module string
	into   *Arguments
}

// fault keeps what is wrong with a member of the dict at the path. text is in the words of Ansible; predicate follows the member's
// name in others.
func (w *walk) fault(path []string, name, text, predicate string) {
	w.keep(path, name, text, func(called Naming) string { return called.below(path, name) + " " + predicate })
}

func (w *walk) keep(path []string, name, text string, plain func(Naming) string) {
	option := name
	if len(path) > 0 {
		option = path[0]
		text += " found in " + strings.Join(path, " -> ")
	}
	option, _, _ = strings.Cut(option, "[")
	w.into.faults.add(option, &fault{text, plain})
}

// value keeps a fault of a value.
func (w *walk) value(path []string, name, predicate string) {
	w.fault(path, name, "value of "+name+" "+predicate, predicate)
}

// dict checks in against the table; path leads to it. given is told the canonical name of each option that is set.
func (w *walk) dict(table []*Option, in map[string]any, path []string, given func(string)) map[string]any {
	left := maps.Clone(in)
	out := map[string]any{}
	var missing []string
	for _, o := range table {
		v := w.take(o, left)
		if v == nil && o.Required {
			missing = append(missing, o.Name)
		}
		if v == nil {
			v = o.Default
		} else {
			given(o.Name)
		}
		if v == nil {
			continue
		}
		if checked, ok := w.option(o, v, path); ok {
			out[o.Name] = checked
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		w.missing(missing, path)
	}
	w.unsupported(table, left, path)
	return out
}

func (w *walk) missing(names, path []string) {
	w.keep(path, names[0], "missing required arguments: "+strings.Join(names, ", "), func(called Naming) string {
		verb := map[bool]string{true: " is required", false: " are required"}[len(names) == 1]
		return called.in(path).all(names, " and ") + verb
	})
	for _, name := range names[1:] {
		if len(path) == 0 {
			w.into.faults.options[name] = true
		}
	}
}

// take removes the option and its aliases from left and returns its value. As in Ansible the alias wins.
func (w *walk) take(o *Option, left map[string]any) any {
	v, set := left[o.Name]
	delete(left, o.Name)
	for _, alias := range o.Aliases {
		other, ok := left[alias]
		if !ok {
			continue
		}
		if set {
			w.into.Doubts = append(w.into.Doubts, fmt.Sprintf("Both option %s and its alias %s are set.", o.Name, alias))
		}
		v, set = other, true
		delete(left, alias)
	}
	return v
}

func (w *walk) unsupported(table []*Option, left map[string]any, path []string) {
	if len(left) == 0 {
		return
	}
	var names, aliases []string
	for _, o := range table {
		names = append(names, o.Name)
		aliases = append(aliases, o.Aliases...)
	}
	slices.Sort(names)
	slices.Sort(aliases)
	strange := slices.Sorted(maps.Keys(left))
	unknown := Naming(func(option string) string { return option }).in(path).all(strange, ", ")
	supported := strings.Join(names, ", ")
	if len(aliases) > 0 {
		supported += " (" + strings.Join(aliases, ", ") + ")"
	}
	w.into.faults.add("", &fault{
		fmt.Sprintf("Unsupported parameters for (%s) module: %s. Supported parameters include: %s.", w.module, unknown, supported),
		func(called Naming) string {
			return "unknown: " + called.in(path).all(strange, ", ") + "; known are: " + supported
		},
	})
}

// option coerces one value and checks it; false means that there was a fault.
func (w *walk) option(o *Option, v any, path []string) (any, bool) {
	coerced, err := o.coerce(v)
	if err != nil {
		w.conversion(o, v, path, err)
		return nil, false
	}
	before := len(w.into.faults.list)
	switch v := coerced.(type) {
	case []any:
		if o.Type == List {
			coerced = w.list(o, v, path)
		}
	case map[string]any:
		if o.Type == Dict {
			coerced = w.inner(o, v, append(slices.Clone(path), o.Name))
		}
	}
	coerced = w.choose(o, coerced, path)
	for _, text := range o.limits(coerced) {
		w.value(path, o.Name, text+got(o.show(v)))
	}
	return coerced, len(w.into.faults.list) == before
}

func (w *walk) conversion(o *Option, v any, path []string, err error) {
	shown := got(o.show(v))
	w.fault(path, o.Name, fmt.Sprintf("argument '%s' is of type %s and we were unable to convert to %s: %v%s", o.Name, jsontext.TypeOf(v), o.Type, err, shown),
		"must be "+kinds(o.Type)+reason(err)+shown)
}

// inner checks the keys and values of a dict.
func (w *walk) inner(o *Option, dict map[string]any, path []string) map[string]any {
	if o.Options != nil {
		return w.dict(o.Options, dict, path, func(string) {})
	}
	if o.Values == nil {
		free, _ := plain(dict).(map[string]any)
		return free
	}
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		each := *o.Values
		each.Name = key
		if v, ok := w.option(&each, dict[key], path); ok {
			out[key] = v
		}
	}
	return out
}

// list checks each element of a list.
func (w *walk) list(o *Option, items []any, path []string) []any {
	out := []any{}
	for i, item := range items {
		v, err := scalar(o.Elements, item)
		if err != nil {
			shown := got(o.show(item))
			w.fault(path, o.Name, fmt.Sprintf("Elements value for option '%s' is of type %s and we were unable to convert to %s: %v%s",
				o.Name, jsontext.TypeOf(item), o.Elements, err, shown), "must be a list, and each value "+kinds(o.Elements)+reason(err)+shown)
			continue
		}
		if dict, ok := v.(map[string]any); ok && o.Elements == Dict {
			v = w.element(o, dict, append(slices.Clone(path), fmt.Sprintf("%s[%d]", o.Name, i)))
		}
		if o.Values != nil {
			for _, text := range o.Values.limits(v) {
				w.value(path, fmt.Sprintf("%s[%d]", o.Name, i), text+got(o.show(item)))
			}
		}
		out = append(out, v)
	}
	return out
}

func (w *walk) element(o *Option, dict map[string]any, path []string) any {
	if o.Options != nil {
		return w.dict(o.Options, dict, path, func(string) {})
	}
	return w.inner(o.Values, dict, path)
}

func got(shown string) string {
	if shown == "" {
		return ""
	}
	return ", got: " + shown
}

func (w *walk) constraints(c Constraints, values map[string]any) {
	given := func(option string) bool { return w.into.Given[option] }
	for _, f := range append(c.exclusive(given), c.required(values)...) {
		w.into.faults.add("", f)
	}
}
