// SPDX-License-Identifier: Apache-2.0

// Package foreign makes text harmless that others chose, such as names of hosts and servers, details of answers, lines of
// logs. Whoever can name something may otherwise forge lines of a report, send a terminal commands, or have a person paste
// them into a shell.
//
// Text is cleaned once, where it enters: by Line, or by Short where its length has no bound. Commands that a person may
// paste are made by Command, and by nothing else.
package foreign

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unseen stands for each character that is not shown.
const unseen = unicode.ReplacementChar

// Line returns text on one line, as it may be shown anywhere. White space of any length, line breaks included, becomes one
// blank, and none is left at either end. U+FFFD stands for each character that is not seen or that steers what is: control
// characters, marks that turn the direction of writing, characters without width, and bytes that are no UTF-8. Line
// changes nothing in a text that it returned.
func Line(text string) string {
	if plain(text) {
		return text
	}
	return strings.Join(strings.Fields(strings.Map(seen, text)), " ")
}

// Lines returns each line of text as Line has it, with the blanks that it begins with. It is for texts of ours that have those of others
// within lines, never as lines.
func Lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		begin := len(line) - len(strings.TrimLeft(line, " "))
		out = append(out, line[:begin]+Line(line))
	}
	return out
}

// plain reports whether text is printable ASCII with single blanks inside, as nearly all is.
func plain(text string) bool {
	blank := true // as before the first character
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return text == "" || !blank
}

// seen returns what is shown for a character.
func seen(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsPrint(r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r), r == '\u2800':
		return unseen // the last are letters and a symbol by their class, but blank: fillers, braille without dots
	}
	return r
}

// List names things in a sentence: each as Line has it, and "none" if there are none.
func List(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = Line(name)
	}
	return strings.Join(shown, ", ")
}

// Some names the first of several things, at most so many, each as Line has it, and counts the others: "a, b and 3 more".
func Some(names []string, most int) string {
	shown := make([]string, min(len(names), most))
	for i := range shown {
		shown[i] = Line(names[i])
	}
	text := strings.Join(shown, ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// Altered reports whether Line or Word put U+FFFD into a text, or may have: it names nothing then.
func Altered(text string) bool { return strings.ContainsRune(text, unseen) }

// Short returns Line of text, of at most limit characters. "…" takes the place of the middle of a longer one, so that what
// a sentence ends with is still there.
func Short(text string, limit int) string {
	if most := limit * utf8.UTFMax * 4; len(text) > 2*most {
		text = text[:most] + text[len(text)-most:] // Line of all would take long, and more is not needed but of blanks
	}
	runes := []rune(Line(text))
	if len(runes) <= limit {
		return string(runes)
	}
	tail := limit / 4
	head := strings.TrimRight(string(runes[:limit-tail-1]), " ")
	return head + "…" + strings.TrimLeft(string(runes[len(runes)-tail:]), " ")
}

// Tree returns a value of JSON with clean applied to each text in it, keys included.
func Tree(value any, clean func(string) string) any {
	switch v := value.(type) {
	case string:
		return clean(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = Tree(v[i], clean)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, member := range v {
			object[clean(key)] = Tree(member, clean)
		}
		return object
	}
	return value
}
