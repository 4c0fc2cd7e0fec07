// SPDX-License-Identifier: Apache-2.0

// Package pasted writes tasks and values of a result as YAML that can be read, and pasted into a playbook.
package pasted

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Collection stands before the name of a module.
const Collection = "openstack_ops.placement."

// Task is a task of Ansible that runs a module, a line each. Its texts are data to Ansible: no template in them is filled in.
func Task(module string, args map[string]any) string {
	text := "- name: Run " + module[strings.LastIndex(module, ".")+1:] + "\n  " + module + ":"
	if len(args) == 0 {
		return text + " {}\n"
	}
	return text + quoted(plain(args), 2) + "\n"
}

// Value is a value to read: in block style, texts without quotes.
func Value(value any) string { return strings.TrimPrefix(writer{bare}.value(plain(value), 0), "\n") }

// quoted is a value to paste: every text that is no plain word has quotes.
func quoted(value any, depth int) string { return writer{safe}.value(value, depth) }

// writer writes values of JSON in YAML's block style. What stands behind a key begins with a blank or a line break.
type writer struct{ text func(string) string }

func (w writer) value(value any, depth int) string {
	indent := "\n" + strings.Repeat("  ", depth)
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return " {}"
		}
		var out strings.Builder
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out.WriteString(indent + w.text(key) + ":" + spaced(w.value(v[key], depth+1)))
		}
		return out.String()
	case []any:
		if len(v) == 0 {
			return " []"
		}
		var out strings.Builder
		for _, one := range v {
			out.WriteString(indent + "- " + strings.TrimLeft(w.value(one, depth+1), " \n"))
		}
		return out.String()
	case string:
		return w.text(v)
	}
	return encoded(value)
}

// spaced puts a blank before what does not begin with a line break.
func spaced(text string) string {
	if strings.HasPrefix(text, "\n") || strings.HasPrefix(text, " ") {
		return text
	}
	return " " + text
}

func bare(text string) string {
	if text == "" {
		return `""`
	}
	return text
}

// safe quotes all but plain words, and marks what Ansible would take for a template.
func safe(text string) string {
	odd := strings.ContainsFunc(text, func(r rune) bool { return !Word(r) })
	if text != "" && !odd && (text[0] < '0' || text[0] > '9') && !slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, strings.ToLower(text)) {
		return text
	}
	if strings.Contains(text, "{{") || strings.Contains(text, "{%") || strings.Contains(text, "{#") {
		return "!unsafe " + encoded(text)
	}
	return encoded(text)
}

// encoded is a value in JSON, which is YAML as well.
func encoded(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return `""`
	}
	return strings.TrimRight(out.String(), "\n")
}

// Word reports whether a character needs no quotes anywhere.
func Word(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// plain turns the types of a check into those of JSON.
func plain(value any) any {
	switch value.(type) {
	case nil, string, bool, float64, int:
		return value
	}
	text, err := json.Marshal(value)
	var out any
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return err.Error()
	}
	return out
}
