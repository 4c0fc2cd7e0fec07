// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"fmt"

	"github.com/go-viper/mapstructure/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// Arguments is what a call was given, checked.
type Arguments struct {
	Values map[string]any
	// Given are the options that the user set, by their names. A null does not count.
	Given map[string]bool
	// Doubts are sentences about what was given twice.
	Doubts []string

	table  []*Option
	faults faults
}

// Read checks and coerces args, and fills a struct of options with them that is given by pointer. Faults of the user's are
// kept in the result; an error is a mistake in the struct. module is the full name that messages call it by. What is secret in
// args is added to secrets first.
func Read(module string, options any, args map[string]any, secrets *mask.Secrets) (*Arguments, error) {
	table, err := Table(options)
	if err != nil {
		return nil, err
	}
	discreet(table, options)
	collectSecrets(secrets, table, args)
	a := &Arguments{table: table, Given: map[string]bool{}}
	w := &walk{module: module, into: a}
	a.Values = w.dict(table, args, nil, func(name string) { a.Given[name] = true })
	w.constraints(constraintsOf(options), a.Values)
	if err := fill(a.Values, options); err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	return a, nil
}

// Judge adds what the struct itself says of its options. With faults before, some fields are empty that a struct never sees
// empty, so a panic of it is no news then.
func (a *Arguments) Judge(judge func() error) { a.faults.merge(a.judged(judge)) }

func (a *Arguments) judged(judge func() error) error {
	if len(a.faults.list) > 0 {
		defer func() { _ = recover() }()
	}
	return judge()
}

// Err tells all faults of the user's, and is nil without any.
func (a *Arguments) Err() error { return a.faults.err() }

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
