// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

var optionName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// A struct in a struct in a struct … has to end somewhere.
const deepestStruct = 10

// CheckTags tells what is wrong with the tags of an options struct, given by pointer. The schema library ignores what
// it does not know; here it is an error.
func CheckTags(options any) error {
	t := reflect.TypeOf(options)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("options have to be a pointer to a struct, not %v", t)
	}
	return checkStruct(t.Elem(), map[string]bool{}, 0)
}

// checkStruct checks the fields of t; names are those taken on this level.
func checkStruct(t reflect.Type, names map[string]bool, depth int) error {
	if depth > deepestStruct {
		return fmt.Errorf("%v holds itself", t)
	}
	var errs []error
	for i := range t.NumField() {
		field := t.Field(i)
		if err := checkField(field, names, depth); err != nil {
			errs = append(errs, fmt.Errorf("%v.%s: %w", t, field.Name, err))
		}
	}
	return several.Join(errs...)
}

func checkField(field reflect.StructField, names map[string]bool, depth int) error {
	tag, tagged := field.Tag.Lookup("json")
	if tag == "-" {
		return nil
	}
	if field.Anonymous && !tagged {
		if field.Type.Kind() != reflect.Struct || !field.IsExported() {
			return errors.New("only a struct of an exported type can be embedded")
		}
		return checkStruct(field.Type, names, depth+1)
	}
	if err := checkName(field, tag, names); err != nil {
		return err
	}
	if err := checkTagNames(field.Tag); err != nil {
		return err
	}
	if strings.TrimSpace(field.Tag.Get("jsonschema_description")) == "" {
		return errors.New("no jsonschema_description")
	}
	return several.Join(
		checkRules(field),
		checkUnset(field),
		checkExtras(field, names),
		checkType(field.Type, depth))
}

func checkName(field reflect.StructField, name string, names map[string]bool) error {
	if !field.IsExported() {
		return errors.New("an unexported field can't be filled; leave it out with json:\"-\"")
	}
	name, flag, _ := strings.Cut(name, ",")
	if !optionName.MatchString(name) || flag != "" && flag != "omitempty" && flag != "omitzero" {
		return fmt.Errorf("json:%q is not an option's name", name)
	}
	return take(names, name)
}

func take(names map[string]bool, name string) error {
	if names[name] {
		return fmt.Errorf("%s is declared twice", name)
	}
	names[name] = true
	return nil
}

var tagName = regexp.MustCompile(`(?:^|\s)([^\s:"]+):"(?:[^"\\]|\\.)*"`)

func checkTagNames(tag reflect.StructTag) error {
	known := []string{"json", "jsonschema", "jsonschema_description", "jsonschema_extras"}
	text := string(tag)
	for _, match := range tagName.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(known, match[1]) {
			return fmt.Errorf("unknown tag %s", match[1])
		}
	}
	if rest := strings.TrimSpace(tagName.ReplaceAllString(text, "")); rest != "" {
		return fmt.Errorf("malformed tag near %q", rest)
	}
	return nil
}

