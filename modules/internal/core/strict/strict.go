// SPDX-License-Identifier: Apache-2.0

// Package strict decodes what services answer, and takes nothing for an answer that is none.
//
// Of encoding/json's leniency nothing is left: names count as they are written, no name may come twice, nothing may follow
// the value, and text has to be UTF-8. Each field of a type says in its tag strict what it does without:
//
//	required  it has to be there, and not null: null is not zero
//	nullable  it has to be there, and may be null
//	optional  it may be missing or null
//
// Elements of lists and values of maps are never null. A field with ",id" behind that identifies something and may go back
// to the service, in a path or as a marker: a text of 1 to 255 bytes that needs no cleaning. Of a map each key is one. All
// other texts are cleaned by foreign.Short here, and nowhere else. A type with a field that has no tag is not decoded.
//
// What an answer would take in memory is counted before any of it is decoded.
package strict

import (
	"io"
	"math"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Names that services allow have 255 characters at most. A longer one keeps its beginning and its end.
const longestText = 1000

// Raw is a part of an answer that is decoded later, if at all.
type Raw = jsontext.Value

// Size checks an answer against the type of into, a pointer, and returns about how many bytes of memory it takes when it is
// decoded. The error is an *Error, but for a type that can't be decoded.
func Size(body []byte, into any) (int, error) {
	p, err := planner{}.plan(reflect.TypeOf(into).Elem(), 0)
	if err != nil {
		return 0, err
	}
	return survey(body, p, MostContent)
}

// Decode fills into, a pointer, with an answer. masked takes secrets out of a text before that is cleaned, and may be nil.
// The error is an *Error, but for a type that can't be decoded.
func Decode(body []byte, into any, masked func(string) string) error {
	if _, err := Size(body, into); err != nil {
		return err
	}
	return Fill(body, into, masked)
}

// Fill does what Decode does with an answer that Size has checked.
func Fill(body []byte, into any, masked func(string) string) error {
	return fill(body, into, masked)
}

// File fills into, a pointer, with a file that this program wrote. Nothing may be in it that into has no field for, only
// pointers, lists and maps may be null, and its texts are cleaned as those of an answer.
func File(data []byte, into any) error {
	p, err := planner{file: true}.plan(reflect.TypeOf(into).Elem(), 0)
	if err != nil {
		return err
	}
	if _, err := survey(data, p, math.MaxInt); err != nil {
		return err
	}
	return fill(data, into, nil, json.RejectUnknownMembers(true))
}

// Write writes what File reads, indented, and the same bytes for the same data. It never holds all of it as text.
func Write(to io.Writer, from any) error {
	return json.MarshalWrite(to, from, json.Deterministic(true), json.FormatNilSliceAsNull(true), json.FormatNilMapAsNull(true),
		jsontext.EscapeForHTML(true), jsontext.WithIndent(" "))
}

func fill(text []byte, into any, masked func(string) string, more ...json.Options) error {
	clean := json.UnmarshalFromFunc(func(dec *jsontext.Decoder, text *string) error {
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if *text = ""; token.Kind() == '"' { // else it is null, as the survey has seen
			*text = cleaned(token.String(), masked)
		}
		return nil
	})
	if err := json.Unmarshal(text, into, append(more, json.WithUnmarshalers(clean))...); err != nil {
		return asError(err)
	}
	return nil
}

// Valid reports whether text is one JSON value in which no object has a name twice.
func Valid(text []byte) bool { return Raw(text).IsValid() }

// cleaned returns a text that may be shown. A secret in it is looked for before that: it would not be found later.
func cleaned(text string, masked func(string) string) string {
	if len(text) <= longestText {
		if line := foreign.Line(text); line == text || masked == nil {
			return line
		}
	}
	if masked != nil {
		text = masked(text)
	}
	return foreign.Short(text, longestText)
}
