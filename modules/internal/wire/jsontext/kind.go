// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"encoding/json"
	"regexp"
)

// Integer is one as Python reads it: an underscore may stand between digits.
var Integer = regexp.MustCompile(`^[+-]?[0-9]+(_[0-9]+)*$`)

// TypeOf is the name of a value's type, in Ansible's words.
func TypeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "str"
	case bool:
		return "bool"
	case json.Number:
		if Integer.MatchString(v.String()) {
			return "int"
		}
		return "float"
	case int:
		return "int"
	case float64:
		return "float"
	case []any:
		return "list"
	}
	return "dict"
}

// Article is the type of a value with its article, in Ansible's words.
func Article(v any) string {
	if name := TypeOf(v); name == "int" {
		return "an int"
	} else if name != "null" {
		return "a " + name
	}
	return "null"
}