// rulesOf is what the jsonschema tag may say about a field of this kind.
func rulesOf(kind string) []string {
	switch kind {
	case Int, Float:
		return []string{"default", "enum", "example", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
	case Bool:
		return []string{"default"}
	case Str:
		return []string{"default", "enum", "example", "minLength", "maxLength", "pattern"}
	case List:
		return []string{"default", "minItems", "maxItems"}
	}
	return nil
}

func checkRules(field reflect.StructField) error {
	tag, ok := field.Tag.Lookup("jsonschema")
	if !ok {
		return nil
	}
	kind, inner := kindOf(field.Type), ""
	known := rulesOf(kind)
	if kind == List {
		inner = kindOf(Indirect(field.Type).Elem())
		known = append(known, slices.DeleteFunc(rulesOf(inner), func(s string) bool { return s == "example" })...)
	}
	rules := splitTag(tag)
	for _, rule := range rules {
		if rule == "required" {
			continue
		}
		key, value, found := strings.Cut(rule, "=")
		if !found || !slices.Contains(known, key) {
			return fmt.Errorf("jsonschema says %q, which means nothing for a field of type %v", rule, field.Type)
		}
		if kind == List && strings.Contains(value, "=") {
			return fmt.Errorf("jsonschema says %q, whose second = would be lost in a list", rule)
		}
		if err := checkRule(kind, inner, key, value); err != nil {
			return err
		}
	}
	hasDefault := slices.ContainsFunc(rules, func(r string) bool { return strings.HasPrefix(r, "default=") })
	if hasDefault && slices.Contains(rules, "required") {
		return errors.New("a required option can't have a default")
	}
	return nil
}

// checkUnset refuses a bool or a number that is false or 0 if it is not given, and does not say so.
func checkUnset(field reflect.StructField) error {
	rules := splitTag(field.Tag.Get("jsonschema"))
	says := func(rule string) bool { return rule == "required" || strings.HasPrefix(rule, "default=") }
	if field.Type.Kind() == reflect.Pointer || slices.ContainsFunc(rules, says) {
		return nil
	}
	switch kindOf(field.Type) {
	case Bool:
		return errors.New("a bool needs a default: say jsonschema:\"default=false\", or make the field a pointer if not given means something else")
	case Int, Float:
		if _, flag, _ := strings.Cut(field.Tag.Get("json"), ","); flag == "" {
			return errors.New("a number needs a default: say jsonschema:\"default=0\", or omitempty behind its name in json if 0 stands for not given")
		}
	}
	return nil
}

// checkRule checks the value of one rule of a field of that kind, or of a list of the inner kind.
func checkRule(kind, inner, key, value string) error {
	var err error
	switch key {
	case "minLength", "maxLength", "minItems", "maxItems":
		_, err = strconv.ParseUint(value, 10, 64)
	case "pattern":
		_, err = regexp.Compile(value)
	default:
		if kind == List {
			kind = inner
		}
		_, err = coerceText(kind, value)
	}
	if err != nil {
		return fmt.Errorf("jsonschema says %s=%s: %w", key, value, err)
	}
	return nil
}

func coerceText(kind, value string) (any, error) {
	switch kind {
	case Int:
		return strconv.Atoi(value)
	case Float:
		return toFloat(value)
	case Bool:
		if value != "true" && value != "false" {
			return nil, errors.New("must be true or false")
		}
	}
	return value, nil
}

func checkExtras(field reflect.StructField, names map[string]bool) error {
	tag, ok := field.Tag.Lookup("jsonschema_extras")
	if !ok {
		return nil
	}
	for _, extra := range splitTag(tag) {
		key, value, _ := strings.Cut(extra, "=")
		if err := checkExtra(field.Type, key, value, names); err != nil {
			return fmt.Errorf("jsonschema_extras says %q: %w", extra, err)
		}
	}
	return nil
}

func checkExtra(t reflect.Type, key, value string, names map[string]bool) error {
	good := false
	switch key {
	case "x-ansible-aliases":
		if good = optionName.MatchString(value); good {
			return take(names, value)
		}
	case "x-ansible-no_log":
		good = value == "true" || value == "false"
	case "x-ansible-type":
		good = fits(value, t)
	case "x-ansible-elements":
		good = kindOf(t) == List && fits(value, Indirect(t).Elem())
	case "x-ansible-commas":
		good = kindOf(t) == List && (value == AnyOf || value == OneEntry)
	default:
		return errors.New("unknown key")
	}
	if !good {
		return fmt.Errorf("not possible for a field of type %v", t)
	}
	return nil
}

// splitTag splits at commas that have no backslash before them, as the schema library does.
func splitTag(tag string) []string {
	var parts []string
	for _, part := range strings.Split(tag, ",") {
		last := len(parts) - 1
		if last >= 0 && strings.HasSuffix(parts[last], `\`) {
			parts[last] = strings.TrimSuffix(parts[last], `\`) + "," + part
			continue
		}
		parts = append(parts, part)
	}
	return parts
}
