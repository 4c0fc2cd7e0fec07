// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
)

// quotes are what people put before and after the lines that they paste.
var (
	quotesBefore = regexp.MustCompile("^(?:[ \\t]*(?:>|&gt;|\\||`+|\"|'|<pre[^>]*>|<code[^>]*>|<p>))+[ \\t]?")
	quotesWithin = regexp.MustCompile(`(?m)^(?:[ \t]*(?:>|&gt;|\|))+[ \t]?`) // before the next lines of one
	quotesAfter  = regexp.MustCompile("(?:</code>|</pre>|</p>|`)+$")
)

// entities are those of HTML that lines of logs hold.
func entities() *strings.Replacer {
	return strings.NewReplacer("&quot;", `"`, "&#34;", `"`, "&#39;", "'", "&#x27;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&")
}

// unquoted takes off what surrounds a line that was pasted. An indented line keeps its blanks.
func unquoted(line []byte) []byte {
	if bytes.IndexByte(line, '&') >= 0 && (bytes.Contains(line, []byte("&quot;")) || bytes.Contains(line, []byte("&#"))) {
		line = []byte(entities().Replace(string(line)))
	}
	if begin := bytes.TrimLeft(line, " \t"); len(begin) > 0 && strings.IndexByte(">&|`\"'<", begin[0]) >= 0 && !syslogLine.Match(begin) {
		line = quotesWithin.ReplaceAll(quotesBefore.ReplaceAll(line, nil), nil)
	}
	if end := len(line) - 1; end >= 0 && (line[end] == '>' || line[end] == '`') {
		line = quotesAfter.ReplaceAll(line, nil)
	}
	if begin := bytes.TrimLeft(line, " \t"); len(begin) > 0 && (begin[0] == '{' || IsOslo(begin)) {
		line = begin
	}
	return line
}

// unescaped puts back what rsyslog writes for characters that would break its lines: "#012" for the end of one.
func unescaped(line []byte) []byte {
	if !bytes.Contains(line, []byte("#0")) || !syslogLine.Match(line[:min(len(line), innerPrefix)]) {
		return line
	}
	plain := strings.NewReplacer("#012", "\n", "#015", "", "#011", "\t", "#033", "\x1b").Replace(string(line))
	return []byte(strings.TrimRight(plain, "\n \t"))
}

// unframed takes off what streams put before each of their records: a byte order mark, the separator of JSON sequences
// (RFC 7464), the field name of server-sent events.
func unframed(line []byte) []byte {
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	line = bytes.TrimPrefix(line, []byte{0x1e})
	if rest, ok := bytes.CutPrefix(line, []byte("data: ")); ok && bytes.HasPrefix(rest, []byte("{")) {
		return rest
	}
	return WithoutTask(line)
}

// The beginnings of lines that syslog, journalctl, a container's engine and services with formats of their own write.
var (
	dayFirst = regexp.MustCompile(`^(?:<\d+>)?(?:1 )?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:` + times.Zones + `))?)\s+`)
	monthDay = regexp.MustCompile(`^(?:<\d+>)?([A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) `)
	// yearly is how some templates of syslog and some appliances write the year: before the month, or after the day.
	yearly   = regexp.MustCompile(`^(?:<\d+>)?((?:\d{4} )?[A-Z][a-z][a-z] [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?):? `)
	unixTime = regexp.MustCompile(`^(\d{10}\.\d{3,9}) `)
	apacheAt = regexp.MustCompile(`^\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4})\] `)

	osloBody   = regexp.MustCompile(`^(?:\d+ )?(TRACE|DEBUG|INFO|AUDIT|NOTICE|WARN|WARNING|ERROR|CRITICAL) ([a-z][\w.]*) `)
	containers = regexp.MustCompile(`^(?:stdout|stderr) [FP] `)
	tagged     = regexp.MustCompile(`^[A-Za-z][\w.-]*(?:: |\t)\{`) // fluentd's tag before a record
	// levelled is what some templates of rsyslog make of a line: host, program and level without a colon.
	levelled = regexp.MustCompile(`^(\S+) ([a-z][\w./@-]*) (?:\d+ )?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [a-z][\w.]* `)
	// structured is the rest of the header of RFC 5424: host, program, process, message id, data.
	structured = regexp.MustCompile(`^<\d+>1 \S+ (\S+) (\S+) \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) (?:\x{feff})?`)
	program    = regexp.MustCompile(`^([A-Za-z]\S*|\d+[.:]\S+) ([A-Za-z][\w./@-]*)(?:\[\d+\])?: `)
)

// Piece returns how a container's engine marked a line, P for a piece that goes on in the next line and F for one that ends, whether it
// is of standard error, and what follows the mark; 0 for a line that has none. It is asked of every line.
func Piece(line []byte) (mark byte, errors bool, body []byte) {
	if len(line) < len("2026-11-27T10:00:01Z stdout F ") || line[4] != '-' || line[10] != 'T' {
		return 0, false, nil
	}
	at := bytes.IndexByte(line[:min(len(line), longestStamp)], ' ') + 1
	if at == 0 || !containers.Match(line[at:]) {
		return 0, false, nil
	}
	end := at + len("stdout F ")
	return line[end-2], line[at+len("std")] == 'e', line[end:]
}

