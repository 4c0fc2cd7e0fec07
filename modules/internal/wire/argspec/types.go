// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"fmt"
	"reflect"
	"strings"
)

// fits reports whether a value of Ansible's type can be held by the Go type.
func fits(kind string, t reflect.Type) bool {
	natural := kindOf(t)
	return natural != "" && (kind == natural || kind == Path && natural == Str)
}

// Indirect is the type itself, of a pointer the type that it points to.
func Indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// kindOf is Ansible's type for a Go type, or "" for types that no option may have.
func kindOf(t reflect.Type) string {
	t = Indirect(t)
	switch t.Kind() {
	case reflect.String:
		return Str
	case reflect.Int, reflect.Int64:
		return Int
	case reflect.Float64:
		return Float
	case reflect.Bool:
		return Bool
	case reflect.Slice:
		return List
	case reflect.Map, reflect.Struct:
		return Dict
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return Raw
		}
	default:
	}
	return ""
}

func checkType(t reflect.Type, depth int) error {
	inner := Indirect(t)
	if kindOf(t) == "" || inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Uint8 {
		return fmt.Errorf("an option can't have type %v", t)
	}
	switch inner.Kind() {
	case reflect.Struct:
		return checkStruct(inner, map[string]bool{}, depth+1)
	case reflect.Slice:
		if kindOf(inner.Elem()) == List {
			return fmt.Errorf("an option can't be a list of lists as %v is", t)
		}
		return checkType(inner.Elem(), depth+1)
	case reflect.Map:
		if inner.Key().Kind() != reflect.String {
			return fmt.Errorf("the keys of %v have to be strings", t)
		}
		return checkType(inner.Elem(), depth+1)
	default:
		return nil
	}
}

// kinds is what the values of a type are, for people.
func kinds(kind string) string {
	switch kind {
	case Int:
		return "an integer"
	case Float:
		return "a finite number"
	case Bool:
		return "true or false"
	case List:
		return "a list"
	case Dict:
		return "a JSON object"
	}
	return "a text"
}

// reason is what an error adds to what the values of a type are.
func reason(err error) string {
	if strings.HasPrefix(err.Error(), "it is not a") {
		return ""
	}
	return ": " + err.Error()
}
