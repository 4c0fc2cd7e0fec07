// SPDX-License-Identifier: Apache-2.0

// Package conflicts joins the events of many logs into conflicts: which entry of the catalogue each one was, of what, whether
// it passed and whether anybody has to act.
package conflicts

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Origin says where a line was read.
type Origin struct {
	Host    string // its log
	Service string // that wrote it, "nova-compute"
}

// The book's bounds: what is older than the newest records is only counted, so that memory does not grow with the logs.
const (
	mostFolded  = 1 << 18
	mostTraces  = 4096
	mostSuccess = 4096
	mostGivenUp = 4096
)

// bounds are those that a test can't reach in no time.
type bounds struct{ records, tallies, subjects int }

func usualBounds() bounds { return bounds{records: 20000, tallies: 10000, subjects: 100000} }

// Book collects what lines tell and joins what belongs to one request. Feed it the logs of Placement's clients first:
// only they name what a new provider is, and whether it went through is then known from Placement's.
type Book struct {
	// Since and Until bound the events that count; zero is no bound.
	Since, Until time.Time

	most    bounds
	records []*Record
	byID    map[string]*Record
	traces  [2]map[string]lines.Event // newer and older, by request id
	access  []located
	watched map[string]*watched // by subject; only of those that failed, or that were asked for
	about   map[string]bool     // the ids in the subjects
	gaveUp  map[string]bool     // request ids of callers
	folded  map[uint64]bool     // request ids that were counted and are not kept
	tallies map[tallyKey]*tally
	beyond  int // conflicts that were counted without their request id
}

// watched is when a subject went through, in nanoseconds since 1970: of many times in a row only some.
type watched struct {
	times  []int64
	failed int64 // its latest failure so far
	asked  bool  // for: it may have failed elsewhere
}

type located struct {
	lines.Event
	from Origin
}

// NewBook makes an empty one that also keeps when these subjects went through.
func NewBook(subjects ...string) *Book {
	b := &Book{
		most: usualBounds(),
		byID: map[string]*Record{}, traces: [2]map[string]lines.Event{{}, {}}, watched: map[string]*watched{}, about: map[string]bool{}, gaveUp: map[string]bool{},
		folded: map[uint64]bool{}, tallies: map[tallyKey]*tally{},
	}
	for _, s := range subjects {
		b.follow(foreign.Short(s, lines.LongestDetail), &watched{asked: true})
	}
	return b
}

// follow keeps from now on when a subject goes through.
func (b *Book) follow(subject string, w *watched) {
	b.watched[subject] = w
	b.about[subject[strings.LastIndexByte(subject, '/')+1:]] = true
}

// Cares reports whether it matters to the book that a write of this provider or consumer went through.
func (b *Book) Cares(uuid []byte) bool { return b.about[string(uuid)] }

// Add takes in what a line tells. Lines of one file have to come in their order.
func (b *Book) Add(e *lines.Event, from Origin) {
	if b.outside(e.Time) {
		return
	}
	switch {
	case e.What == lines.Traced:
		b.trace(e)
	case e.What == lines.GaveUp:
		if len(b.gaveUp) < mostGivenUp {
			b.gaveUp[e.CallerID] = true
		}
	case e.What == lines.Created:
		b.through("provider/"+e.UUID, e.Time)
	case !e.Conflict():
		for _, s := range subjects(e.Method, catalogue.PlaceOf(e.Path), "") {
			b.through(s, e.Time)
		}
	case e.What == lines.Requested && e.View != lines.FromPlacement:
		b.access = append(b.access, located{*e, from})
		b.failed(first(subjects(e.Method, catalogue.PlaceOf(e.Path), "")...), e.Time.Add(e.Took))
		if len(b.access) >= b.most.records {
			b.joinAccess()
		}
	default:
		b.conflict(e, from)
	}
}

func (b *Book) outside(t time.Time) bool {
	return !t.IsZero() && (!b.Since.IsZero() && t.Before(b.Since) || !b.Until.IsZero() && t.After(b.Until))
}

// trace keeps what Placement says of a request until its request line comes. Those of requests that went through never
// get theirs.
func (b *Book) trace(e *lines.Event) {
	if len(b.traces[0]) >= mostTraces {
		b.traces = [2]map[string]lines.Event{{}, b.traces[0]}
	}
	b.traces[0][e.RequestID] = *e
}