// longestStamp is how far a time goes, with nanoseconds and an offset.
const longestStamp = 40

// longestData is how far the structured data of RFC 5424 may go.
const longestData = 8192

// envelope reads the time, the host and the program that a line begins with, in one of the usual forms.
func (p *Parser) envelope(line []byte) (outer Event, rest []byte, ok bool) {
	head := line[:min(len(line), innerPrefix)]
	var used int
	if outer.Time, used = p.stamp(head); used == 0 {
		return Event{}, nil, false
	}
	outer, rest = labelled(outer, line[used:])
	if m := structured.FindSubmatch(line[:min(len(line), longestData)]); m != nil {
		outer.Host, outer.Service = notDash(string(m[1])), notDash(string(m[2]))
		return outer, line[len(m[0]):], true
	}
	if m := levelled.FindSubmatchIndex(rest[:min(len(rest), innerPrefix)]); m != nil {
		outer.Host, outer.Service = string(rest[m[2]:m[3]]), string(rest[m[4]:m[5]])
		return outer, rest[m[5]+1:], true
	}
	if m := containers.FindIndex(rest); m != nil {
		return outer, rest[m[1]:], true
	}
	if m := program.FindSubmatch(rest[:min(len(rest), innerPrefix)]); m != nil && !osloBody.Match(rest) {
		outer.Host, outer.Service = string(m[1]), string(m[2])
		rest = rest[len(m[0]):]
	}
	return outer, rest, true
}

// Heading returns the time of the line that journalctl --output verbose puts before the fields of a record.
func Heading(line []byte, zone *time.Location) (time.Time, bool) {
	m := heading.FindSubmatch(line[:min(len(line), innerPrefix)])
	if m == nil {
		return time.Time{}, false
	}
	return times.In(string(m[1]), zone)
}

var heading = regexp.MustCompile(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: (?:` + times.Zones + `))?)(?: [A-Z]{3,5})? \[s=`)

// stamp reads the time that a line begins with, and how long that is.
func (p *Parser) stamp(head []byte) (at time.Time, used int) {
	for _, form := range []struct {
		pattern *regexp.Regexp
		read    func(text string) (time.Time, bool)
	}{
		{dayFirst, func(text string) (time.Time, bool) { return times.In(text, p.Zone) }},
		{monthDay, func(text string) (time.Time, bool) { return times.OfSyslog(text, time.Now(), p.Zone) }},
		{yearly, func(text string) (time.Time, bool) { return times.OfYear(text, p.Zone) }},
		{unixTime, func(text string) (time.Time, bool) { return times.Moment(text, p.Zone) }},
		{apacheAt, func(text string) (time.Time, bool) {
			return times.As("Jan _2 15:04:05.999999999 2006", text, p.Zone)
		}},
	} {
		m := form.pattern.FindSubmatch(head)
		if m == nil {
			continue
		}
		if at, ok := form.read(string(m[1])); ok {
			return at, len(m[0])
		}
	}
	return time.Time{}, 0
}

// enveloped reads what follows such a beginning.
func (p *Parser) enveloped(outer Event, rest []byte) (Event, Outcome) {
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 0 {
		return Event{}, Other
	}
	e, outcome := p.inside(rest)
	switch {
	case outcome == Found:
		if e.Time.IsZero() {
			e.Time = outer.Time
		}
		e.Host, e.Service = first(e.Host, outer.Host), first(e.Service, outer.Service)
	case outcome == Unread && !telling(rest):
		outcome = Other // it is known when and by whom it was written
	}
	return e, outcome
}

func (p *Parser) inside(rest []byte) (Event, Outcome) {
	if record, ok := bytes.CutPrefix(rest, []byte("@cee:")); ok { // rsyslog's cookie before a record
		return p.parse(bytes.TrimLeft(record, " "))
	}
	if m := tagged.FindIndex(rest); m != nil && !bytes.HasPrefix(rest[m[1]-1:], []byte(`{"errors`)) {
		return p.parse(rest[m[1]-1:])
	}
	m := osloBody.FindSubmatch(rest)
	if m == nil {
		return p.parse(rest)
	}
	text := rest[len(m[0]):]
	if dull(p, m[2], text) {
		return Event{}, Other
	}
	ids, message := bracket(text)
	return p.message(Event{Level: string(m[1]), Logger: string(m[2])}, ids, message)
}

// task is what Ansible prints before the result of a task on a host.
var task = regexp.MustCompile(`^(?:ok|changed|skipping|failed|fatal): \[[^\]]*\](?: \(item=.*\))?(?:: [A-Z]+!)? => \{`)

// WithoutTask takes it off. It is asked of every line, and few begin like one of those words.
func WithoutTask(line []byte) []byte {
	if len(line) == 0 || strings.IndexByte("ocsf", line[0]) < 0 {
		return line
	}
	if m := task.FindIndex(line); m != nil {
		return line[m[1]-1:]
	}
	return line
}
