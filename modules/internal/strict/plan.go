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
	members map[string]member // of an object, by name
	element *plan             // of a list or a table
}

// member is a field of an object.
type member struct {
	*plan
	required bool // it may not be missing
	null     bool // it may be null
	id       bool // it identifies something
	bit      uint64
}

// Types that hold each other have to end somewhere, and so have the fields of one.
const (
	deepestType = 20
	mostFields  = 64
)

// planOf makes the plan of a type. The error is about the type.
func planOf(t reflect.Type, depth int) (*plan, error) {
	if depth > deepestType {
		return nil, fmt.Errorf("strict: %v holds itself", t)
	}
	p := &plan{size: int(t.Size())} //nolint:gosec // no type takes that much
	if t == reflect.TypeFor[Raw]() || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		p.kind = anything
		return p, nil
	}
	var err error
	switch t.Kind() {
	case reflect.Pointer:
		return planOf(t.Elem(), depth+1)
	case reflect.String:
		p.kind = text
	case reflect.Int, reflect.Float64:
		p.kind = number
	case reflect.Bool:
		p.kind = truth
	case reflect.Slice:
		p.kind = list
		p.element, err = planOf(t.Elem(), depth+1)
	case reflect.Map:
		p.kind = table
		p.element, err = planOf(t.Elem(), depth+1)
	case reflect.Struct:
		p.kind = object
		p.members, err = membersOf(t, depth)
	default:
		err = fmt.Errorf("strict: %v can't be decoded", t)
	}
	return p, err
}

func membersOf(t reflect.Type, depth int) (map[string]member, error) {
	if t.NumField() > mostFields {
		return nil, fmt.Errorf("strict: %v has more than %d fields", t, mostFields)
	}
	members := map[string]member{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		words := strings.Split(field.Tag.Get("strict"), ",")
		rule, more := words[0], words[1:]
		id := slices.Equal(more, []string{"id"})
		if name == "" || !field.IsExported() || !slices.Contains([]string{"required", "nullable", "optional"}, rule) || len(more) > 0 && !id {
			return nil, fmt.Errorf("strict: %v.%s does not say in its tags how it is decoded", t, field.Name)
		}
		p, err := planOf(field.Type, depth+1)
		if err != nil {
			return nil, err
		}
		members[name] = member{plan: p, required: rule != "optional", null: rule != "required", id: id, bit: 1 << i}
	}
	return members, nil
}
