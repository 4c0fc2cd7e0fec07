// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Deeper results are taken for a cycle.
const deepestResult = 200

// Tree turns a result into a tree as encoding/json would, but with the fields in order and nil slices as empty lists.
func Tree(v reflect.Value, depth int) (any, error) {
	if depth > deepestResult {
		return nil, errors.New("nested too deeply")
	}
	if !v.IsValid() {
		return nil, nil
	}
	if nilable(v.Kind()) && v.IsNil() {
		return nil, nil
	}
	if own, ok, err := ownTree(v); ok {
		return own, err
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return Tree(v.Elem(), depth+1)
	case reflect.Struct:
		return structTree(v, depth)
	case reflect.Map:
		return mapTree(v, depth)
	case reflect.Slice, reflect.Array:
		return listTree(v, depth)
	case reflect.String:
		return v.String(), nil
	default:
		return encoded(v.Interface())
	}
}

// nilable leaves out slices and maps: nil ones are written as empty.
func nilable(kind reflect.Kind) bool {
	return kind == reflect.Pointer || kind == reflect.Interface
}

// ownTree asks values that know their own JSON.
func ownTree(v reflect.Value) (any, bool, error) {
	if !v.CanInterface() {
		return nil, false, nil
	}
	switch own := v.Interface().(type) {
	case Object:
		return own, true, nil
	case json.Number:
		return own, true, nil
	case json.Marshaler, error:
		if err, ok := own.(error); ok {
			if _, ok := own.(json.Marshaler); !ok {
				return err.Error(), true, nil
			}
		}
		tree, err := encoded(own)
		return tree, true, err
	case encoding.TextMarshaler:
		text, err := own.MarshalText()
		return string(text), true, err
	case []byte:
		tree, err := encoded(own)
		return tree, true, err
	}
	return nil, false, nil
}

func structTree(v reflect.Value, depth int) (any, error) {
	o := Object{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		tag, tagged := field.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		if tag == "-" || !field.IsExported() && !field.Anonymous || left(v.Field(i), options) {
			continue
		}
		value, err := Tree(v.Field(i), depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", field.Name, err)
		}
		if inner, ok := value.(Object); ok && field.Anonymous && !tagged {
			o = append(o, inner...)
			continue
		}
		if name == "" {
			name = field.Name
		}
		o = append(o, Pair{Key: name, Value: value, Fixed: true})
	}
	return o, nil
}

// left reports whether a field is left out.
func left(v reflect.Value, options string) bool {
	all := strings.Split(options, ",")
	if slices.Contains(all, "omitzero") && v.IsZero() {
		return true
	}
	if !slices.Contains(all, "omitempty") {
		return false
	}
	switch v.Kind() {
	case reflect.Struct:
		return false
	case reflect.Slice, reflect.Map, reflect.Array, reflect.String:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}

func mapTree(v reflect.Value, depth int) (any, error) {
	o := Object{}
	for iter := v.MapRange(); iter.Next(); {
		key, err := keyText(iter.Key())
		if err != nil {
			return nil, err
		}
		value, err := Tree(iter.Value(), depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		o = append(o, Pair{Key: key, Value: value})
	}
	slices.SortFunc(o, func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })
	return o, nil
}

func keyText(v reflect.Value) (string, error) {
	if own, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, err := own.MarshalText()
		return string(text), err
	}
	switch {
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), nil
	}
	return "", fmt.Errorf("a key can't have type %v", v.Type())
}

func listTree(v reflect.Value, depth int) (any, error) {
	list := make([]any, v.Len())
	for i := range list {
		item, err := Tree(v.Index(i), depth+1)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		list[i] = item
	}
	return list, nil
}
