// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

// Sentences says the rules of a struct of options in words, for the documentation.
func Sentences(options any) []string {
	c := constraintsOf(options)
	var all []string
	for _, group := range c.MutuallyExclusive {
		all = append(all, "The options "+codes(group, "and")+" are mutually exclusive.")
	}
	for _, group := range c.RequiredTogether {
		all = append(all, "The options "+codes(group, "and")+" are required together.")
	}
	for _, group := range c.RequiredOneOf {
		all = append(all, "One of the options "+codes(group, "or")+" is required.")
	}
	for _, rule := range c.RequiredIf {
		word, verb := "and", "are"
		if rule.Any {
			word = "or"
		}
		if rule.Any || len(rule.Options) == 1 {
			verb = "is"
		}
		all = append(all, fmt.Sprintf("If C(%s) is C(%v), %s %s required.", rule.Option, rule.Value, codes(rule.Options, word), verb))
	}
	for _, name := range slices.Sorted(maps.Keys(c.RequiredBy)) {
		all = append(all, fmt.Sprintf("The option C(%s) requires %s.", name, codes(c.RequiredBy[name], "and")))
	}
	return all
}

func codes(names []string, word string) string {
	marked := make([]string, len(names))
	for i, name := range names {
		marked[i] = "C(" + name + ")"
	}
	if len(marked) < 2 {
		return strings.Join(marked, "")
	}
	last := len(marked) - 1
	return strings.Join(marked[:last], ", ") + " " + word + " " + marked[last]
}

// describe adds the rules to the schema in its own words.
func (c Constraints) describe(s *jsonschema.Schema) {
	for _, group := range c.MutuallyExclusive {
		for i, one := range group {
			for _, other := range group[i+1:] {
				s.AllOf = append(s.AllOf, &jsonschema.Schema{Not: &jsonschema.Schema{Required: []string{one, other}}})
			}
		}
	}
	s.DependentRequired = map[string][]string{}
	for _, group := range c.RequiredTogether {
		for _, one := range group {
			others := slices.DeleteFunc(slices.Clone(group), func(name string) bool { return name == one })
			s.DependentRequired[one] = append(s.DependentRequired[one], others...)
		}
	}
	for name, needed := range c.RequiredBy {
		s.DependentRequired[name] = append(s.DependentRequired[name], needed...)
	}
	for _, group := range c.RequiredOneOf {
		s.AllOf = append(s.AllOf, anyOf(group))
	}
	for _, rule := range c.RequiredIf {
		s.AllOf = append(s.AllOf, rule.schema(s))
	}
}

func anyOf(names []string) *jsonschema.Schema {
	choice := &jsonschema.Schema{}
	for _, name := range names {
		choice.AnyOf = append(choice.AnyOf, &jsonschema.Schema{Required: []string{name}})
	}
	return choice
}

// schema is an "if … then …". A value that is the option's default is also meant where the option is left out.
func (r RequiredIf) schema(of *jsonschema.Schema) *jsonschema.Schema {
	is := jsonschema.NewProperties()
	is.Set(r.Option, &jsonschema.Schema{Const: r.Value})
	when := &jsonschema.Schema{Properties: is}
	option, known := of.Properties.Get(r.Option)
	if !known || fmt.Sprint(option.Default) != fmt.Sprint(r.Value) {
		when.Required = []string{r.Option}
	}
	then := &jsonschema.Schema{Required: r.Options}
	if r.Any {
		then = anyOf(r.Options)
	}
	return &jsonschema.Schema{If: when, Then: then}
}
