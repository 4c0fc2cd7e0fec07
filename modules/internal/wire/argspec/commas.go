// SPDX-License-Identifier: Apache-2.0

package argspec

import "strings"

// What commas in a text stand for that is given for a list: x-ansible-commas in jsonschema_extras. Without it they are between
// the entries, as Ansible has it.
const (
	// AnyOf keeps a text whole that has in: before a word, as in in:A,B. Other commas are between entries.
	AnyOf = "any-of"
	// OneEntry keeps each text whole: an entry is a list itself.
	OneEntry = "one-entry"
)

// Entries are those of a list that is given as a text.
func (o *Option) Entries(text string) []any {
	words := strings.Split(text, ",")
	if o.Commas == OneEntry || o.Commas == AnyOf && asksAnyOf(words) {
		return []any{text}
	}
	entries := make([]any, len(words))
	for i, word := range words {
		entries[i] = word
	}
	return entries
}

// asksAnyOf reports whether a word begins with in: or !in:. Behind another word it is unknown what belongs to it: then the whole text is
// no right entry, and is refused as such.
func asksAnyOf(words []string) bool {
	for _, word := range words {
		if strings.HasPrefix(strings.TrimPrefix(strings.TrimSpace(word), "!"), "in:") {
			return true
		}
	}
	return false
}

// coerce coerces a value to the option's type.
func (o *Option) coerce(v any) (any, error) {
	if text, is := v.(string); is && o.Type == List {
		return o.Entries(text), nil
	}
	return scalar(o.Type, v)
}
