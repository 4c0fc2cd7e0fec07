// SPDX-License-Identifier: Apache-2.0

package catalogue

import (
	"regexp"
	"strings"
)

// ending is what a pattern ends with when other words may follow: what stands in a last place is one word then.
func ending(body string) string {
	if strings.HasSuffix(body, ".+?)") {
		return `[^\s"']+)`
	}
	return ""
}

// newBeginning makes a pattern of the beginnings of a text, word by word; nil for a text that may begin with anything.
func newBeginning(text string) *regexp.Regexp {
	words := strings.Fields(text)
	if strings.HasPrefix(words[0], "<") {
		return nil
	}
	pattern := ""
	for i := len(words) - 1; i > 0; i-- {
		word := placeholder.ReplaceAllString(literal(words[i]), ".+?")
		pattern = "(?: " + word + pattern + ")?"
	}
	return regexp.MustCompile("^" + literal(words[0]) + pattern + "$")
}

// Begins reports whether a detail may be the beginning of one that the catalogue has: its rest is on the next line then.
func Begins(detail string) bool {
	detail = Plain(detail)
	if detail == "" {
		return false
	}
	for _, c := range compiledEntries() {
		for _, t := range c.texts {
			if c.Status == 409 && t.begun != nil && t.begun.MatchString(detail) {
				return true
			}
		}
	}
	return false
}

// Find returns the longest text of a 409 that a line holds, whatever stands around it; empty if there is none.
func Find(line string) string {
	line, found := strings.Join(strings.Fields(line), " "), ""
	for _, c := range compiledEntries() {
		for _, t := range c.texts {
			if c.Status != 409 || strings.Contains(t.text, "<error>") {
				continue
			}
			if text := t.within.FindString(line); len(text) > len(found) {
				found = text
			}
		}
	}
	return found
}

// Note tells which entry a line is of that tells of no refusal. Values and Text are what it says.
func Note(line string) Match {
	line = strings.Join(strings.Fields(line), " ")
	for _, c := range compiledEntries() {
		for _, t := range c.texts {
			if c.Status != 0 {
				continue
			}
			if text := t.within.FindString(line); text != "" {
				m := byText([]*compiled{c}, text)
				m.Text = text
				return m
			}
		}
	}
	return Match{Kind: Unknown}
}
