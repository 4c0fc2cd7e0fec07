// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"regexp"

	"github.com/go-logfmt/logfmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/fields"
)

var (
	// pairs is how a line of logfmt begins: with a key and a value.
	pairs = regexp.MustCompile(`^[A-Za-z_@][\w.@-]*=(?:"(?:[^"\\]|\\.)*"|[^"\s]\S*)?(?: |$)`)
	// labels are what logcli prints between the time and the line of a stream of Loki's.
	labels = regexp.MustCompile(`^\{(?:[A-Za-z_]\w*="(?:[^"\\]|\\.)*",? ?)+\}\s+`)
	label  = regexp.MustCompile(`([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"`)
)

// logfmt reads a line of keys and values that has a time among them: a record in another form. It reports false for any other line.
func (p *Parser) logfmt(line []byte) (e Event, outcome Outcome, ok bool) {
	if !pairs.Match(line) {
		return Event{}, Unread, false
	}
	record, found := fields.Fields{}, logfmt.NewDecoderSize(bytes.NewReader(line), len(line)+1)
	found.ScanRecord()
	for found.ScanKeyval() {
		record[string(found.Key())] = string(found.Value())
	}
	switch {
	case found.Err() != nil, record.Time(p.Zone).IsZero():
		return Event{}, Unread, false
	case !maybe(line):
		return Event{}, Other, true
	}
	e, outcome = p.fielded(record, line)
	return e, outcome, true
}

// labelled takes off the labels before a line, of which some name the writer.
func labelled(outer Event, line []byte) (Event, []byte) {
	text := labels.Find(line)
	if text == nil {
		return outer, line
	}
	record := fields.Fields{}
	for _, pair := range label.FindAllSubmatch(text, -1) {
		record[string(pair[1])] = string(pair[2])
	}
	outer.Host, outer.Service = first(record.Host(), outer.Host), first(record.Service(), outer.Service)
	return outer, line[len(text):]
}
