// SPDX-License-Identifier: Apache-2.0

// Package lines reads single log lines of Placement, of its clients and of the proxies before it: each becomes an event, or
// it is counted as unread.
package lines

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// What says what a line tells of.
type What string

// What lines tell of.
const (
	// Requested is one request, as a server or a proxy saw it: a conflict, or a write that went through.
	Requested What = "request"
	// Reported is what a client of Placement says about a refusal.
	Reported What = "report"
	// Traced is what Placement says beside its answer.
	Traced What = "trace"
	// Created is a client's word that its resource provider exists now.
	Created What = "created"
	// Mentioned is a refusal of which a client does not say that Placement sent it. It counts if Placement's log has its id.
	Mentioned What = "mention"
	// Noted is what nova-compute says, without a refusal, about what Placement has of its host.
	Noted What = "note"
	// Answered is what a client says of an answer that is no conflict, of which it tells again without the answer.
	Answered What = "answered"
	// Sent is where a client's request went, of which it logged the answer before. It counts if that was a refusal.
	Sent What = "sent"
	// GaveUp is a client's word that it does not try again.
	GaveUp What = "gave up"
)

// View is who wrote a line.
type View string

// Who writes about requests.
const (
	FromPlacement View = "placement" // oslo.log of Placement itself
	FromUWSGI     View = "uwsgi"
	FromApache    View = "apache"
	FromHAProxy   View = "haproxy"
	FromClient    View = "client"
)

// Event is what one line tells. What a line does not have stays empty.
type Event struct {
	What      What
	View      View
	Time      time.Time // zero if the line has none
	Level     string
	Logger    string
	CallerID  string // request id of the calling service
	RequestID string // Placement's own

	Method, Path string
	Place        catalogue.Place // where the path leads, see [Event.asks]
	Status       int
	Length       int           // bytes of the answer's body
	Took         time.Duration // where Time is the request's beginning
	Microversion string
	Address      string // of the client, or of the proxy before Placement

	Code, Detail string
	Said         string // a client's own words, of a refusal of which it does not log the answer
	Retold       bool   // a line before may have told the same, with the answer
	User         string // who sent the request, as Placement logs it
	// Needed, Used and Capacity are the numbers that Placement logs of what is over capacity.
	Needed, Used, Capacity float64
	UUID                   string // the provider or consumer that a client's line names
	Name                   string // of the provider
	Class                  string
	Host                   string // where the line was written, if it says so
	Service                string // the program that wrote it, likewise
}

// LongestDetail is how much of a detail or a path is kept, in characters.
const LongestDetail = 500

// asks notes what was requested. The path is parsed here and nowhere else, as it is kept.
func (e *Event) asks(method, path string) {
	e.Method, e.Path = method, foreign.Short(path, LongestDetail)
	e.Place = catalogue.PlaceOf(e.Path)
}

// clean bounds the texts of the event and puts each on one line.
func (e *Event) clean() {
	for _, name := range []*string{
		&e.Level, &e.Logger, &e.CallerID, &e.RequestID, &e.Method, &e.Microversion, &e.Address, &e.Code, &e.UUID, &e.Name, &e.Class, &e.Host, &e.Service, &e.User,
	} {
		*name = foreign.Short(*name, catalogue.LongestName)
	}
	for _, text := range []*string{&e.Path, &e.Detail, &e.Said} {
		*text = foreign.Short(*text, LongestDetail)
	}
}

// Conflict reports whether the event is a refusal, not a success.
func (e *Event) Conflict() bool { return e.Status >= 400 }

// Outcome says what became of a line.
type Outcome int

// What becomes of lines.
const (
	// Other lines are understood as far as to know that they are of no interest.
	Other Outcome = iota
	// Found lines make an event.
	Found
	// Open lines go on in the next.
	Open
	// Begun ones may go on in the next, as words that were wrapped.
	Begun
	// Unread ones could not be understood.
	Unread
)
