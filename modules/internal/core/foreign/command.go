// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"strings"
	"unicode"
)

// place stands in the line of a command where a word of others comes.
const place = "%s"

// Command returns a command that a person may paste into a shell. line is the command as the program knows it, and never
// a text of others; each %s in it is a word, or the value of an option that is written --option=%s, and takes Word of the
// next of words. Where %s stands alone, a word that begins with "-" would be an option of its own, and openstack takes
// options such as --os-auth-url at any place: U+FFFD replaces that "-" too. Words without a place are left out, and a
// place without a word gets an empty one.
func Command(line string, words ...string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(line, place)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		next := Word("")
		if len(words) > 0 {
			next, words = Word(words[0]), words[1:]
		}
		if rest, option := strings.CutPrefix(next, "-"); option && !strings.HasSuffix(before, "=") {
			next = string(unseen) + rest
		}
		out.WriteString(next)
		line = after
	}
}

// Word returns text as a word that every shell takes as it stands. U+FFFD replaces each other character, so a command with
// one does nothing but fail; Altered tells. There are no quotes because they do not survive what shows them: YAML doubles
// them, and JSON and Markdown put a backslash before what stands for one inside, which ends the quotes when it is pasted.
func Word(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd) || strings.ContainsRune("._:/@%+=,-", r) {
			return r
		}
		return unseen
	}, Line(text))
	if rest, path := strings.CutPrefix(text, "="); path || text == "" { // zsh puts the path of a program in the place of =program
		return string(unseen) + rest
	}
	return text
}
