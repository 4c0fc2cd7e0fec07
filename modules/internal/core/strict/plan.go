// SPDX-License-Identifier: Apache-2.0

package strict

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// kind is what JSON has to hold where a type is decoded.
type kind string

const (
	anything kind = "anything" // it is kept as it is, or decodes itself
	text     kind = "a text"
	number   kind = "a number"
	truth    kind = "true or false"
	list     kind = "a list"
	table    kind = "an object" // of any names
	object   kind = "an object with its fields"
)

// plan says what an answer has to hold for a type.
type plan struct {
	kind    kind
	size    int               // bytes of the type itself
	null    bool              // an element of this type may be null
	members map[string]member // of an object, by name
	element *plan             // of a list or a table
}

// member is a field of an object.
type member struct {
	*plan
	required bool // it may not be missing
	null     bool // it may be null
	id       bool // it identifies something, or each of its names does
	bit      uint64
}

// planner makes plans of types: of those of answers, whose tags say what they need, or of those of files.
type planner struct{ file bool }

// Types that hold each other have to end somewhere, and so have the fields of one.
const (
	deepestType = 20
	mostFields  = 64
)

// plan returns the plan of a type. The error is about the type.
func (r planner) plan(t reflect.Type, depth int) (*plan, error) {
	if depth > deepestType {
		return nil, fmt.Errorf("strict: %v holds itself", t)
	}
	p := &plan{size: int(t.Size()), null: r.file && nilable(t)}
	if t == reflect.TypeFor[Raw]() || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		p.kind = anything
		return p, nil
	}
	var err error
	switch t.Kind() {
	case reflect.Pointer:
		inner, err := r.plan(t.Elem(), depth+1)
		if err == nil {
			inner.null = p.null
		}
		return inner, err
	case reflect.String:
		p.kind = text
	case reflect.Int, reflect.Float64:
		p.kind = number
	case reflect.Bool:
		p.kind = truth
	case reflect.Slice:
		p.kind = list
		p.element, err = r.plan(t.Elem(), depth+1)
	case reflect.Map:
		p.kind = table
		p.element, err = r.plan(t.Elem(), depth+1)
	case reflect.Struct:
		p.kind, p.members = object, map[string]member{}
		err = r.members(t, depth, p.members)
	default:
		err = fmt.Errorf("strict: %v can't be decoded", t)
	}
	return p, err
}

func nilable(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map
}

// members adds the fields of a struct.
func (r planner) members(t reflect.Type, depth int, to map[string]member) error {
	if t.NumField() > mostFields {
		return fmt.Errorf("strict: %v has more than %d fields", t, mostFields)
	}
	for i := range t.NumField() {
		field := t.Field(i)
		if r.file && !field.IsExported() {
			continue
		}
		if r.file && field.Anonymous {
			if err := r.members(field.Type.Elem(), depth+1, to); err != nil {
				return err
			}
			continue
		}
		name, m, err := r.member(t, field)
		if err != nil {
			return err
		}
		if m.plan, err = r.plan(field.Type, depth+1); err != nil {
			return err
		}
		m.bit = 1 << i
		to[name] = m
	}
	return nil
}

// member reads the tags of a field.
func (r planner) member(t reflect.Type, field reflect.StructField) (string, member, error) {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if r.file {
		return name, member{}, nil
	}
	words := strings.Split(field.Tag.Get("strict"), ",")
	rule, more := words[0], words[1:]
	id := slices.Equal(more, []string{"id"})
	if name == "" || !field.IsExported() || !slices.Contains([]string{"required", "nullable", "optional"}, rule) || len(more) > 0 && !id {
		return "", member{}, fmt.Errorf("strict: %v.%s does not say in its tags how it is decoded", t, field.Name)
	}
	return name, member{required: rule != "optional", null: rule != "required", id: id}, nil
}