func (b *Book) takeTrace(id string) (lines.Event, bool) {
	for _, m := range b.traces {
		if e, ok := m[id]; ok {
			delete(m, id)
			return e, true
		}
	}
	return lines.Event{}, false
}

// through notes that a subject went through. After a failure only the first time matters, unless others know of more.
func (b *Book) through(subject string, at time.Time) {
	w := b.watched[subject]
	if w == nil || at.IsZero() {
		return
	}
	when, n := at.UnixNano(), len(w.times)
	switch {
	case n > 0 && !w.asked && w.times[n-1] >= w.failed && w.times[n-1] <= when:
	case n < mostSuccess:
		w.times = append(w.times, when)
	default:
		w.times[n-1] = when
	}
}

func (b *Book) conflict(e *lines.Event, from Origin) {
	r := b.byID[e.RequestID]
	if r == nil || e.RequestID == "" {
		if e.RequestID != "" && b.folded[hash(e.RequestID)] {
			return // counted already
		}
		r = &Record{}
		b.keep(r, e.RequestID)
	}
	r.add(e, from)
	if t, ok := b.takeTrace(e.RequestID); ok && e.View == lines.FromPlacement {
		r.Detail, r.UUID = first(r.Detail, t.Detail), first(r.UUID, t.UUID)
	}
	b.watch(r)
}

// watch keeps from now on when the record's subject goes through.
func (b *Book) watch(r *Record) {
	r.judge()
	b.failed(r.subject, r.Time)
}

// failed follows a subject from its failure on.
func (b *Book) failed(subject string, at time.Time) {
	w := b.watched[subject]
	if w == nil && subject != "" && len(b.watched) < b.most.subjects {
		w = &watched{}
		b.follow(subject, w)
	}
	if w != nil && !at.IsZero() {
		w.failed = max(w.failed, at.UnixNano())
	}
}

func (b *Book) keep(r *Record, id string) {
	if len(b.records) >= b.most.records {
		b.joinAccess()
		b.fold(b.most.records / 2)
	}
	b.records = append(b.records, r)
	if id != "" {
		b.byID[id] = r
	}
}

// fold counts the oldest records, and keeps no more than this many.
func (b *Book) fold(keep int) {
	b.settle()
	slices.SortStableFunc(b.records, earlier)
	cut := max(len(b.records)-keep, 0)
	b.count(b.tallies, b.records[:cut])
	for _, r := range b.records[:cut] {
		delete(b.byID, r.RequestID)
		if r.RequestID != "" && len(b.folded) < mostFolded {
			b.folded[hash(r.RequestID)] = true
		} else {
			b.beyond++
		}
	}
	b.records = slices.Clone(b.records[cut:])
	b.forget()
}

// forget drops what went through of subjects that no record is of any more.
func (b *Book) forget() {
	if len(b.watched) < b.most.subjects/2 {
		return
	}
	all := b.watched
	b.watched, b.about = map[string]*watched{}, map[string]bool{}
	for subject, w := range all {
		if w.asked {
			b.follow(subject, w)
		}
	}
	for _, r := range b.records {
		if w := all[r.subject]; w != nil {
			b.follow(r.subject, w)
		}
	}
	for _, t := range b.tallies {
		for subject := range t.open {
			if w := all[subject]; w != nil {
				b.follow(subject, w)
			}
		}
	}
}

func earlier(a, b *Record) int {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.RequestID, b.RequestID))
}

func hash(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}

// settle notes of each record when the same went through after it.
func (b *Book) settle() {
	for _, w := range b.watched {
		slices.Sort(w.times)
	}
	for _, r := range b.records {
		r.judge()
		r.GaveUp = r.GaveUp || r.CallerID != "" && b.gaveUp[r.CallerID]
		if w := b.watched[r.subject]; w != nil {
			r.settle(w.times)
		}
	}
}

func (r *Record) settle(times []int64) {
	if r.Time.IsZero() {
		return
	}
	at, _ := slices.BinarySearch(times, r.Time.UnixNano())
	if at == len(times) {
		return
	}
	if t := time.Unix(0, times[at]).UTC(); r.Settled == nil || t.Before(*r.Settled) {
		r.Settled = &t
	}
}
