// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"regexp"
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

	whole bool
}

// Whole reads a line of which it is known that it does not go on in the next.
func (p *Parser) Whole(line []byte) (Event, Outcome) {
	alone := *p
	alone.whole = true
	return alone.Parse(line)
}

// Parse reads one line without its end. A line that is [Open] is to be given again with the next ones, each after a
// newline. The texts of an event are on one line and bounded: whoever may name a provider may write into a log.
func (p *Parser) Parse(line []byte) (Event, Outcome) {
	e, outcome := p.read(line)
	if outcome == Found {
		e.clean()
	}
	return e, outcome
}

func (p *Parser) read(line []byte) (Event, Outcome) {
	line = unescaped(bytes.TrimRight(line, "\r\n \t"))
	if len(line) == 0 {
		return Event{}, Other
	}
	if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
		return Event{}, Unread
	}
	if bytes.IndexByte(line, 0x1b) >= 0 {
		line = colours.ReplaceAll(line, nil)
	}
	if line = unquoted(unframed(line)); len(line) == 0 {
		return Event{}, Other
	}
	return p.parse(line)
}

// colours are the terminal's, of services that log to one.
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func (p *Parser) parse(line []byte) (Event, Outcome) {
	switch {
	case IsOslo(line):
		return p.oslo(line)
	case line[0] == '{':
		return p.record(line)
	case line[0] == '[' && envoyLine.Match(line):
		return p.envoy(line)
	case line[0] == '[' && forwarded.Match(line):
		return p.forwarded(line)
	}
	head := line[:min(len(line), innerPrefix)]
	if at := bytes.Index(head, []byte("[pid: ")); at >= 0 && bytes.Contains(line, []byte("=> generated")) {
		return p.uwsgi(line[at:])
	}
	if at := inner(line); at > 0 {
		return p.within(line, at)
	}
	if m := accessTime.FindIndex(line[:min(len(line), accessPrefix)]); m != nil {
		return p.access(line, m)
	}
	if text, ok := field(line, "MESSAGE="); ok { // journalctl --output export and verbose
		return p.parse(text)
	}
	if e, outcome, ok := p.logfmt(line); ok {
		return e, outcome
	}
	if !worth(line) {
		return Event{}, known(line)
	}
	if outer, rest, ok := p.envelope(line); ok {
		return p.enveloped(outer, rest)
	}
	return p.plain(line)
}

// field returns the text of a field of the journal, one on a line of its own.
func field(line []byte, name string) ([]byte, bool) {
	text, ok := bytes.CutPrefix(bytes.TrimLeft(line, " "), []byte(name))
	return text, ok && len(text) > 0
}

// connected is what HAProxy logs of a connection to Placement without any option: not what was requested.
var connected = regexp.MustCompile(`haproxy\[\d+\]: Connect from \S+ to \S+ \(\S*placement\S*/`)

// known is the outcome of a line of no interest, by its form.
func known(line []byte) Outcome {
	if connected.Match(line[:min(len(line), innerPrefix)]) {
		return Unread
	}
	if server(line) || exported.Match(line) {
		return Other
	}
	return Unread
}

// worth reports whether a line may be of interest, in whatever form it is.
func worth(line []byte) bool {
	return telling(line) || traces(line) || bytes.Contains(line, []byte(`" status: `))
}

// within reads a line of oslo.log that begins within one of another, of which only the host and the program are kept.
func (p *Parser) within(line []byte, at int) (Event, Outcome) {
	e, outcome := p.oslo(line[at:])
	if outcome == Found {
		outer, _, _ := p.envelope(line[:at])
		e.Host, e.Service = outer.Host, outer.Service
	}
	return e, outcome
}

// plain reads a line of which no form is known.
func (p *Parser) plain(line []byte) (Event, Outcome) {
	text := bytes.TrimLeft(line, " \t")
	switch {
	case requestSaid.Match(text):
		return requestLine(Event{}, nil, text)
	case bytes.Contains(line, []byte("status: 409")):
		return Event{}, Unread // a request line in a format of one's own
	case telling(line) && (len(text) == len(line) || bytes.HasPrefix(text, []byte("409 ")) || statusLast.Match(text)): // else the rest of a message of several lines
		return p.report(Event{View: FromClient}, text)
	}
	return Event{}, known(line)
}

