// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Dict reads a dict from a text: JSON if it begins with a brace, else pairs of key=value.
func Dict(text string) (map[string]any, error) {
	if strings.HasPrefix(text, "{") {
		dict, err := ParseObject([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("it begins with { but is not JSON: %w", err)
		}
		return dict, nil
	}
	if !strings.Contains(text, "=") {
		return nil, errors.New("dictionary requested, could not parse JSON or key=value")
	}
	dict := map[string]any{}
	for _, field := range fields(strings.TrimSpace(text)) {
		key, value, found := strings.Cut(field, "=")
		if !found {
			return nil, errors.New("dictionary requested, but a part of it has no = in it")
		}
		dict[key] = value
	}
	return dict, nil
}

// fields splits at commas and blanks outside of quotes; a backslash takes the meaning from the next character.
func fields(text string) []string {
	var all []string
	var field strings.Builder
	quote, escaped := rune(0), false
	for _, c := range text {
		switch {
		case escaped:
			field.WriteRune(c)
			escaped = false
		case c == '\\':
			escaped = true
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == ',' || c == ' '):
			all = append(all, field.String())
			field.Reset()
		default:
			field.WriteRune(c)
		}
	}
	all = append(all, field.String())
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
