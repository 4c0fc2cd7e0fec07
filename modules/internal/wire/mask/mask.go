// SPDX-License-Identifier: Apache-2.0

// Package mask knows the secrets of one call, and takes them out of what is shown, in every form in which they may be written.
package mask

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// Hidden stands where a secret would.
const Hidden = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

// A shorter secret is masked only as a whole value, see the package comment.
const shortestSubstring = 4

// A secret below this length that is a plain word, such as noauth2's token admin, is masked only where it stands alone:
// kolla-admin and admin_token are not it.
const shortestInsideWords = 6

var plainWord = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)

var (
	secretKey = regexp.MustCompile(`(?i)pass[_-]?(word|wd|wrd|phrase|code|key)|(^|[_-])pass($|[_-])|secret|token|private[_-]?key|api[_-]?key|(^|[_-])t?otp($|[_-])`)
	plainKey  = regexp.MustCompile(`(?i)(endpoint|url|type|format|expir\w*|ttl)$`)
)

// IsSecretKey reports whether a key of a dict names something that must not be shown.
func IsSecretKey(key string) bool {
	return secretKey.MatchString(key) && !plainKey.MatchString(key)
}

// Secrets knows the secrets of one call.
type Secrets struct {
	mu     sync.Mutex
	values map[string]bool
	made   *Masker // of these values; nil if there are newer ones
}

// Add adds a secret, as it is and without the blanks around it.
func (m *Secrets) Add(value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]bool{}
	}
	for _, form := range []string{value, strings.TrimSpace(value)} {
		if form != "" && form != Hidden && !m.values[form] {
			m.values[form], m.made = true, nil
		}
	}
}

// AddAll adds every text and number at any depth of v.
func (m *Secrets) AddAll(v any) {
	switch v := v.(type) {
	case string:
		m.Add(v)
	case json.Number:
		m.Add(v.String())
	case []any:
		for _, item := range v {
			m.AddAll(item)
		}
	case map[string]any:
		for _, item := range v {
			m.AddAll(item)
		}
	}
}

// AddOthers adds each text and number below a key that is not harmless, at any depth of v. A text that holds a dict counts as
// that dict.
func (m *Secrets) AddOthers(v any, harmless func(key string) bool) {
	switch v := v.(type) {
	case string:
		if dict, err := jsontext.Dict(v); err == nil {
			m.AddOthers(dict, harmless)
		}
	case []any:
		for _, item := range v {
			m.AddOthers(item, harmless)
		}
	case map[string]any:
		for key, item := range v {
			if harmless(key) {
				m.AddOthers(item, harmless)
				continue
			}
			m.AddAll(item)
		}
	}
}

// Text within text within text is not looked into: a long row of = would be read again and again.
const deepestText = 3

// AddBelow adds what stands below telling keys at any depth of v. A text that holds a dict counts as that dict.
func (m *Secrets) AddBelow(v any) {
	m.search(v, 0)
}

// search is addBelow within so many texts.
func (m *Secrets) search(v any, texts int) {
	switch v := v.(type) {
	case string:
		m.searchText(v, texts)
	case []any:
		for _, item := range v {
			m.search(item, texts)
		}
	case map[string]any:
		for key, item := range v {
			if IsSecretKey(key) {
				m.AddAll(item)
				continue
			}
			m.search(item, texts)
		}
	}
}

func (m *Secrets) searchText(text string, texts int) {
	if texts >= deepestText {
		return
	}
	if u, err := url.Parse(text); err == nil {
		if password, ok := u.User.Password(); ok {
			m.Add(password)
		}
	}
	dict, err := jsontext.Dict(text)
	if err == nil {
		m.search(dict, texts+1)
	} else if strings.HasPrefix(text, "{") {
		m.Add(text) // what is in it can't be told
	}
}

// Masker replaces secrets in texts.
type Masker struct {
	whole   map[string]bool
	replace *strings.Replacer
	words   *regexp.Regexp // words to replace, with what is before and behind each; nil if there are none
}

// Masker returns what replaces the secrets known so far.
func (m *Secrets) Masker() *Masker {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil {
		m.made = m.makeMasker()
	}
	return m.made
}

func (m *Secrets) makeMasker() *Masker {
	whole, parts := map[string]bool{}, map[string]bool{}
	var words []string
	for secret := range m.values {
		whole[secret] = true
		if len(secret) < shortestSubstring {
			continue
		}
		for _, form := range forms(secret) {
			parts[form] = true
		}
		if len(secret) < shortestInsideWords && plainWord.MatchString(secret) {
			delete(parts, secret)
			words = append(words, regexp.QuoteMeta(secret))
		}
	}
	ordered := make([]string, 0, len(parts))
	for part := range parts {
		ordered = append(ordered, part)
	}
	// The replacer prefers what comes first: a secret that begins with another one has to.
	slices.SortFunc(ordered, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	pairs := make([]string, 0, 2*len(ordered))
	for _, part := range ordered {
		pairs = append(pairs, part, Hidden)
	}
	return &Masker{whole: whole, replace: strings.NewReplacer(pairs...), words: standingAlone(words)}
}

// standingAlone matches the words where nothing that could belong to a longer word is beside them.
func standingAlone(words []string) *regexp.Regexp {
	if len(words) == 0 {
		return nil
	}
	slices.Sort(words)
	return regexp.MustCompile(`(^|[^0-9A-Za-z_-])(?:` + strings.Join(words, "|") + `)($|[^0-9A-Za-z_-])`)
}

// Text is the text without secrets.
func (m *Masker) Text(s string) string {
	if m.whole[s] {
		return Hidden
	}
	s = m.replace.Replace(s)
	if m.words == nil {
		return s
	}
	for range 2 { // what is between two words belongs to the first match only
		s = m.words.ReplaceAllString(s, "${1}"+Hidden+"${2}")
	}
	return s
}
