// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/fields"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
)

// record reads a JSON record around a line: of journald (MESSAGE), fluentd (Payload), Docker (log), oslo.log's own JSON
// (message) or an export of OpenSearch (_source).
func (p *Parser) record(line []byte) (Event, Outcome) {
	line = bytes.TrimSuffix(line, []byte(","))
	switch {
	case len(line) == 1, bytes.IndexByte(line, '\n') > 0 && balanced(string(line)) < 0:
		return Event{}, Open // a record of several lines
	case line[len(line)-1] != '}':
		return Event{}, Unread // cut
	case !maybe(line):
		return Event{}, Other
	}
	var record fields.Fields
	if json.Unmarshal(line, &record) != nil {
		return Event{}, Unread
	}
	return p.fielded(record.Document(), line)
}

// maybe reports whether a record may be of interest, in whatever form its fields were written.
func maybe(line []byte) bool {
	return telling(line) || bytes.Contains(line, []byte("placement.")) || bytes.Contains(line, []byte("HTTP/")) || noText(line) || served(line)
}

// fielded reads the fields of the record that a line is.
func (p *Parser) fielded(record fields.Fields, line []byte) (Event, Outcome) {
	text := strings.TrimRight(record.Message(), "\r\n \t")
	if e, ok := requestOf(record, p.Zone); ok {
		return p.told(record, text, e)
	}
	if text == "" && record["errors"] != nil {
		return p.report(Event{View: FromClient}, line) // an answer of Placement, as curl shows it
	}
	if text == "" {
		return Event{}, Unread
	}
	if !telling([]byte(text)) && !strings.Contains(text, "HTTP/") {
		text += answer(record)
	}
	return p.wrote(record, text)
}

// told reads a record that looks like one of an access log. A service that logs its own request beside what Placement answered has both:
// then the message counts.
func (p *Parser) told(record fields.Fields, text string, request Event) (Event, Outcome) {
	wants, as := wanted(request)
	if !telling([]byte(text)) {
		return wants, as
	}
	switch e, outcome := p.wrote(record, text); {
	case outcome == Found && (e.Sure() || as != Found):
		return e, outcome
	case outcome == Unread && as != Found:
		return Event{}, Unread
	}
	return wants, as
}

// wrote reads the text of a record, and takes from the record what the text does not have.
func (p *Parser) wrote(record fields.Fields, text string) (Event, Outcome) {
	alone := *p
	alone.whole = true
	e, outcome := alone.recorded(record, text)
	if outcome == Open {
		return Event{}, Unread // the record is whole, its text is not
	}
	if e.Time.IsZero() {
		e.Time = record.Time(p.Zone)
	}
	e.Host = first(record.Host(), e.Host, record.Text("nodeName", "node_name", "podName", "pod_name", "pod"))
	e.Service = first(record.Service(), e.Service, record.Text("containerName", "container"))
	return e, outcome
}

// forwarded reads what Fluent Bit prints of a record: "[0] tag: [[seconds, {}], {…}]".
func (p *Parser) forwarded(line []byte) (Event, Outcome) {
	m := forwarded.FindSubmatch(line)
	e, outcome := p.record(m[2])
	if e.Time.IsZero() && outcome == Found {
		e.Time, _ = times.Moment(string(m[1]), p.Zone)
	}
	return e, outcome
}

var forwarded = regexp.MustCompile(`^\[\d+\] \S+: \[\[?(\d{10}\.\d+)(?:, \{[^{}]*\}\])?, (\{.*\})\]$`)

// recorded reads the text of a record, which is a whole line or only the message of one.
func (p *Parser) recorded(f fields.Fields, text string) (Event, Outcome) {
	logger := f.Text("LOGGER_NAME", "python_module", "logger", "logger_name", "name", "log.logger", "_logger")
	if logger == "" || strings.HasPrefix(text, "{") || IsOslo([]byte(text)) {
		if osloBody.MatchString(text) {
			return p.inside([]byte(text)) // a format without a time: the record has it
		}
		return p.read([]byte(text))
	}
	if dull(p, []byte(logger), []byte(text)) {
		return Event{}, Other
	}
	ids, message := f.IDs(), []byte(text)
	if len(ids) == 0 {
		ids, message = bracket(message)
	}
	return p.message(Event{Level: f.Level(), Logger: logger}, ids, message)
}

// answer returns the text of a field beside the message that tells of a conflict: a service that logs fields has it there,
// and oslo.log what was raised.
func answer(f fields.Fields) string {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		switch text := f.Text(name); {
		case name == "msg" || !telling([]byte(text)):
		case strings.Contains(text, `"errors"`), ofPlacement.MatchString(text), catalogue.Note(text).Entry != nil:
			return ": " + text
		}
	}
	return ""
}

// noText reports whether journald gives a message as a list of bytes, as it does with one that holds colours, or not at all.
func noText(line []byte) bool {
	return bytes.Contains(line, []byte(`"MESSAGE":[`)) || bytes.Contains(line, []byte(`"MESSAGE":null`))
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
