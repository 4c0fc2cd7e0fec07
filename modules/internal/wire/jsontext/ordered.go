// SPDX-License-Identifier: Apache-2.0

// Package jsontext reads and writes JSON with more care than encoding/json: keys keep their order, numbers stay as written,
// duplicate keys are errors, and no error shows a value.
package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
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
