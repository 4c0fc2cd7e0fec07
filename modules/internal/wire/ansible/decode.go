// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// arguments is what a call was given, checked.
type arguments struct {
	table  []*Option
	values map[string]any
	faults faults
}

// walk checks a dict of arguments along a table of options.
type walk struct {
	module *Module
	call   *Call
	faults *faults
}

// decode checks and coerces args and fills the options struct with them. The faults are kept in the result; an error is
// a mistake in the module itself.
func (m *Module) decode(call *Call, args map[string]any, options any) (*arguments, error) {
	table, err := m.Options()
	if err != nil {
		return nil, err
	}
	discreet(table, options)
	collectSecrets(&call.mask, table, args)
	a := &arguments{table: table}
	w := &walk{module: m, call: call, faults: &a.faults}
	call.given = map[string]bool{}
	a.values = w.dict(table, args, nil, func(name string) { call.given[name] = true })
	w.constraints(constraintsOf(options), a.values)
	if err := fill(a.values, options); err != nil {
		return nil, fmt.Errorf("fill the options of %s: %w", m.Name, err)
	}
	a.faults.merge(validate(call, options, len(a.faults.list) > 0))
	return a, nil
}

// collectSecrets has to come before anything that may say a value.
func collectSecrets(secrets *mask.Secrets, table []*Option, args map[string]any) {
	known := map[string]*Option{}
	for _, o := range table {
		known[o.Name] = o
		for _, alias := range o.Aliases {
			known[alias] = o
		}
	}
	for name, v := range args {
		switch o := known[name]; {
		case o == nil:
			secrets.AddBelow(map[string]any{name: v})
		case o.NoLog:
			secrets.AddAll(v)
		case o.Options != nil:
			collectEach(secrets, o, v)
		default:
			secrets.AddBelow(v)
			if o.Harmless != nil {
				secrets.AddOthers(v, o.harmless)
			}
		}
	}
}

// collectEach looks into a dict with known keys, or a list of them.
func collectEach(secrets *mask.Secrets, o *Option, v any) {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	for _, item := range items {
		if dict, err := toDict(item); err == nil {
			collectSecrets(secrets, o.Options, dict)
			continue
		}
		secrets.AddBelow(item)
	}
}

func (w *walk) fault(path []string, name, text string) {
	option := name
	if len(path) > 0 {
		option, _, _ = strings.Cut(path[0], "[")
		text += " found in " + strings.Join(path, " -> ")
	}
	w.faults.add(option, errors.New(text))
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
	w.fault(path, names[0], "missing required arguments: "+strings.Join(names, ", "))
	for _, name := range names[1:] {
		if len(path) == 0 {
			w.faults.options[name] = true
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
			w.call.Warn("Both option %s and its alias %s are set.", o.Name, alias)
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
	unknown := slices.Sorted(maps.Keys(left))
	for i, name := range unknown {
		unknown[i] = strings.Join(append(slices.Clone(path), name), ".")
	}
	supported := strings.Join(names, ", ")
	if len(aliases) > 0 {
		supported += " (" + strings.Join(aliases, ", ") + ")"
	}
	w.faults.add("", fmt.Errorf("Unsupported parameters for (%s) module: %s. Supported parameters include: %s.", //nolint:staticcheck,revive // Ansible's own wording
		w.module.FullName(), strings.Join(unknown, ", "), supported))
}

// option coerces one value and checks it; false means that there was a fault.
func (w *walk) option(o *Option, v any, path []string) (any, bool) {
	coerced, err := scalar(o.Type, v)
	if err != nil {
		w.conversion(o, v, path, err)
		return nil, false
	}
	before := len(w.faults.list)
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
		w.fault(path, o.Name, fmt.Sprintf("value of %s %s%s", o.Name, text, got(o.show(v))))
	}
	return coerced, len(w.faults.list) == before
}

func (w *walk) conversion(o *Option, v any, path []string, err error) {
	w.fault(path, o.Name, fmt.Sprintf("argument '%s' is of type %s and we were unable to convert to %s: %v%s",
		o.Name, jsontext.TypeOf(v), o.Type, err, got(o.show(v))))
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
			w.fault(path, o.Name, fmt.Sprintf("Elements value for option '%s' is of type %s and we were unable to convert to %s: %v%s",
				o.Name, jsontext.TypeOf(item), o.Elements, err, got(o.show(item))))
			continue
		}
		if dict, ok := v.(map[string]any); ok && o.Elements == Dict {
			v = w.element(o, dict, append(slices.Clone(path), fmt.Sprintf("%s[%d]", o.Name, i)))
		}
		if o.Values != nil {
			for _, text := range o.Values.limits(v) {
				w.fault(path, o.Name, fmt.Sprintf("value of %s[%d] %s%s", o.Name, i, text, got(o.show(item))))
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
	for _, text := range append(c.exclusive(w.call.Given), c.required(values)...) {
		w.faults.add("", errors.New(text))
	}
}

// fill copies checked values into the options struct. It converts nothing: everything has its final type already.
func fill(values map[string]any, options any) error {
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: options, TagName: "json", ErrorUnused: true, Squash: true,
		MatchName: func(key, field string) bool { return key == field },
	})
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	return decoder.Decode(values)
}

// validate asks the options struct and the structs embedded in it. With faults before, some fields are empty that the
// module never sees empty, so a panic then is no news.
func validate(call *Call, options any, faulty bool) error {
	if faulty {
		defer func() { _ = recover() }()
	}
	var errs []error
	for _, part := range parts(options) {
		if v, ok := part.(Validator); ok {
			errs = append(errs, v.Validate(call))
		}
	}
	return several.Join(errs...)
}
