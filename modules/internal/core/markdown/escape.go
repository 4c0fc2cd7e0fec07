// SPDX-License-Identifier: Apache-2.0

// Package markdown writes pages in GitHub's dialect of Markdown. What others named reads as it stands: no mark-up, no
// HTML, no link of its own.
package markdown

import (
	"strings"
	"unicode"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Escape makes a text, such as the name of a server, which its owner chose, one line of Markdown that reads as it stands:
// no mark-up, no HTML, no cell of a table, no link of its own. It may not begin a line.
func Escape(text string) string {
	runes := []rune(foreign.Line(text))
	var out strings.Builder
	for i, r := range runes {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '&':
			out.WriteString("&amp;")
		case strings.ContainsRune("\\`*[]|~$", r), r == '_' && !within(runes, i), r == ':' && ahead(runes, i, "://"),
			r == '.' && behind(runes, i, "www"), r == '@', r == '#':
			out.WriteRune('\\')
			out.WriteRune(r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// within reports whether the character stands inside a word: there an underscore emphasizes nothing.
func within(runes []rune, i int) bool {
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	return word(i-1) && word(i+1)
}

func ahead(runes []rune, i int, text string) bool { return strings.HasPrefix(string(runes[i:]), text) }

func behind(runes []rune, i int, text string) bool {
	return strings.HasSuffix(strings.ToLower(string(runes[:i])), text)
}

// Code makes a text a code span: with more backticks around it than are in it. Not for cells of a table.
func Code(text string) string {
	text = foreign.Line(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}
