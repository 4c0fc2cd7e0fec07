// SPDX-License-Identifier: Apache-2.0

// Package jsontext reads and writes JSON with more care than encoding/json: keys keep their order, numbers stay as written,
// duplicate keys are errors, and no error shows a value.
package jsontext

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Pair is one key of an object. A fixed key belongs to the module's own structure and is never masked.
type Pair struct {
	Key   string
	Value any
	Fixed bool
}

// Own is a key of the module's own structure, with its value.
func Own(key string, value any) Pair { return Pair{Key: key, Value: value, Fixed: true} }

// Object is a JSON object that keeps the order of its keys. The values of a tree are objects, []any, strings,
// json.Number, bool and nil.
type Object []Pair

// Get returns the value of a key, and whether it is there.
func (o Object) Get(key string) (any, bool) {
	for _, p := range o {
		if p.Key == key {
			return p.Value, true
		}
	}
	return nil, false
}

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

// encoded takes the way through encoding/json.
func encoded(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write a %T: %w", v, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return ordered(decoder)
}

// ordered reads JSON into a tree with the keys in the order of the text.
func ordered(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	switch token {
	case json.Delim('{'):
		o := Object{}
		for decoder.More() {
			key, err := ordered(decoder)
			if err != nil {
				return nil, err
			}
			value, err := ordered(decoder)
			if err != nil {
				return nil, err
			}
			o = append(o, Pair{Key: fmt.Sprint(key), Value: value})
		}
		_, err = decoder.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			item, err := ordered(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err = decoder.Token()
		return list, err
	}
	return token, nil
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

// Text is v as JSON, without encoding/json's care for HTML.
func Text(v any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(buffer.Bytes(), "\n")
}
