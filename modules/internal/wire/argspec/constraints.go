// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// Constraints are rules between options, by canonical names, with the meaning they have in Ansible.
type Constraints struct {
	MutuallyExclusive [][]string
	RequiredTogether  [][]string
	RequiredOneOf     [][]string
	RequiredIf        []RequiredIf
	RequiredBy        map[string][]string
}

// RequiredIf says that when Option has Value, all of Options are needed, or with Any at least one of them.
type RequiredIf struct {
	Option  string
	Value   any
	Options []string
	Any     bool
}

// Constrained is an options struct with rules between options.
type Constrained interface {
	Constraints() Constraints
}

func (c Constraints) empty() bool {
	return len(c.MutuallyExclusive)+len(c.RequiredTogether)+len(c.RequiredOneOf)+len(c.RequiredIf)+len(c.RequiredBy) == 0
}

// misspelt returns one error for each option that the rules name and the struct lacks, and for each value that its option can't have.
func (c Constraints) misspelt(s *jsonschema.Schema) error {
	groups := slices.Concat(c.MutuallyExclusive, c.RequiredTogether, c.RequiredOneOf)
	for _, name := range slices.Sorted(maps.Keys(c.RequiredBy)) {
		groups = append(groups, []string{name}, c.RequiredBy[name])
	}
	var errs []error
	for _, rule := range c.RequiredIf {
		groups = append(groups, []string{rule.Option}, rule.Options)
		if option, known := s.Properties.Get(rule.Option); known && len(option.Enum) > 0 && !slices.Contains(texts(option.Enum), fmt.Sprint(rule.Value)) {
			errs = append(errs, fmt.Errorf("constraints name %s=%v, which is none of its values", rule.Option, rule.Value))
		}
	}
	for _, name := range slices.Concat(groups...) {
		if _, known := s.Properties.Get(name); !known {
			errs = append(errs, fmt.Errorf("constraints name %s, which is no option", name))
		}
	}
	return several.Join(errs...)
}

func texts(values []any) []string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = fmt.Sprint(value)
	}
	return all
}

// constraintsOf gathers the rules of an options struct and of the structs embedded in it.
func constraintsOf(options any) Constraints {
	all := Constraints{RequiredBy: map[string][]string{}}
	seen := map[string]bool{}
	for _, part := range Parts(options) {
		constrained, ok := part.(Constrained)
		if !ok {
			continue
		}
		c := constrained.Constraints()
		all.MutuallyExclusive = append(all.MutuallyExclusive, fresh(seen, "exclusive", c.MutuallyExclusive)...)
		all.RequiredTogether = append(all.RequiredTogether, fresh(seen, "together", c.RequiredTogether)...)
		all.RequiredOneOf = append(all.RequiredOneOf, fresh(seen, "one of", c.RequiredOneOf)...)
		all.RequiredIf = append(all.RequiredIf, fresh(seen, "if", c.RequiredIf)...)
		maps.Copy(all.RequiredBy, c.RequiredBy)
	}
	return all
}

// fresh drops the rules seen before: those of an embedded struct come twice if its method is promoted.
func fresh[R any](seen map[string]bool, kind string, rules []R) []R {
	return slices.DeleteFunc(slices.Clone(rules), func(rule R) bool {
		key := fmt.Sprintf("%s %v", kind, rule)
		known := seen[key]
		seen[key] = true
		return known
	})
}

// Parts is the options struct and the structs embedded in it, by pointer.
func Parts(options any) []any {
	all := []any{options}
	v := reflect.ValueOf(options).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous && field.IsExported() && field.Type.Kind() == reflect.Struct {
			all = append(all, Parts(v.Field(i).Addr().Interface())...)
		}
	}
	return all
}

// exclusive are the faults against rules that only what the user gave counts for.
func (c Constraints) exclusive(given func(string) bool) []*fault {
	var faults []*fault
	for _, group := range c.MutuallyExclusive {
		if count(group, given) > 1 {
			faults = append(faults, &fault{
				"parameters are mutually exclusive: " + strings.Join(group, "|"),
				func(name Naming) string { return name.all(group, " and ") + " exclude each other" },
			})
		}
	}
	return faults
}

// required are the faults against the other rules; for these a default counts as well.
func (c Constraints) required(values map[string]any) []*fault {
	var faults []*fault
	has := func(name string) bool { return values[name] != nil }
	for _, group := range c.RequiredTogether {
		if n := count(group, has); n > 0 && n < len(group) {
			faults = append(faults, &fault{
				"parameters are required together: " + strings.Join(group, ", "),
				func(name Naming) string { return name.all(group, " and ") + " are required together" },
			})
		}
	}
	for _, group := range c.RequiredOneOf {
		if count(group, has) == 0 {
			faults = append(faults, &fault{
				"one of the following is required: " + strings.Join(group, ", "),
				func(name Naming) string { return "one of these is required: " + name.all(group, ", ") },
			})
		}
	}
	for _, rule := range c.RequiredIf {
		if f := rule.check(values, has); f != nil {
			faults = append(faults, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.RequiredBy)) {
		if missing := lacking(c.RequiredBy[name], has); has(name) && len(missing) > 0 {
			faults = append(faults, &fault{
				fmt.Sprintf("missing parameter(s) required by '%s': %s", name, strings.Join(missing, ", ")),
				func(called Naming) string { return called(name) + " needs " + called.all(missing, " and ") },
			})
		}
	}
	return faults
}

func (r RequiredIf) check(values map[string]any, has func(string) bool) *fault {
	missing := lacking(r.Options, has)
	// Compared as text, because Value may be a constant of a named type.
	applies := has(r.Option) && fmt.Sprint(values[r.Option]) == fmt.Sprint(r.Value)
	if !applies || len(missing) == 0 || r.Any && len(missing) < len(r.Options) {
		return nil
	}
	return &fault{
		fmt.Sprintf("%s is %v but %s of the following are missing: %s", r.Option, r.Value, r.quantity(), strings.Join(missing, ", ")),
		func(name Naming) string {
			given := name(r.Option)
			if r.Value != true { // a flag without a value
				given += fmt.Sprintf(" %v", r.Value)
			}
			return given + " needs " + name.all(missing, map[bool]string{true: " or ", false: " and "}[r.Any])
		},
	}
}

func (r RequiredIf) quantity() string {
	if r.Any {
		return "any"
	}
	return "all"
}

func count(names []string, has func(string) bool) int {
	return len(names) - len(lacking(names, has))
}

func lacking(names []string, has func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(names), has)
}