// statusLast is how an answer ends that a client prints over several lines: the last one has the text and the status.
var statusLast = regexp.MustCompile(`\(HTTP 409\)(?: \(Request-ID: \S+\))?$`)

// requestSaid is Placement's request line without what logs put before it.
var requestSaid = regexp.MustCompile(`^\S+ "[A-Z]+ /\S*" status: \d{3} len: `)

// exported are the fields of journalctl --output export.
var exported = regexp.MustCompile(`^_{0,2}[A-Z][A-Z0-9_]*=`)

// IsOslo reports whether a line begins as oslo.log's do: "2026-11-22 10:54:39.488 27429 INFO ".
func IsOslo(line []byte) bool {
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
		next := bytes.Index(head[at:], []byte("20"))
		if next < 0 {
			return -1
		}
		at += next
		if at > 0 && parts(line[at-1]) && IsOslo(line[at:]) {
			return at
		}
	}
}

// server reports whether a line is one of those that servers write about themselves.
func server(line []byte) bool {
	if m := uwsgiDated.FindIndex(line); m != nil {
		line = line[m[1]:]
	}
	if len(line) > 5 && line[0] == '[' && weekday.Match(line[:6]) || syslogLine.Match(line[:min(len(line), innerPrefix)]) {
		return true
	}
	return serverLine.Match(line) || uwsgiSays.Match(line)
}

var (
	serverLine = regexp.MustCompile(`^(==> .* <==$|(TASK|PLAY|RUNNING HANDLER) (\[.*\] )?\*{3}|\S+ \| [A-Z]+!? \| rc=\d+ >>$|\[$|\],?$|\*\*\*|\[uWSGI\]|uwsgi |WSGI |WARNING: |INFO:|spawned |mapped |\+ |--)`)
	// uwsgiDated is what uWSGI writes before some of them.
	uwsgiDated = regexp.MustCompile(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d \d{4} - `)
	// uwsgiSays are the lines that uWSGI writes when it starts, reloads and stops (core/uwsgi.c, plugins/python).
	uwsgiSays = regexp.MustCompile(`^(uWSGI |\[uwsgi|(Re)?[Ss]pawned uWSGI|your (processes|memory|server|mercy)|detected |lock engine: |thunder lock: |compiled with version: |os: |nodename: |machine: ` +
		`|clock source: |pcre jit |current working directory: |chdir\(\) to |writing pidfile |set(g|u)id\(\) to |dropping root |Python (version|main interpreter)|Set PythonHome |PEP 405 ` +
		`|python threads support |added \S+ to pythonpath|SIG[A-Z0-9]+[/ ]|\.\.\.(gracefully|brutally) |(gracefully|brutally) |Gracefully killing |worker \d+ |DAMN ! worker |goodbye to uWSGI|VACUUM: ` +
		`|binary reloading |closing all non-|running "|gateway |building mime|mounting |Listen queue size |limiting |set cheap|cheaping |http socket |threads support|The work of process |unable to |!!! |uWSGI|OSError: write error|IOError: write error|SIGPIPE: )`)
)

var (
	weekday    = regexp.MustCompile(`^\[(Mon|Tue|Wed|Thu|Fri|Sat|Sun) `)
	syslogLine = regexp.MustCompile(`^(<\d+>(?:1 )?)?((?:\d{4} )?[A-Z][a-z][a-z] [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d\S*|([A-Z][a-z][a-z] )?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*|\d{10}\.\d{3,9}) `)
)

// Begins reports whether a line is surely not the rest of another.
func Begins(line []byte) bool {
	return IsOslo(line) || len(line) > 5 && string(line[:6]) == "[pid: " || inner(line) > 0 || syslogLine.Match(line[:min(len(line), innerPrefix)])
}

// Belongs reports whether a line that could not be understood is part of the one before it: indented, a piece of XML, or what
// SQLAlchemy says of a deadlock.
func Belongs(line []byte) bool {
	if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
		return false
	}
	if len(line) > 1 && line[0] == '<' && digit(line[1]) { // syslog's priority: no element of XML has such a name
		return false
	}
	for _, start := range []string{" ", "\t", "<", "Traceback", "[SQL: ", "[parameters: ", "(Background on this error at: "} {
		if bytes.HasPrefix(line, []byte(start)) {
			return true
		}
	}
	return false
}
