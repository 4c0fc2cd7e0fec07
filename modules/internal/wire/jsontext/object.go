// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// No sane arguments are nested deeper; without a limit a few kilobytes of brackets cost all memory.
const deepestJSON = 64

// ParseObject reads exactly one JSON object. Numbers stay as written. It is stricter than encoding/json: duplicate keys,
// broken UTF-8, anything after the object and deep nesting are errors. No error shows a value.
func ParseObject(text []byte) (map[string]any, error) {
	if at := invalidUTF8(text); at >= 0 {
		return nil, fmt.Errorf("invalid UTF-8 at byte %d", at)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, errors.New("empty")
	}
	r := &reader{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	r.decoder.UseNumber()
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s, not an object", Article(v))
	}
	end := r.decoder.InputOffset()
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows the object after byte %d", end)
	}
	return object, nil
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

type reader struct {
	text    []byte
	decoder *json.Decoder
}

func (r *reader) value(depth int) (any, error) {
	token, err := r.token()
	if err != nil {
		return nil, err
	}
	if _, opens := token.(json.Delim); opens && depth >= deepestJSON {
		return nil, fmt.Errorf("nested deeper than %d levels", deepestJSON)
	}
	switch token {
	case json.Delim('{'):
		return r.object(depth + 1)
	case json.Delim('['):
		return r.list(depth + 1)
	}
	if n, ok := token.(json.Number); ok && tooLarge(n) {
		return nil, fmt.Errorf("a number beyond all bounds before byte %d", r.decoder.InputOffset())
	}
	return token, nil
}

// tooLarge is true for what Python would read as infinite.
func tooLarge(n json.Number) bool {
	_, err := n.Float64()
	return err != nil && !Integer.MatchString(n.String())
}

func (r *reader) object(depth int) (any, error) {
	object := map[string]any{}
	for r.decoder.More() {
		token, err := r.token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string) // the decoder takes nothing else for a key
		if _, known := object[key]; known {
			return nil, fmt.Errorf("duplicate key %q", key)
		}
		if object[key], err = r.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := r.token()
	return object, err
}

func (r *reader) list(depth int) (any, error) {
	list := []any{}
	for r.decoder.More() {
		item, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := r.token()
	return list, err
}

func (r *reader) token() (json.Token, error) {
	token, err := r.decoder.Token()
	if err == nil {
		return token, nil
	}
	at := r.decoder.InputOffset()
	rest := strings.TrimLeft(string(r.text[min(int(at), len(r.text)):]), " \t\r\n:,-")
	for _, word := range []string{"NaN", "Infinity"} {
		if strings.HasPrefix(rest, word) {
			return nil, fmt.Errorf("%s at byte %d, which is not JSON (.nan or .inf in YAML)", word, at)
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.New("it ends in the middle")
	}
	return nil, fmt.Errorf("not JSON after byte %d", at)
}
