// SPDX-License-Identifier: Apache-2.0

package filters

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// matches reports whether a value is what an extra spec asks for, by its operator if it begins with one
// (nova/scheduler/filters/extra_specs_ops.py).
func matches(value, wanted string) bool {
	words := strings.Fields(wanted)
	if len(words) == 0 || !operator(words[0]) {
		return value == wanted
	}
	op, rest := words[0], words[1:]
	if len(rest) == 0 {
		return false
	}
	switch op {
	case "<or>": // <or> a <or> b
		for i := 0; i < len(rest); i += 2 {
			if rest[i] == value {
				return true
			}
		}
		return false
	case "<all-in>":
		return !slices.ContainsFunc(rest, func(one string) bool { return !strings.Contains(value, one) })
	case "<in>":
		return strings.Contains(value, rest[0])
	}
	if text, is := strings.CutPrefix(op, "s"); is {
		return compares(text, strings.Compare(value, rest[0]))
	}
	a, err := strconv.ParseFloat(value, 64)
	b, wrong := strconv.ParseFloat(rest[0], 64)
	return err == nil && wrong == nil && compares(op, cmp.Compare(a, b))
}

func operator(word string) bool {
	return slices.Contains([]string{"<or>", "<all-in>", "<in>", "=", "==", "!=", ">=", "<=", "s==", "s!=", "s<", "s<=", "s>", "s>="}, word)
}

// compares reads an operator as Nova does: of numbers, "=" means at least.
func compares(op string, order int) bool {
	switch op {
	case "=", ">=":
		return order >= 0
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case "<=":
		return order <= 0
	case "<":
		return order < 0
	}
	return order > 0
}
