// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"unicode"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/foreign"
)

// escape makes a text, such as the name of a server, which its owner chose, one line of Markdown that reads as it stands:
// no mark-up, no HTML, no cell of a table, no link of its own. It may not begin a line.
func escape(text string) string {
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

// within says whether the character stands inside a word: there an underscore emphasizes nothing.
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

// code makes a text a code span: with more backticks around it than are in it. Not for cells of a table.
func code(text string) string {
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
