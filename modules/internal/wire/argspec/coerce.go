// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// Go's float parser takes hexadecimal, Python's does not; an underscore may stand between digits in both int and float.
var (
	decimal = regexp.MustCompile(`^[+-]?([0-9]+(_[0-9]+)*)?\.?([0-9]+(_[0-9]+)*)?([eE][+-]?[0-9]+(_[0-9]+)*)?$`)
)

// scalar coerces v, one value out of JSON, to an option's type.
func scalar(kind string, v any) (any, error) {
	switch kind {
	case Str:
		return ToStr(v)
	case Path:
		return toPath(v)
	case Int:
		return ToInt(v)
	case Float:
		return toFloat(v)
	case Bool:
		return ToBool(v)
	case List:
		return toList(v)
	case Dict:
		return toDict(v)
	}
	return plain(v), nil
}

// ToStr returns a value as the text that Ansible makes of it.
func ToStr(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool:
		if v {
			return "True", nil
		}
		return "False", nil
	case json.Number:
		return pythonNumber(v), nil
	case int:
		return strconv.Itoa(v), nil
	}
	return "", fmt.Errorf("%s is not a string", jsontext.Article(v))
}

// pythonNumber writes a number as Python's str() does: 8 as 8, 1.50 as 1.5, 1e3 as 1000.0.
func pythonNumber(n json.Number) string {
	if jsontext.Integer.MatchString(n.String()) {
		if n == "-0" {
			return "0"
		}
		return n.String()
	}
	f, err := n.Float64()
	if err != nil {
		return n.String()
	}
	short := strconv.FormatFloat(f, 'e', -1, 64)
	_, exponent, _ := strings.Cut(short, "e")
	if e, err := strconv.Atoi(exponent); err != nil || e < -4 || e >= 16 {
		return short
	}
	short = strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(short, ".") {
		short += ".0"
	}
	return short
}

// ToInt returns a value as the whole number that Ansible makes of it.
func ToInt(v any) (int, error) {
	text := ""
	switch v := v.(type) {
	case int:
		return v, nil
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	default:
		return 0, fmt.Errorf("%s is not an integer", jsontext.Article(v))
	}
	if !jsontext.Integer.MatchString(text) {
		return 0, errors.New("it is not an integer")
	}
	n, err := strconv.Atoi(strings.ReplaceAll(text, "_", ""))
	if err != nil {
		return 0, errors.New("it does not fit into 64 bits")
	}
	return n, nil
}

func toFloat(v any) (float64, error) {
	text := ""
	switch v := v.(type) {
	case float64:
		return v, nil
	case int:
		return float64(v), nil
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	default:
		return 0, fmt.Errorf("%s is not a number", jsontext.Article(v))
	}
	if !decimal.MatchString(text) {
		return 0, errors.New("it is not a finite number")
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	if err != nil || math.IsInf(f, 0) {
		return 0, errors.New("it is not a finite number")
	}
	return f, nil
}

// ToBool returns a value as the boolean that Ansible makes of it.
func ToBool(v any) (bool, error) {
	text := ""
	switch v := v.(type) {
	case bool:
		return v, nil
	case json.Number:
		return boolOfNumber(v)
	case string:
		text = strings.ToLower(strings.TrimSpace(v))
	default:
		return false, fmt.Errorf("%s is not a boolean", jsontext.Article(v))
	}
	switch text {
	case "y", "yes", "on", "1", "true", "t":
		return true, nil
	case "n", "no", "off", "0", "false", "f":
		return false, nil
	}
	return false, errors.New("it is not a valid boolean, such as yes or no")
}

func boolOfNumber(n json.Number) (bool, error) {
	f, err := n.Float64()
	if err != nil || f != 0 && f != 1 {
		return false, errors.New("only the numbers 0 and 1 are booleans")
	}
	return f == 1, nil
}

func toList(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case string:
		return (&Option{}).Entries(v), nil
	case json.Number, bool:
		text, err := ToStr(v)
		return []any{text}, err
	}
	return nil, fmt.Errorf("%s is not a list", jsontext.Article(v))
}

func toDict(v any) (map[string]any, error) {
	switch v := v.(type) {
	case map[string]any:
		return v, nil
	case string:
		return jsontext.Dict(v)
	}
	return nil, fmt.Errorf("%s is not a dict", jsontext.Article(v))
}

// plain turns the numbers in a value of free form into int or float64. An integer too big for that stays a
// json.Number, so that no digit is lost.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil && !jsontext.Integer.MatchString(v.String()) {
			return f
		}
		return v
	case []any:
		return plainAll(v)
	case map[string]any:
		dict := make(map[string]any, len(v))
		for key, item := range v {
			dict[key] = plain(item)
		}
		return dict
	}
	return v
}

func plainAll(list []any) []any {
	all := make([]any, len(list))
	for i, item := range list {
		all[i] = plain(item)
	}
	return all
}
