// SPDX-License-Identifier: Apache-2.0

// Package feed reads one log line by line: it puts together what is told in several lines, dates what has no time of its own, and
// counts what could not be understood.
package feed

import (
	"bytes"
	"cmp"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/export"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
)

// Counts says what became of the lines of a log.
type Counts struct {
	Lines  int `json:"lines"`
	Events int `json:"events"` // lines that tell of conflicts, or of what went through
	// Unread are lines that could not be understood: cut, binary, wrongly encoded, too long, of no known form.
	Unread int `json:"unread"`
	// FirstUnread is the number of the first of them, counted from 1 where this reading began.
	FirstUnread int `json:"first_unread,omitempty"`
	// Doubtful are those of them that seem to tell of a refusal.
	Doubtful int `json:"doubtful,omitempty"`
}

// Log is one log that is read.
type Log struct {
	Parser *lines.Parser
	// Tell is given each event.
	Tell   func(*lines.Event)
	Counts Counts
	// Unplaced, if set, counts what had nowhere to go, of the same lines.
	Unplaced *unplaced.Book

	*stream           // the one that the line is of
	own     stream    // whose lines have no prefix
	others  []*stream // whose lines have one, the newest last

	cut [2]pieces // of lines that a container's engine cut, of standard output and of standard error

	table  *export.Table // what the rows of an export as CSV are
	row    []byte        // one that goes on in the next line
	misses int           // how many lines were no rows, one after the other
}

// longestEvent is how long an event of several lines can be.
const (
	longestEvent  = 1 << 16
	longestPretty = 1 << 22
	mostParts     = 200
	mostWrapped   = 4
	mostMisses    = 3
)

