// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
)

var (
	uwsgiLine = regexp.MustCompile(`^\[pid: \d+\|[^\]]*\] (\S*) \([^)]*\) \{[^}]*\} \[([^\]]+)\] ([A-Z]+) (\S+) => generated (\d+) bytes in (\d+) msecs \(HTTP/\S+ (\d+)\)`)
	// accessTime is that of Apache, with an offset, and of HAProxy, with milliseconds.
	accessTime  = regexp.MustCompile(`\[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d([^\]]*)\]`)
	apacheLine  = regexp.MustCompile(`^ "([A-Z]+) (\S+)[^"]*" (\d{3}) (\d+|-)(?: (\d+) ")?`)
	envoyLine   = regexp.MustCompile(`^\[(\d{4}-\d\d-\d\dT[\d:.]+Z)\] "([A-Z]+) (\S+) HTTP/[\d.]+" (\d{3}) \S+ (?:\S+ \S+ "[^"]*" )?\d+ (\d+) (\d+) \S+ "([^"]*)"`)
	haproxyTCP  = regexp.MustCompile(`^ \S+ \S+ [-+\d]+/[-+\d]+/\+?[-\d]+ \+?\d+ \S\S \d+/`)
	haproxyLine = regexp.MustCompile(`^ \S+ (\S+) [-+\d]+/[-+\d]+/[-+\d]+/[-+\d]+/\+?([-\d]+) (\d{3}) \S+ .*"([A-Z]+) (\S+)`)
)

// accessPrefix is how far into a line of an access log its time begins, at most.
const accessPrefix = 400

// uwsgi reads a line of uWSGI's request log; its time is that of the beginning, in the C locale.
func (p *Parser) uwsgi(line []byte) (Event, Outcome) {
	m := uwsgiLine.FindSubmatch(line)
	if m == nil {
		return Event{}, Unread
	}
	begun, ok := times.As("Mon Jan _2 15:04:05 2006", string(m[2]), p.Zone)
	if !ok {
		return Event{}, Unread
	}
	e := Event{What: Requested, View: FromUWSGI, Time: begun, Method: string(m[3]), Path: string(m[4]), Address: string(m[1])}
	e.Length, e.Status = number(m[5]), number(m[7])
	e.Took = time.Duration(number(m[6])) * time.Millisecond
	return wanted(e)
}

// access reads a line of Apache's access log or of HAProxy's HTTP log; bounds are those of its time.
func (p *Parser) access(line []byte, bounds []int) (Event, Outcome) {
	before, when, after := line[:bounds[0]], string(line[bounds[0]+1:bounds[1]-1]), line[bounds[1]:]
	if m := apacheLine.FindSubmatch(after); m != nil {
		e := Event{What: Requested, View: FromApache, Method: string(m[1]), Path: withoutHost(string(m[2])), Status: number(m[3]), Length: number(m[4])}
		e.Took = time.Duration(number(m[5])) * time.Microsecond
		e.Address = clientOf(strings.Fields(string(before)))
		return p.at(e, "02/Jan/2006:15:04:05 -0700", when)
	}
	if m := haproxyLine.FindSubmatch(after); m != nil {
		if backend := string(m[1]); !strings.Contains(backend, "placement") && !strings.Contains(backend, "nova") {
			return Event{}, Other
		}
		e := Event{What: Requested, View: FromHAProxy, Method: string(m[4]), Path: withoutHost(string(m[5])), Status: number(m[3])}
		e.Took = time.Duration(number(m[2])) * time.Millisecond
		words := strings.Fields(string(before))
		if len(words) > 0 {
			e.Address = withoutPort(words[len(words)-1])
		}
		return p.at(e, "02/Jan/2006:15:04:05.000", when)
	}
	if haproxyTCP.Match(after) && !bytes.Contains(after, []byte("placement")) {
		return Event{}, Other // it says of a connection what it transferred, not what was requested
	}
	return Event{}, Unread
}

// clientOf returns the address among the words before the time: the first of those that a proxy passed on, else the last
// before identity and user. A virtual host may stand before it.
func clientOf(words []string) string {
	switch n := len(words); {
	case n == 0:
		return ""
	case strings.HasSuffix(words[0], ","):
		return strings.TrimSuffix(words[0], ",")
	case n < 4:
		return notDash(words[0])
	default:
		return notDash(words[n-3])
	}
}

// envoy reads a line of Envoy's access log in its default format.
func (p *Parser) envoy(line []byte) (Event, Outcome) {
	m := envoyLine.FindSubmatch(line)
	at, ok := times.In(string(m[1]), p.Zone)
	if !ok {
		return Event{}, Unread
	}
	address, _, _ := strings.Cut(string(m[7]), ",")
	return wanted(Event{
		What: Requested, View: FromApache, Time: at, Method: string(m[2]), Path: withoutHost(string(m[3])), Status: number(m[4]), Length: number(m[5]),
		Took: time.Duration(number(m[6])) * time.Millisecond, Address: notDash(address),
	})
}

func (p *Parser) at(e Event, layout, when string) (Event, Outcome) {
	var ok bool
	if e.Time, ok = times.As(layout, when, p.Zone); !ok {
		return Event{}, Unread
	}
	return wanted(e)
}

// number reads digits; what is none is 0.
func number(text []byte) int {
	n, _ := strconv.Atoi(string(text))
	return n
}

func notDash(text string) string {
	if text == "-" {
		return ""
	}
	return text
}

// withoutHost takes scheme and host off a URL: HAProxy logs the whole one of a request over HTTP/2.
func withoutHost(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	_, path, _ := strings.Cut(rest, "/")
	return "/" + path
}

func withoutPort(address string) string {
	if at := strings.LastIndexByte(address, ':'); at >= 0 {
		return strings.Trim(address[:at], "[]")
	}
	return address
}
