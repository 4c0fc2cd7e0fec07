// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
)

// OsloTime is the layout of oslo.log's times (oslo_log/_options.py, log_date_format); they are local and have no offset.
const OsloTime = "2006-01-02 15:04:05.000"

// Stamp returns the time that a line of oslo.log begins with, as it is written, also within one of syslog; nil of another line.
func Stamp(line []byte) []byte {
	if len(line) > 0 && (line[0] == '>' || line[0] == '<' || line[0] == ' ') {
		line = unquoted(line)
	}
	if line = line[Within(line):]; !IsOslo(line) {
		return nil
	}
	return line[:len(OsloTime)]
}

// oslo reads a line of oslo.log:
//
//	2026-11-22 10:54:39.488 27429 INFO placement.requestlog [req-… req-… user project …] message
//
// The bracket has eight words, of older releases six, and may be missing.
func (p *Parser) oslo(line []byte) (Event, Outcome) {
	_, rest, _ := bytes.Cut(line[len(OsloTime)+1:], []byte(" ")) // the process
	level, rest, _ := bytes.Cut(rest, []byte(" "))
	logger, rest, ok := bytes.Cut(rest, []byte(" "))
	if !ok && len(logger) == 0 {
		return Event{}, Unread
	}
	if dull(p, logger, rest) {
		return Event{}, Other
	}
	at, ok := times.As(OsloTime, string(line[:len(OsloTime)]), p.Zone)
	if !ok {
		return Event{}, Unread
	}
	ids, message := bracket(rest)
	e, outcome := p.message(Event{Level: string(level), Logger: string(logger), User: userIn(rest)}, ids, message)
	if outcome == Found {
		e.Time = at
	}
	return e, outcome
}

// dull reports whether a message of this logger is of no interest. It is asked of most lines, so it has to be quick.
func dull(p *Parser, logger, text []byte) bool {
	switch {
	case bytes.HasSuffix(logger, []byte("placement.requestlog")):
		return !writes(text) || p.idle(text)
	case bytes.HasPrefix(logger, []byte("placement.")):
		return !traces(text)
	case bytes.HasPrefix(logger, []byte("keystone")) && bytes.Contains(text, []byte(saysUsed)):
		return false
	}
	return !telling(text)
}

// message reads what a logger wrote, given the request ids of its context.
func (p *Parser) message(e Event, ids []string, message []byte) (Event, Outcome) {
	switch {
	case strings.HasSuffix(e.Logger, "placement.requestlog"): // up to Rocky nova.api.openstack.placement.requestlog
		return requestLine(e, ids, message)
	case strings.HasPrefix(e.Logger, "placement."):
		return trace(e, ids, string(message))
	}
	e.View = FromClient
	if len(ids) > 0 {
		e.CallerID = ids[0]
	}
	if bytes.Contains(message, []byte(saysUsed)) {
		return e.sent(string(message))
	}
	return p.report(e, message)
}

// bracket returns the request ids of the first bracket, and what follows it.
func bracket(text []byte) (ids []string, rest []byte) {
	if len(text) == 0 || text[0] != '[' {
		return nil, text
	}
	inside, rest, ok := bytes.Cut(text[1:], []byte("]"))
	if !ok {
		return nil, text
	}
	for _, word := range strings.Fields(string(inside)) {
		if strings.HasPrefix(word, "req-") {
			ids = append(ids, word)
		}
	}
	return ids, bytes.TrimLeft(rest, " ")
}

// userIn returns the user in the first bracket, the word after the request ids; empty if there is none.
func userIn(text []byte) string {
	inside, _, _ := bytes.Cut(text, []byte("]"))
	words := strings.Fields(strings.TrimPrefix(string(inside), "["))
	for i := len(words) - 2; i >= 0; i-- {
		if strings.HasPrefix(words[i], "req-") {
			return notDash(words[i+1])
		}
	}
	return ""
}

// writes reports whether a request line is of a method that writes: what reads is most of a log.
func writes(rest []byte) bool {
	at := bytes.IndexByte(rest, '"')
	return at >= 0 && at+1 < len(rest) && (rest[at+1] == 'P' || rest[at+1] == 'D')
}

