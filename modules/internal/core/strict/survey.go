// SPDX-License-Identifier: Apache-2.0

package strict

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// What one answer may make in memory, and how many names one object may have. The list of 100,000 resource providers takes
// 25 MB, and a storage pool with 100,000 consumers 45 MB.
const (
	MostContent = 64 << 20
	mostNames   = 1 << 18
)

// Ids are UUIDs, and names of resource classes and traits, which have 255 characters at most. Other texts are shortened,
// but such as are longer than that are none.
const (
	longestID = 255
	mostText  = 1 << 16
)

// What maps and lists take, about: a map has a header and then one group of entries or twice what it needs, and a list grows
// by doubling.
const (
	ofMap  = 48
	ofKey  = 16
	group  = 8
	growth = 2
)

// An object's names are remembered while it is decoded, to see one that comes twice. What a few take is used again.
const (
	ofName   = 64
	fewNames = 64
)

// surveyor looks through an answer without decoding it.
type surveyor struct {
	dec  *jsontext.Decoder
	size int
	most int // how large size may become
}

// survey checks JSON against a plan and returns about how many bytes it takes when it is decoded, at most so many.
func survey(body []byte, p *plan, most int) (int, error) {
	// Names that come twice are found when the answer is decoded; to remember all of them here would take memory.
	s := &surveyor{dec: jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true)), size: p.size, most: most}
	if err := s.value(member{plan: p}); err != nil {
		return 0, asError(err)
	}
	if _, err := s.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return 0, &Error{Syntax: true, reason: "something follows the JSON"}
	}
	return s.size, nil
}

func (s *surveyor) value(m member) error {
	found := s.dec.PeekKind()
	switch {
	case found == 'n':
		if !m.null && !m.plan.null {
			return s.refuse("null")
		}
		return s.dec.SkipValue()
	case m.id && m.kind != table:
		return s.id()
	case m.kind == anything:
		return s.skip()
	case !fits(m.kind, found):
		return s.refuse("not " + string(m.kind))
	case m.kind == list:
		return s.list(m.element)
	case m.kind == table:
		return s.table(m.element, m.id)
	case m.kind == object:
		return s.object(m.members)
	}
	raw, err := s.dec.ReadValue()
	if m.kind == text {
		s.size += len(raw)
	}
	if m.kind == text && len(raw) > mostText {
		return s.fault("a text longer than any")
	}
	return s.counted(err)
}

// counted adds nothing, and fails if the answer takes too much.
func (s *surveyor) counted(err error) error {
	if err == nil && s.size > s.most {
		return s.fault("more than an answer may hold")
	}
	return err
}

func (s *surveyor) list(element *plan) error {
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for s.more() {
		s.size += growth * element.size
		if err := s.value(member{plan: element}); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return s.counted(err)
}

// more reports whether the list or object goes on. Where the JSON is broken it does, and reading on says so.
func (s *surveyor) more() bool {
	next := s.dec.PeekKind()
	return next != ']' && next != '}'
}

// skip passes over what is kept as it is.
func (s *surveyor) skip() error {
	before := s.dec.InputOffset()
	err := s.unknown()
	s.size += int(s.dec.InputOffset() - before)
	return s.counted(err)
}

// unknown passes over what nobody wants. Its objects have not more names than others: they are compared when the answer is
// decoded.
func (s *surveyor) unknown() error {
	switch s.dec.PeekKind() {
	case '{':
		return s.each(func([]byte) error { return s.unknown() })
	case '[':
	default:
		return s.dec.SkipValue()
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for s.more() {
		if err := s.unknown(); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

func (s *surveyor) id() error {
	switch s.dec.PeekKind() {
	case '0':
		return s.dec.SkipValue()
	case '"':
	default:
		return s.refuse("no id of this service")
	}
	raw, err := s.dec.ReadValue()
	if err != nil {
		return err
	}
	name, err := unquoted(raw)
	if err != nil {
		return err
	}
	if !isID(name) {
		return s.fault("no id of this service")
	}
	s.size += len(name)
	return s.counted(nil)
}

// isID reports whether a text may identify something: all real ones are ASCII without blanks, but others are as good.
func isID(name []byte) bool {
	if len(name) == 0 || len(name) > longestID {
		return false
	}
	special := func(r rune) bool { return r <= ' ' || r > '~' }
	return bytes.IndexFunc(name, special) < 0 || foreign.Line(string(name)) == string(name)
}

// unquoted returns the text of a JSON string, without copying one that has nothing to unquote.
func unquoted(raw []byte) ([]byte, error) {
	if inner := bytes.Trim(raw, `"`); len(inner) == len(raw)-len(`""`) && !bytes.Contains(inner, []byte(`\`)) {
		return inner, nil
	}
	return jsontext.AppendUnquote(nil, raw)
}

func fits(k kind, found jsontext.Kind) bool {
	switch k {
	case text:
		return found == '"'
	case number:
		return found == '0'
	case truth:
		return found == 't' || found == 'f'
	case list:
		return found == '['
	default: // an object
		return found == '{'
	}
}
