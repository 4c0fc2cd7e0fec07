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
	case telling(line), bytes.Contains(line, []byte("placement.")), bytes.Contains(line, []byte("HTTP/")), noText(line), served(line):
	default:
		return Event{}, Other
	}
	var fields fields
	if json.Unmarshal(line, &fields) != nil {
		return Event{}, Unread
	}
	fields = fields.document()
	text := strings.TrimRight(fields.message(), "\r\n \t")
	if e, ok := fields.access(p.Zone); ok {
		return p.told(fields, text, e)
	}
	if text == "" && fields["errors"] != nil {
		return p.report(Event{View: FromClient}, line) // an answer of Placement, as curl shows it
	}
	if text == "" {
		return Event{}, Unread
	}
	if !telling([]byte(text)) && !strings.Contains(text, "HTTP/") {
		text += fields.answer()
	}
	return p.wrote(fields, text)
}

// told reads a record that looks like one of an access log. A service that logs its own request beside what Placement answered has both:
// then the message counts.
func (p *Parser) told(fields fields, text string, request Event) (Event, Outcome) {
	wants, as := wanted(request)
	if !telling([]byte(text)) {
		return wants, as
	}
	switch e, outcome := p.wrote(fields, text); {
	case outcome == Found && (e.Sure() || as != Found):
		return e, outcome
	case outcome == Unread && as != Found:
		return Event{}, Unread
	}
	return wants, as
}

// wrote reads the text of a record, and takes from the record what the text does not have.
func (p *Parser) wrote(fields fields, text string) (Event, Outcome) {
	alone := *p
	alone.whole = true
	e, outcome := alone.recorded(fields, text)
	if outcome == Open {
		return Event{}, Unread // the record is whole, its text is not
	}
	if e.Time.IsZero() {
		e.Time = fields.time(p.Zone)
	}
	e.Host = first(fields.text("_HOSTNAME", "Hostname", "hostname", "host", "host.name"), e.Host, fields.text("nodeName", "node_name", "podName", "pod_name", "pod"))
	e.Service = first(fields.text("programname", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "container_name", "service"), e.Service, fields.text("containerName", "container"))
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
func (p *Parser) recorded(f fields, text string) (Event, Outcome) {
	logger := f.text("LOGGER_NAME", "python_module", "logger", "logger_name", "name", "log.logger", "_logger")
	if logger == "" || strings.HasPrefix(text, "{") || IsOslo([]byte(text)) {
		if osloBody.MatchString(text) {
			return p.inside([]byte(text)) // a format without a time: the record has it
		}
		return p.read([]byte(text))
	}
	if dull(p, []byte(logger), []byte(text)) {
		return Event{}, Other
	}
	ids, message := f.ids(), []byte(text)
	if len(ids) == 0 {
		ids, message = bracket(message)
	}
	return p.message(Event{Level: f.level(), Logger: logger}, ids, message)
}

// fields are those of a JSON record.
type fields map[string]any

// document returns what an export of OpenSearch, Splunk or a cloud's own logging has among its metadata: the fields of the
// record, with those around them.
func (f fields) document() fields {
	for _, name := range []string{"_source", "fields", "result", "jsonPayload", "labels", "stream", "kubernetes", "host", "log"} {
		inside, _ := f[name].(map[string]any)
		for key, value := range inside {
			if name == "host" || name == "log" {
				key = name + "." + key
			}
			if list, ok := value.([]any); ok && len(list) == 1 && name == "fields" {
				value = list[0]
			}
			if _, has := f[key]; !has && (name != "labels" || key != "name") || name == "_source" {
				f[key] = value
			}
		}
	}
	return f
}

// message returns the text of the record.
func (f fields) message() string {
	return f.text(MessageFields()...)
}

// Message returns the message of a record, empty if it has none.
func Message(doc map[string]any) string { return fields(doc).message() }

// MessageFields are the names under which programs and stores of logs keep a message.
func MessageFields() []string {
	return []string{"MESSAGE", "Payload", "message", "log", "line", "Line", "body", "textPayload", "msg", "_raw", "full_message", "short_message"}
}

// answer returns the text of a field beside the message that tells of a conflict: a service that logs fields has it there,
// and oslo.log what was raised.
func (f fields) answer() string {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		switch text := f.text(name); {
		case name == "msg" || !telling([]byte(text)):
		case strings.Contains(text, `"errors"`), ofPlacement.MatchString(text), catalogue.Note(text).Entry != nil:
			return ": " + text
		}
	}
	return ""
}

// text returns the first of the fields that has one. journald gives a message with colours as a list of bytes, oslo.log a
// traceback as one of lines, of which the last has what was raised.
func (f fields) text(names ...string) string {
	for _, name := range names {
		switch v := f[name].(type) {
		case string:
			if v != "" {
				return v
			}
		case []any:
			return asText(v)
		}
	}
	return ""
}

// ids returns the request ids that the record has beside its message, the caller's first.
func (f fields) ids() []string {
	context, _ := f["context"].(map[string]any)
	var ids []string
	for _, id := range []string{
		first(f.text("global_request_id"), fields(context).text("global_request_id")),
		first(f.text("request_id", "REQUEST_ID"), fields(context).text("request_id")),
	} {
		if strings.HasPrefix(id, "req-") {
			ids = append(ids, id)
		}
	}
	return ids
}

// level returns that of the message, in the words of oslo.log.
func (f fields) level() string {
	if n := f.text("PRIORITY"); n != "" && n <= "3" {
		return "ERROR"
	}
	return strings.ToUpper(f.text("levelname", "log_level", "LOGGER_LEVEL", "level", "severity", "log.level"))
}

// noText reports whether journald gives a message as a list of bytes, as it does with one that holds colours, or not at all.
func noText(line []byte) bool {
	return bytes.Contains(line, []byte(`"MESSAGE":[`)) || bytes.Contains(line, []byte(`"MESSAGE":null`))
}

// asText reads a list of bytes, and the last of a list of texts.
func asText(list []any) string {
	if len(list) > 0 {
		if last, ok := list[len(list)-1].(string); ok {
			return last
		}
	}
	text := make([]byte, 0, len(list))
	for _, b := range list {
		n, _ := b.(float64)
		text = append(text, byte(n))
	}
	return string(text)
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
