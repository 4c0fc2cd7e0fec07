// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"
)

// Parser reads lines of logs. It keeps nothing between two lines.
type Parser struct {
	// Zone is that of times without an offset: the host's where the log was written.
	Zone *time.Location
	// Cares, if set, reports whether anybody wants to know that a write of the provider or consumer with this UUID went
	// through. Most of a log is of such, and need not be read then.
	Cares func(uuid []byte) bool
}

// Parse reads one line without its end. A line that is [Open] is to be given again with the next ones, each after a
// newline. The texts of an event are on one line and bounded: whoever may name a provider may write into a log.
func (p *Parser) Parse(line []byte) (Event, Outcome) {
	e, outcome := p.read(line)
	e.clean()
	return e, outcome
}

func (p *Parser) read(line []byte) (Event, Outcome) {
	line = bytes.TrimRight(line, "\r\n \t")
	if len(line) == 0 {
		return Event{}, Other
	}
	if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
		return Event{}, Unread
	}
	if bytes.IndexByte(line, 0x1b) >= 0 {
		line = colours.ReplaceAll(line, nil)
	}
	return p.parse(line)
}

// colours are the terminal's, of services that log to one.
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func (p *Parser) parse(line []byte) (Event, Outcome) {
	switch {
	case isOslo(line):
		return p.oslo(line)
	case line[0] == '{':
		return p.record(line)
	case bytes.HasPrefix(line, []byte("[pid: ")):
		return p.uwsgi(line)
	}
	if at := inner(line); at > 0 {
		return p.oslo(line[at:])
	}
	if m := accessTime.FindIndex(line[:min(len(line), accessPrefix)]); m != nil {
		return p.access(line, m)
	}
	if bytes.Contains(line, []byte("status: 409")) {
		return Event{}, Unread // a request line in a format of one's own
	}
	if telling(line) && line[0] != ' ' { // else the rest of a message of several lines
		return p.report(Event{View: FromClient}, line)
	}
	if server(line) {
		return Event{}, Other
	}
	return Event{}, Unread
}

// isOslo reports whether a line begins as oslo.log's do: "2026-11-22 10:54:39.488 27429 INFO ".
func isOslo(line []byte) bool {
	return len(line) > 25 && line[4] == '-' && line[7] == '-' && line[10] == ' ' && line[13] == ':' && line[16] == ':' && line[19] == '.' &&
		digit(line[0]) && digit(line[22]) && line[23] == ' '
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// innerPrefix is how far into a line of syslog, of a terminal or of Apache's error log the service's own begins.
const innerPrefix = 200

// inner finds a line of oslo.log within one of another: its index, or -1.
func inner(line []byte) int {
	head := line[:min(len(line), innerPrefix)]
	for at := 0; ; at++ {
		next := bytes.Index(head[at:], []byte(" 20"))
		if next < 0 {
			return -1
		}
		at += next
		if isOslo(line[at+1:]) {
			return at + 1
		}
	}
}

// record reads a JSON record around a line: of journald (MESSAGE), of fluentd (Payload), of Docker (log).
func (p *Parser) record(line []byte) (Event, Outcome) {
	switch {
	case line[len(line)-1] != '}':
		return Event{}, Unread // cut
	case telling(line), bytes.Contains(line, []byte("placement.requestlog")), bytes.Contains(line, []byte("HTTP/1")), noText(line):
	default:
		return Event{}, Other
	}
	var fields struct {
		Message  any    `json:"MESSAGE"`
		Payload  string `json:"Payload"`
		Small    string `json:"message"`
		Log      string `json:"log"`
		Realtime string `json:"__REALTIME_TIMESTAMP"`
		Host     string `json:"_HOSTNAME"`
		Hostname string `json:"Hostname"`
	}
	if json.Unmarshal(line, &fields) != nil {
		return Event{}, Unread
	}
	text := asText(fields.Message)
	for _, other := range []string{fields.Payload, fields.Small, fields.Log} {
		if text == "" {
			text = other
		}
	}
	if text == "" || text[0] == '{' {
		return Event{}, Unread
	}
	e, outcome := p.read([]byte(text))
	if outcome == Open {
		return Event{}, Unread // the record is whole, its text is not
	}
	if e.Time.IsZero() {
		e.Time = microseconds(fields.Realtime)
	}
	if e.Host = fields.Host; e.Host == "" {
		e.Host = fields.Hostname
	}
	return e, outcome
}

// noText reports whether journald gives a message as a list of bytes, as it does with one that holds colours, or not at all.
func noText(line []byte) bool {
	return bytes.Contains(line, []byte(`"MESSAGE":[`)) || bytes.Contains(line, []byte(`"MESSAGE":null`))
}

// asText reads a text, or a list of bytes.
func asText(message any) string {
	list, _ := message.([]any)
	if list == nil {
		text, _ := message.(string)
		return text
	}
	text := make([]byte, 0, len(list))
	for _, b := range list {
		n, _ := b.(float64)
		text = append(text, byte(n))
	}
	return string(text)
}

func microseconds(text string) time.Time {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(n)
}

// server reports whether a line is one of those that servers write about themselves.
func server(line []byte) bool {
	for _, start := range []string{"***", "[uWSGI]", "uWSGI ", "uwsgi ", "WSGI ", "WARNING: ", "INFO:", "spawned ", "mapped ", "+ ", "--"} {
		if bytes.HasPrefix(line, []byte(start)) {
			return true
		}
	}
	return len(line) > 5 && line[0] == '[' && weekday.Match(line[:6]) || syslogLine.Match(line[:min(len(line), innerPrefix)])
}

var (
	weekday    = regexp.MustCompile(`^\[(Mon|Tue|Wed|Thu|Fri|Sat|Sun) `)
	syslogLine = regexp.MustCompile(`^(<\d+>)?([A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) `)
)

// Begins reports whether a line is surely not the rest of another.
func Begins(line []byte) bool {
	return isOslo(line) || len(line) > 5 && string(line[:6]) == "[pid: " || inner(line) > 0
}

// Belongs reports whether a line that could not be understood is part of the one before it: indented, a piece of XML, or what
// SQLAlchemy says of a deadlock.
func Belongs(line []byte) bool {
	if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
		return false
	}
	for _, start := range []string{" ", "\t", "<", "Traceback", "[SQL: ", "[parameters: ", "(Background on this error at: "} {
		if bytes.HasPrefix(line, []byte(start)) {
			return true
		}
	}
	return false
}
