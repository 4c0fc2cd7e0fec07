// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"strings"

	"github.com/invopop/jsonschema"
)

// The types of options, in Ansible's words.
const (
	Str   = "str"
	Path  = "path"
	Int   = "int"
	Float = "float"
	Bool  = "bool"
	List  = "list"
	Dict  = "dict"
	Raw   = "raw"
)

// Option is one row of the table that arguments are checked against and documentation is made of.
type Option struct {
	Name        string
	Aliases     []string
	Type        string
	Elements    string
	Commas      string // AnyOf or OneEntry; empty for Ansible's own rule
	Required    bool
	NoLog       bool
	Default     any
	Choices     []any
	Description []string
	// Options are the keys of a dict, or of each dict in a list.
	Options []*Option
	// Values is what each value of a dict with free keys has to be. Nil accepts anything.
	Values *Option
	// Harmless are the members of a dict with credentials that may be shown; nil for any other option. See Discreet.
	Harmless []string

	schema *jsonschema.Schema
}

func optionsOf(s *jsonschema.Schema) ([]*Option, error) {
	required := map[string]bool{}
	for _, name := range s.Required {
		required[name] = true
	}
	var all []*Option
	for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
		option, err := optionOf(pair.Key, pair.Value)
		if err != nil {
			return nil, err
		}
		option.Required = required[pair.Key]
		all = append(all, option)
	}
	return all, nil
}

func optionOf(name string, s *jsonschema.Schema) (*Option, error) {
	o := &Option{Name: name, Type: typeOf(s), Default: plain(s.Default), Choices: plainAll(s.Enum), schema: s}
	if s.Description != "" {
		o.Description = strings.Split(s.Description, "\n\n")
	}
	o.Aliases = listOf(s.Extras["x-ansible-aliases"])
	o.NoLog = s.Extras["x-ansible-no_log"] == true
	return o, o.contents(s)
}

// contents reads what a list or a dict holds.
func (o *Option) contents(s *jsonschema.Schema) error {
	var err error
	switch o.Type {
	case List:
		o.Elements = typeOf(s.Items)
		if elements, ok := s.Extras["x-ansible-elements"].(string); ok {
			o.Elements = elements
		}
		o.Commas, _ = s.Extras["x-ansible-commas"].(string)
		o.Choices = plainAll(s.Items.Enum)
		if s.Items.Properties != nil {
			o.Options, err = optionsOf(s.Items)
			break
		}
		o.Values, err = optionOf("", s.Items)
		o.Values.Type, o.Values.Choices = o.Elements, nil
	case Dict:
		if s.Properties != nil {
			o.Options, err = optionsOf(s)
		} else if s.AdditionalProperties != nil {
			o.Values, err = optionOf("", s.AdditionalProperties)
		}
	}
	return err
}

func typeOf(s *jsonschema.Schema) string {
	if named, ok := s.Extras["x-ansible-type"].(string); ok {
		return named
	}
	switch s.Type {
	case "string":
		return Str
	case "integer":
		return Int
	case "number":
		return Float
	case "boolean":
		return Bool
	case "array":
		return List
	case "object":
		return Dict
	}
	return Raw
}

// listOf evens out that a key given once is a text and one given twice a list.
func listOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	}
	return nil
}

// Schema is the JSON Schema of a struct of options that is given by pointer. It fails if a tag of the struct says something
// that would not be heard.
func Schema(options any) (*jsonschema.Schema, error) {
	schema, err := reflected(options)
	if err != nil {
		return nil, err
	}
	if rules := constraintsOf(options); !rules.empty() {
		rules.describe(schema)
	}
	return schema, nil
}

// Table is the option table of a struct that is given by pointer, in the order of its fields.
func Table(options any) ([]*Option, error) {
	schema, err := reflected(options)
	if err != nil {
		return nil, err
	}
	return optionsOf(schema)
}

func reflected(options any) (*jsonschema.Schema, error) {
	if err := CheckTags(options); err != nil {
		return nil, err
	}
	// References are off because types of the same name in two packages would be taken for one.
	reflector := jsonschema.Reflector{Anonymous: true, DoNotReference: true, RequiredFromJSONSchemaTags: true}
	schema := reflector.Reflect(options)
	return schema, constraintsOf(options).misspelt(schema)
}

// DefaultValue is the default with the option's own type; nil if there is none.
func (o *Option) DefaultValue() (any, error) {
	if o.Default == nil {
		return nil, nil
	}
	v, err := scalar(o.Type, o.Default)
	list, ok := v.([]any)
	if err != nil || !ok {
		return v, err
	}
	items := make([]any, len(list))
	for i, item := range list {
		if items[i], err = scalar(o.Elements, item); err != nil {
			return nil, err
		}
	}
	return items, nil
}
