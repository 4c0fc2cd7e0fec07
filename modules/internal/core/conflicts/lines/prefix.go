// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/fields"
)

// Prefix is what stands before each line of one stream: the name of a pod or of a container, or that of a file that was
// searched.
type Prefix struct {
	text     []byte
	searched bool // a colon or a dash follows, as grep writes them
	numbered bool // before that the number of the line
}

// PrefixOf returns what stands before a line that has a form of its own behind it, and how long that is: 0 for a line that
// begins with its time, or that is of no known form.
func PrefixOf(line []byte) (Prefix, int) {
	if len(line) == 0 || line[0] == '{' || Timed(line) {
		return Prefix{}, 0
	}
	at := inner(line)
	if at < 0 {
		at = recordIn(line)
	}
	if at <= 0 {
		return Prefix{}, 0
	}
	at = dated(line[:at])
	return newPrefix(line[:at]), at
}

// Timed reports whether a line begins with a time. It is asked of each line.
func Timed(line []byte) bool {
	switch {
	case len(line) <= len("Jan 02 15:04:05 "):
		return false
	case line[0] == '<':
		return true
	case line[0] == '[':
		return weekday.Match(line[:6])
	case digit(line[0]):
		return day(line) || unixTime.Match(line[:min(len(line), innerPrefix)]) || yearly.Match(line[:min(len(line), innerPrefix)])
	}
	return line[3] == ' ' && line[0] >= 'A' && line[0] <= 'Z' && (line[6] == ' ' && line[9] == ':' || day(line[4:]) || yearly.Match(line[:min(len(line), innerPrefix)]))
}

// Within returns where a line of oslo.log begins within one of syslog: as far are the next lines of its message indented. It is
// 0 if there is none.
func Within(line []byte) int {
	if IsOslo(line) {
		return 0
	}
	return max(inner(line), 0)
}

// day reports whether a text begins with a date, and a time after it.
func day(text []byte) bool {
	return len(text) > len("2026-01-02T") && digit(text[0]) && text[4] == '-' && text[7] == '-' && digit(text[9]) && (text[10] == 'T' || text[10] == ' ')
}

// dated returns where the first time begins in what stands before a line; its length if there is none.
func dated(before []byte) int {
	for at := 1; at < len(before); at++ {
		if parts(before[at-1]) && day(before[at:]) {
			return at
		}
	}
	return len(before)
}

// recordIn returns where a record in JSON begins that fills the rest of a line and has a message and a time, 0 if none does.
func recordIn(line []byte) int {
	if line[len(line)-1] != '}' {
		return 0
	}
	at := bytes.Index(line[:min(len(line), innerPrefix)], []byte(`{"`))
	if at < 1 || !parts(line[at-1]) {
		return 0
	}
	var f fields.Fields
	if json.Unmarshal(line[at:], &f) != nil {
		return 0
	}
	if f = f.Document(); f.Message() == "" || f.Time(time.UTC).IsZero() {
		return 0
	}
	return at
}

// parts reports whether a character may stand between a prefix and a line.
func parts(c byte) bool { return bytes.IndexByte([]byte(" :\t-|]"), c) >= 0 }

func newPrefix(text []byte) Prefix {
	p := Prefix{text: slices.Clone(text)}
	end := len(text) - 1
	if text[end] != ':' && text[end] != '-' {
		return p
	}
	p.text, p.searched = p.text[:end], true
	if name := bytes.TrimRight(p.text, "0123456789"); len(name) < end && (len(name) == 0 || name[len(name)-1] == text[end]) {
		p.text, p.numbered = name[:max(len(name)-1, 0)], true
	}
	return p
}

// In returns how much of the beginning of a line is the prefix, -1 if it has another one. Of an empty line the blanks at its
// end may be missing.
func (p Prefix) In(line []byte) int {
	switch rest, ok := bytes.CutPrefix(line, p.text); {
	case !ok:
		if bare := bytes.TrimRight(p.text, " \t"); len(bare) > 0 && bytes.Equal(bytes.TrimRight(line, " \t"), bare) {
			return len(line)
		}
		return -1
	case p.searched:
		return p.separated(line, rest)
	}
	return len(p.text)
}

// separated returns where the line begins that grep writes after the name of a file: "name:", or "name:7:", each with dashes for
// one beside what was looked for.
func (p Prefix) separated(line, rest []byte) int {
	separator := byte(0)
	take := func() bool {
		if len(rest) == 0 || rest[0] != ':' && rest[0] != '-' || separator != 0 && rest[0] != separator {
			return false
		}
		separator, rest = rest[0], rest[1:]
		return true
	}
	if p.numbered {
		if len(p.text) > 0 && !take() {
			return -1
		}
		number := len(rest)
		if rest = bytes.TrimLeft(rest, "0123456789"); len(rest) == number {
			return -1
		}
	}
	if !take() {
		return -1
	}
	return len(line) - len(rest)
}

// Name is the text of a prefix that may be the name of a writer; empty of one that is the name of a file.
func (p Prefix) Name() string {
	if p.searched {
		return ""
	}
	return string(p.text)
}

// Weak reports whether lines of other streams may begin so too: with blanks, or with a number.
func (p Prefix) Weak() bool { return len(bytes.TrimLeft(p.text, " \t")) == 0 }
