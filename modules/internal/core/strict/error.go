// SPDX-License-Identifier: Apache-2.0

package strict

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Error says why something is no answer. It quotes nothing of it but names.
type Error struct {
	// Syntax says that it is not JSON, or has something behind it.
	Syntax bool

	at     string // a JSON pointer
	reason string
}

// Error is a few words, such as "null at /servers/3/id".
func (e *Error) Error() string {
	if e.at == "" {
		return e.reason
	}
	return e.reason + " at " + e.at
}

// Names in an answer may be as long as they like.
const longestPointer = 200

func shown(at jsontext.Pointer) string { return foreign.Short(string(at), longestPointer) }

func (s *surveyor) fault(reason string) error {
	return &Error{at: shown(s.dec.StackPointer()), reason: reason}
}

// refuse passes over a value, so that what is said of it has its place, and says that broken JSON is broken.
func (s *surveyor) refuse(reason string) error {
	if err := s.dec.SkipValue(); err != nil {
		return err
	}
	return s.fault(reason)
}

// asError takes over what the library says, without the parts of the answer that it quotes.
func asError(err error) error {
	var own *Error
	var syntax *jsontext.SyntacticError
	var kind *json.SemanticError
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, jsontext.ErrDuplicateName):
		e := &Error{reason: "a name that comes twice"}
		if errors.As(err, &syntax) {
			e.at = shown(syntax.JSONPointer)
		}
		return e
	case errors.As(err, &kind):
		return &Error{at: shown(kind.JSONPointer), reason: "not what it should be"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Error{Syntax: true, reason: "it ends in the middle"}
	}
	return &Error{Syntax: true, reason: "it is not JSON"}
}