// Line takes the next line, without its end. Of a line that is too long only the beginning is there.
func (f *Log) Line(text []byte, cut bool) {
	if f.Counts.Lines++; f.Counts.Lines == 1 {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	f.begin()
	if cut {
		f.abandon()
		f.untabled()
		text = f.follow(text)
		f.unwrap()
		f.drop()
		f.unread(text)
		return
	}
	if text, whole := f.assembled(text); whole && !f.tabled(text) {
		f.single(text)
	}
}

// begin has the log be one of lines without a prefix, until one has one.
func (f *Log) begin() {
	if f.stream == nil {
		f.stream = &f.own
	}
}

// single takes a line that is no row of a table.
func (f *Log) single(text []byte) {
	bundle := export.OneLine(text)
	if bundle == nil {
		text = f.follow(text)
		bundle = export.Bundle(text)
	}
	if bundle != nil {
		f.unwrap()
		f.drop()
		f.bundle(bundle)
		return
	}
	f.line(text)
}

// line takes a line that is no bundle.
func (f *Log) line(text []byte) {
	if f.pending == nil && f.wrapped.takes(text) {
		return
	}
	f.Counts.Lines-- // its number is that of the line before, while the pieces of that are read
	f.unwrap()
	f.Counts.Lines++
	f.read(text)
}

// read takes a line that is looked at by itself.
func (f *Log) read(text []byte) {
	if f.Unplaced != nil {
		f.Unplaced.Line(text, f.Parser.Zone)
	}
	if f.pending != nil {
		if f.goesOn(text) {
			return
		}
		f.drop()
	}
	f.note(text)
	unread := f.Counts.Unread
	e, outcome := f.Parser.Parse(text)
	if f.near && outcome == lines.Other && lines.Begins(text) {
		f.near, f.clock = false, time.Time{}
	}
	switch {
	case outcome == lines.Open, outcome == lines.Begun:
		f.pending, f.parts, f.start, f.words = append([]byte{}, text...), 0, f.Counts.Lines, outcome == lines.Begun
	case outcome == lines.Unread && f.known && lines.Belongs(text) && !lines.Begins(text):
	case outcome == lines.Unread:
		f.unread(text)
	default:
		f.known = true
		f.take(e, outcome)
	}
	if outcome == lines.Other || outcome == lines.Unread {
		f.wrapped.starts(text, f.Counts.Unread > unread)
	}
}

// bundle takes records that came in one text as the lines that they are. None of them is a bundle: a text with bundles in bundles would
// be read once for each level.
func (f *Log) bundle(records [][]byte) {
	f.Counts.Lines--
	for _, record := range records {
		f.Counts.Lines++
		f.line(record)
	}
}

// pretty takes a line of a JSON text that is written over many, of which the first is a brace or a bracket alone. It ends with the
// line that is as far to the left.
func (f *Log) pretty(text []byte) (taken bool) {
	if !export.Pretty(text) || len(f.pending)+len(text) >= f.longest() {
		return false
	}
	f.pending = append(append(f.pending, '\n'), text...)
	f.parts++
	if !export.Closes(f.pending, text) {
		return true
	}
	if bundle := export.Bundle(f.pending); bundle != nil {
		f.Counts.Lines -= f.parts
		f.pending = nil
		f.bundle(bundle)
		return true
	}
	if f.take(f.Parser.Parse(f.pending)); f.pending != nil {
		f.drop() // it ends here, and is not whole: it is not read again with each such line
	}
	return true
}

// goesOn takes a line as the next of an event of several, if it can be.
func (f *Log) goesOn(text []byte) bool {
	if export.Opens(f.pending) && f.pretty(text) {
		return true
	}
	if lines.Begins(text) || len(f.pending)+len(text) >= longestEvent || f.parts >= mostParts {
		return false
	}
	if f.words && (f.parts >= mostWrapped || !f.completes(text)) {
		return false
	}
	f.pending = append(append(f.pending, '\n'), text...)
	f.parts++
	if f.words {
		e, outcome := f.Parser.Parse(f.pending)
		f.words = outcome != lines.Open
		f.take(e, outcome)
		return true
	}
	if bytes.IndexByte(text, '}') >= 0 { // it can't end before
		f.take(f.Parser.Parse(f.pending))
	}
	return true
}

// completes reports whether a line goes on with the words that were wrapped.
func (f *Log) completes(text []byte) bool {
	_, outcome := f.Parser.Parse(append(append(append([]byte{}, f.pending...), '\n'), text...))
	return outcome == lines.Found || outcome == lines.Begun || outcome == lines.Open
}

// note keeps the time of a line, for those after it that have none of their own.
func (f *Log) note(text []byte) {
	if when, ok := bytes.CutPrefix(text, []byte("__REALTIME_TIMESTAMP=")); ok { // journalctl --output export
		f.clock, f.dated = times.Microseconds(string(when)), nil
	} else if at, ok := lines.Heading(text, f.Parser.Zone); ok {
		f.clock, f.dated = at, nil
	} else if stamp := lines.Stamp(text); stamp != nil {
		f.dated = append(f.dated[:0], stamp...)
	}
}

// when is the time of the newest line that has one.
func (f *Log) when() time.Time {
	if len(f.dated) == 0 {
		return f.clock
	}
	at, _ := times.As(lines.OsloTime, string(f.dated), f.Parser.Zone)
	return at
}

// End is to be called after the last line.
func (f *Log) End() {
	f.begin()
	f.abandon()
	f.untabled()
	for _, s := range append(f.others, &f.own) {
		f.stream = s
		f.unwrap()
		f.drop()
	}
}

// take adds an event; of one of several lines, once it is whole.
func (f *Log) take(e lines.Event, outcome lines.Outcome) {
	switch outcome {
	case lines.Open, lines.Begun:
		return
	case lines.Other:
	case lines.Unread:
		f.unread(f.pending)
	case lines.Found:
		f.date(&e)
		e.Host, e.Service = cmp.Or(e.Host, f.pod), cmp.Or(e.Service, f.container)
		f.Counts.Events++
		f.Tell(&e)
	}
	f.pending = nil
}

// date gives an event without a time that of the line before it, and who wrote that.
func (f *Log) date(e *lines.Event) {
	switch {
	case !e.Time.IsZero() && len(f.dated) == 0:
		f.near, f.clock, f.host, f.service = true, e.Time, e.Host, e.Service
	case e.Time.IsZero() && f.near:
		e.Host, e.Service = cmp.Or(e.Host, f.host), cmp.Or(e.Service, f.service)
		e.Time = f.when()
	case e.Time.IsZero():
		e.Time = f.when()
	}
}

// drop gives up an event that never got whole.
func (f *Log) drop() {
	if f.pending != nil && f.words {
		if e, outcome := f.Parser.Whole(f.pending); outcome == lines.Found || outcome == lines.Other {
			f.known = true
			f.take(e, outcome)
		}
	}
	if f.pending != nil {
		f.Counts.Unread += f.parts
		if f.Counts.FirstUnread == 0 {
			f.Counts.FirstUnread = f.start
		}
		began := f.pending
		f.pending, f.parts = nil, 0
		f.unread(began)
	}
}

func (f *Log) unread(text []byte) {
	f.count()
	if lines.Doubtful(text) {
		f.Counts.Doubtful++
	}
	f.known = false
}

// count counts a line that could not be understood.
func (f *Log) count() {
	f.Counts.Unread++
	if f.Counts.FirstUnread == 0 {
		f.Counts.FirstUnread = f.Counts.Lines
	}
}
