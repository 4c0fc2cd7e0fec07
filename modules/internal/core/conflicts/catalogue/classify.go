// SPDX-License-Identifier: Apache-2.0

package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Answer is what is known of a refused request. All but the status may be missing.
type Answer struct {
	Method       string
	Place        Place
	Status       int
	Code         string
	Detail       string
	Length       int    // of the body in bytes, 0 if not known
	Microversion string // of the request, "1.39"
	// Guessed requests are told by what a client says that it was doing. The answer's text outranks them.
	Guessed bool
}

// Told says by what an entry was told.
type Told string

// By what an entry can be told, the surest first.
const (
	ByText    Told = "text"
	ByLength  Told = "length" // of the answer: each text makes one of its own
	ByRoute   Told = "route"  // no other is known there
	ByNothing Told = ""
)

// Match is what an answer is.
type Match struct {
	// Entry is nil if it can't be told which one it is.
	Entry *Entry
	// Kind is known without the entry where all that it could be are of one kind.
	Kind   Kind
	By     Told
	Values map[string]string // what stands in the text's places
	Text   string            // what matched, of a text with others around it
	Among  []string          // the entries it may be, where that leaves only some
}

// Passes reports whether a write that was answered so may go through after reading and judging again. The table decides, by
// request and text; the code does not tell, see class-delete-in-use and inventory-class-vanished.
func Passes(a Answer) bool {
	m := Classify(a)
	return m.By == ByText && m.Kind == Transient
}

// Classify tells which entry of the catalogue an answer is.
func Classify(a Answer) Match {
	candidates := entriesFor(a)
	if detail := Plain(a.Detail); detail != "" {
		m := byText(candidates, detail)
		if m.Entry == nil && a.Guessed {
			m = byText(entriesFor(Answer{Status: a.Status}), detail)
		}
		return m
	}
	if a.Status != 409 || a.Place.Route == "" {
		return Match{Kind: Unknown} // any fault has that status
	}
	if found := byLength(candidates, a); len(found) > 0 {
		return oneOf(found, ByLength)
	}
	return oneOf(candidates, ByRoute)
}

// entriesFor lists the entries that the request and the status leave.
func entriesFor(a Answer) []*compiled {
	var out []*compiled
	for _, c := range compiledEntries() {
		if c.Status == a.Status && (a.Place.Route == "" || c.on(a.Method, a.Place.Route)) {
			out = append(out, c)
		}
	}
	return out
}

func byText(candidates []*compiled, detail string) Match {
	for _, c := range candidates {
		for _, t := range c.texts {
			if values, ok := t.match(detail); ok {
				return Match{Entry: &c.Entry, Kind: c.Kind, By: ByText, Values: values}
			}
		}
	}
	return Match{Kind: Unknown}
}

// Matching lists the entries that a detail may be of, wherever the request went.
func Matching(status int, detail string) []*Entry {
	var out []*Entry
	plain := Plain(detail)
	for _, c := range entriesFor(Answer{Status: status}) {
		if byText([]*compiled{c}, plain).Entry != nil {
			out = append(out, &c.Entry)
		}
	}
	return out
}

// byLength lists the entries one of whose texts makes an answer of that length.
func byLength(candidates []*compiled, a Answer) []*compiled {
	var out []*compiled
	for _, c := range candidates {
		if c.fits(a) {
			out = append(out, c)
		}
	}
	return out
}

func oneOf(candidates []*compiled, by Told) Match {
	if len(candidates) == 0 {
		return Match{Kind: Unknown}
	}
	first := candidates[0]
	if len(candidates) == 1 {
		return Match{Entry: &first.Entry, Kind: first.Kind, By: by}
	}
	var among []string
	for _, c := range candidates[:min(len(candidates), mostAmong+1)] {
		among = append(among, c.Name)
	}
	if len(among) > mostAmong {
		among = nil
	}
	if slices.ContainsFunc(candidates, func(c *compiled) bool { return c.Kind != first.Kind }) {
		return Match{Kind: Unknown, Among: among}
	}
	return Match{Kind: first.Kind, By: by, Among: among}
}

// mostAmong is how many entries are worth naming where it is one of them.
const mostAmong = 3

// opening is how the details of 409, 400 and 500 begin (webob/exc.py).
var opening = regexp.MustCompile(`^(There was a conflict when trying to complete your request\.` +
	`|The server could not comply with the request since it is either malformed or otherwise incorrect\.` +
	`|The server has either erred or is incapable of performing the requested operation\.)`)

// Plain is a detail without the opening sentence, on one line.
func Plain(detail string) string {
	words := strings.Join(strings.Fields(detail), " ")
	return strings.TrimSpace(opening.ReplaceAllString(words, ""))
}

// compiled is an entry whose texts can be looked for.
type compiled struct {
	Entry
	texts []template
}

// template is a text to match with.
type template struct {
	pattern *regexp.Regexp
	within  *regexp.Regexp // the same with other words around it
	begun   *regexp.Regexp // a beginning of it
	text    string
}

var placeholder = regexp.MustCompile(`<([a-z]+)>`)

// newTemplate makes a pattern of a text. Quotes are left out by some releases.
func newTemplate(text string) template {
	var b strings.Builder
	rest, seen := text, map[string]bool{}
	for {
		at := placeholder.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(literal(rest[:at[0]]))
		if name := rest[at[2]:at[3]]; seen[name] {
			b.WriteString("(?:.+?)")
		} else {
			b.WriteString("(?P<" + name + ">.+?)")
			seen[name] = true
		}
		rest = rest[at[1]:]
	}
	b.WriteString(literal(rest))
	body := b.String()
	return template{regexp.MustCompile("^" + body + "$"), regexp.MustCompile(strings.TrimSuffix(body, ".+?)") + ending(body)), newBeginning(text), text}
}

func literal(text string) string {
	quoted := strings.ReplaceAll(regexp.QuoteMeta(text), "'", "'?")
	if end, ok := strings.CutSuffix(quoted, `\.`); ok {
		return end + `\.?`
	}
	return quoted
}

func (t template) match(detail string) (map[string]string, bool) {
	found := t.pattern.FindStringSubmatch(detail)
	if found == nil {
		return nil, false
	}
	values := map[string]string{}
	for i, name := range t.pattern.SubexpNames() {
		if name != "" {
			values[name] = foreign.Short(found[i], LongestName)
		}
	}
	return values, true
}

func (c *compiled) on(method, route string) bool {
	return slices.ContainsFunc(c.On, func(r Request) bool { return r.Route == route && (method == "" || r.Method == method) })
}

//nolint:gochecknoglobals // made once, never written
var compiledEntries = sync.OnceValue(func() []*compiled {
	var all []*compiled
	for _, e := range All() {
		c := &compiled{Entry: e}
		for _, text := range append(slices.Clone(e.Texts), e.Older...) {
			c.texts = append(c.texts, newTemplate(text))
		}
		all = append(all, c)
	}
	return all
})