// idle reports whether a request went through that nobody wants to know of.
func (p *Parser) idle(rest []byte) bool {
	end := bytes.Index(rest, []byte(`" status: 2`))
	if end < 0 || p.Cares == nil {
		return false
	}
	path := rest[:end]
	for {
		at := bytes.IndexByte(path, '/')
		if at < 0 {
			return false
		}
		path = path[at+1:]
		if len(path) >= catalogue.UUIDLength && (len(path) == catalogue.UUIDLength || path[catalogue.UUIDLength] == '/') {
			return !p.Cares(path[:catalogue.UUIDLength])
		}
	}
}

// requestLine reads what Placement logs of each request (placement/requestlog.py):
//
//	127.0.0.1 "POST /resource_providers" status: 409 len: 285 microversion: 1.39
func requestLine(e Event, ids []string, message []byte) (Event, Outcome) {
	address, rest, _ := strings.Cut(string(message), ` "`)
	request, rest, ok := strings.Cut(rest, `" status: `)
	fields := strings.Fields(rest)
	method, path, two := strings.Cut(request, " ")
	if strings.HasPrefix(address, saysStarts) {
		return Event{}, Other // its answer is on a line of its own
	}
	if !ok || !two || len(fields) < 3 || fields[1] != "len:" {
		return Event{}, Unread
	}
	status, err := strconv.Atoi(fields[0])
	if err != nil {
		return Event{}, Unread
	}
	e.What, e.View, e.Method, e.Path, e.Status, e.Address = Requested, FromPlacement, method, path, status, address
	e.Length, _ = strconv.Atoi(fields[2]) // "-" where there is no body
	if len(fields) > 4 {
		e.Microversion = fields[4]
	}
	if len(ids) > 0 {
		e.RequestID = ids[len(ids)-1]
	}
	if len(ids) > 1 {
		e.CallerID = ids[0]
	}
	return wanted(e)
}

// wanted keeps conflicts, writes that were refused as malformed (they count if they repeat), and writes that went through on
// routes that have conflicts.
func wanted(e Event) (Event, Outcome) {
	through := e.Status >= 200 && e.Status < 300 && e.Method != "GET"
	refused := e.Status == 409 || e.Status == 400 && e.Method != "GET"
	if !refused && !through {
		return Event{}, Other
	}
	if e.asks(e.Method, e.Path); e.Place.Route == "" {
		return Event{}, Other
	}
	return e, Found
}

// What Placement says beside its answers (placement/objects/allocation.py).
const (
	saysOver   = "Over capacity for "
	saysUnits  = " violates min_unit, max_unit, or step_size"
	saysRetry  = "Exceeded retry limit of "
	saysOnward = " on resource provider "
	saysLess   = "reduces existing overage" // and is let through
	saysStarts = "Starting request: "       // at DEBUG, before it answers
)

func traces(rest []byte) bool {
	return bytes.Contains(rest, []byte(saysOver)) || bytes.Contains(rest, []byte(saysUnits)) || bytes.Contains(rest, []byte(saysRetry))
}

var overBy = regexp.MustCompile(`Needed: ([\d.]+), Used: ([\d.]+), Capacity: ([\d.]+)`)

// trace makes of such a line the detail of the answer that it belongs to. Placement refuses the request after each.
func trace(e Event, ids []string, message string) (Event, Outcome) {
	if strings.Contains(message, saysLess) {
		return Event{}, Other
	}
	e.What, e.View, e.Status = Traced, FromPlacement, 409
	if len(ids) > 0 {
		e.RequestID = ids[len(ids)-1]
	}
	if strings.Contains(message, saysRetry) {
		e.Detail = "Inventory and/or allocations changed while attempting to allocate: " + catalogue.Race
		return e, Found
	}
	if m := overBy.FindStringSubmatch(message); m != nil {
		e.Needed, e.Used, e.Capacity = decimal(m[1]), decimal(m[2]), decimal(m[3])
	}
	_, after, _ := strings.Cut(message, " for ")
	class, after, ok := strings.Cut(after, saysOnward)
	e.Class, e.UUID = class, catalogue.UUIDPattern.FindString(after)
	if !ok || e.UUID == "" {
		return Event{}, Unread
	}
	why := "would exceed the capacity."
	if strings.Contains(message, saysUnits) {
		why = "would violate inventory constraints."
	}
	e.Detail = "Unable to allocate inventory: Unable to create allocation for '" + class + "' on resource provider '" + e.UUID + "'. The requested amount " + why
	return e, Found
}

// decimal reads a number, which may end a sentence.
func decimal(text string) float64 {
	n, _ := strconv.ParseFloat(strings.TrimSuffix(text, "."), 64)
	return n
}
