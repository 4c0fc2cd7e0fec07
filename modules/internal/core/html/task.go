// SPDX-License-Identifier: Apache-2.0

package html

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// task is a task of Ansible. Its texts are data to Ansible: no template in them is filled in.
func task(module string, args map[string]any) string {
	text := "- name: Run " + module[strings.LastIndex(module, ".")+1:] + "\n  " + module + ":"
	if len(args) == 0 {
		return text + " {}\n"
	}
	return text + quoted(plain(args), 2) + "\n"
}

// yaml is a value to read: in block style, texts without quotes where YAML takes them as such.
func yaml(value any, depth int) string { return writer{bare}.value(value, depth) }

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
	odd := strings.ContainsFunc(text, func(r rune) bool { return !word(r) })
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
