// SPDX-License-Identifier: Apache-2.0

package catalogue

import (
	"slices"
	"strconv"
	"strings"
)

// The answer around a detail and a code. Placement's request ids have 40 characters (oslo.middleware), and its JSON has
// a blank after each comma and colon (placement/util.py, json_error_formatter).
const (
	envelope   = `{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n   ", "request_id": ""}]}`
	idLength   = 40
	codeFrame  = `"code": "", `
	UUIDLength = 36
)

// fits reports whether one of the entry's texts makes an answer as long as this.
func (c *compiled) fits(a Answer) bool {
	if a.Length == 0 {
		return false
	}
	bare := a.Length - len(envelope) - idLength
	coded := bare - len(codeFrame) - len(c.Code)
	return slices.ContainsFunc(c.Texts, func(text string) bool {
		switch {
		case a.Microversion == "": // only Placement's own log has it
			return fitsText(text, bare, a.Place) || fitsText(text, coded, a.Place)
		case withCodes(a.Microversion):
			return fitsText(text, coded, a.Place)
		}
		return fitsText(text, bare, a.Place)
	})
}

// fitsText reports whether the text can be that long.
func fitsText(text string, length int, where Place) bool {
	shortest, more := 0, 0
	rest := text
	for {
		at := placeholder.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		least, most := lengths(rest[at[2]:at[3]], where)
		shortest, more = shortest+at[0]+least, more+most-least
		rest = rest[at[1]:]
	}
	shortest += len(rest)
	return length >= shortest && length <= shortest+more
}

// lengths returns how long what stands in a place can be.
func lengths(name string, where Place) (least, most int) {
	switch {
	case name == "uuid":
		return UUIDLength, UUIDLength
	case name == "class" && where.Class != "":
		return len(where.Class), len(where.Class)
	case name == "name" && where.ID != "":
		return len(where.ID), len(where.ID)
	case name == "wanted", name == "given", name == "actual":
		return 1, len("2147483647")
	case name == "name", name == "class":
		return 1, 255
	case name == "error":
		return 300, 2000 // the database's, with the statement
	}
	return 3, 2000
}

// withCodes reports whether answers at that microversion have an error code: from 1.23 on.
func withCodes(microversion string) bool {
	major, minor, ok := strings.Cut(microversion, ".")
	n, err := strconv.Atoi(minor)
	return ok && err == nil && (major != "1" || n >= 23)
}
