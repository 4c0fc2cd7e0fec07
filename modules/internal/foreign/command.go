// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"strings"
)

// word stands in the line of a command where a word of others comes.
const word = "%s"

// Command returns a command that a person may paste into a POSIX shell. line is the command as the program knows it, and
// never a text of others; each %s in it takes one of words, quoted by Word. An option's value is written --option=%s: apart
// from its option, a value that begins with "-" would be an option of its own, and openstack takes options such as
// --os-auth-url at any place. Where a %s stands alone, U+FFFD replaces such a "-", so the command finds nothing. Words
// without a place are left out, and a place without a word becomes an empty one.
func Command(line string, words ...string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(line, word)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		next := ""
		if len(words) > 0 {
			next, words = Line(words[0]), words[1:]
		}
		if rest, option := strings.CutPrefix(next, "-"); option && !strings.HasSuffix(before, "=") {
			next = string(unseen) + rest
		}
		out.WriteString(Word(next))
		line = after
	}
}

// Word returns Line of text as one word of a POSIX shell. What a shell takes as it stands is not quoted.
func Word(text string) string {
	text = Line(text)
	if bare(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// bare reports whether shells take text for a word without quotes. Zsh puts a path in the place of a word that begins with "=".
func bare(text string) bool {
	if text == "" || text[0] == '-' || text[0] == '=' {
		return false
	}
	for i := range len(text) {
		c := text[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte("._:/@%+=,-", c) < 0 {
			return false
		}
	}
	return true
}
