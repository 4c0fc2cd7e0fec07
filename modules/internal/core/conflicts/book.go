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
	mostSuccess = 4096
	mostGivenUp = 4096
	mostMention = 4096
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
	mention map[string]located // by request id: what may be refusals of Placement's
	latest  map[string]int64   // by who and what: when it was said last, in nanoseconds since 1970
	access  []located
	watched map[string]*watched // by subject; only of those that failed, or that were asked for
	about   map[string]bool     // the ids in the subjects
	gaveUp  map[string]*Record  // by the request id of the caller
	folded  map[uint64]bool     // request ids that were counted and are not kept
	tallies map[tallyKey]*tally
	beyond  int // conflicts that were counted without their request id
}

// watched is when and for whom a subject went through: of many times in a row only some.
type watched struct {
	passes []pass
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
		byID: map[string]*Record{}, mention: map[string]located{}, latest: map[string]int64{}, watched: map[string]*watched{}, about: map[string]bool{}, gaveUp: map[string]*Record{},
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
	case e.What == lines.GaveUp:
		b.givenUp(e, from)
	case e.What == lines.Answered:
		b.told(e, from, catalogue.Providers)
	case e.What == lines.Sent:
		if r := b.byID[e.RequestID]; r != nil {
			r.add(e, from)
			b.watch(r)
		}
	case e.What == lines.Mentioned:
		b.mentioned(e, from)
	case e.What == lines.Created:
		b.through("provider/"+e.UUID, e.Time, sighting(e, from))
	case e.What != lines.Noted && !e.Conflict():
		for _, s := range append(subjects(e.Method, e.Place, ""), creation(e.Method, e.Place, e.Address)) {
			b.through(s, e.Time, sighting(e, from))
		}
	case e.What == lines.Requested && e.View != lines.FromPlacement:
		b.access = append(b.access, located{*e, from})
		b.failed(first(append(subjects(e.Method, e.Place, ""), creation(e.Method, e.Place, e.Address))...), e.Time.Add(e.Took))
		if len(b.access) >= b.most.records {
			b.joinAccess()
		}
	case !b.again(e, from):
		b.conflict(e, from)
	}
}

func (b *Book) outside(t time.Time) bool {
	return !t.IsZero() && (!b.Since.IsZero() && t.Before(b.Since) || !b.Until.IsZero() && t.After(b.Until))
}

// mentioned keeps what a client says of a refusal until Placement's log has its id.
func (b *Book) mentioned(e *lines.Event, from Origin) {
	if r := b.byID[e.RequestID]; r != nil {
		r.add(e, from)
	} else if len(b.mention) < mostMention {
		b.mention[e.RequestID] = located{*e, from}
	}
}

// again reports whether the same was said before: in the message of an exception, and at the end of its traceback. Only what has a
// request id is known to be another.
func (b *Book) again(e *lines.Event, from Origin) bool {
	if e.View != lines.FromClient || e.Time.IsZero() {
		return false
	}
	if e.Retold && e.RequestID == "" && b.toldOf(e, from) {
		return true
	}
	if e.What == lines.Reported && e.Detail != "" {
		return false
	}
	key, at := saying(e, from, notice(e)), e.Time.UnixNano()
	before := b.latest[key]
	b.say(key, at)
	ends := e.Logger == "" && at >= before && at-before < int64(slack) // a traceback, in a log whose engine dates each line
	return (before == at || ends) && e.RequestID == ""
}

// notice is what a line says that is no answer: why a nova-compute does not start may be said in two ways.
func notice(e *lines.Event) string {
	if e.What != lines.Noted {
		return e.Detail
	}
	if m := catalogue.Note(e.Detail); m.Entry != nil && m.Entry.About == catalogue.OfHost {
		return m.Entry.Name
	}
	return e.Detail
}

func saying(e *lines.Event, from Origin, what string) string {
	who := origin(e, from)
	return who.Host + " " + who.Service + " " + what
}

func (b *Book) say(key string, at int64) {
	if len(b.latest) >= mostGivenUp {
		clear(b.latest) // it is asked for seconds only
	}
	b.latest[key] = at
}

// told keeps when a client wrote what Placement answered.
func (b *Book) told(e *lines.Event, from Origin, what ...string) {
	for _, one := range what {
		b.say(saying(e, from, one), e.Time.UnixNano())
	}
}

// answers are the names of an answer under which a line after it may tell the same without it, the surest first.
func answers(e *lines.Event) []string {
	detail := catalogue.Plain(e.Detail)
	switch {
	case e.Path == catalogue.Providers:
		return []string{catalogue.Providers, detail, anyAnswer}
	case e.Detail == catalogue.InUse, strings.HasSuffix(strings.TrimRight(detail, "."), " in use"):
		return []string{detail, catalogue.InUse, anyAnswer}
	}
	return []string{detail, anyAnswer}
}

const anyAnswer = "answer"

// toldOf reports whether a client wrote just before what it tells again.
func (b *Book) toldOf(e *lines.Event, from Origin) bool {
	what, at := answers(e)[0], e.Time.UnixNano()
	if what == "" {
		what = anyAnswer
	}
	before := b.latest[saying(e, from, what)]
	return before != 0 && before <= at && at-before < int64(10*time.Second)
}

// givenUp takes in that a client does not try again. It counts where no line tells of the single tries.
func (b *Book) givenUp(e *lines.Event, from Origin) {
	if r := b.gaveUp[e.CallerID]; r != nil {
		r.add(e, from)
		b.watch(r)
		return
	}
	if len(b.gaveUp) >= mostGivenUp || b.again(e, from) {
		return
	}
	r := &Record{GaveUp: true}
	b.keep(r, "")
	r.add(e, from)
	b.watch(r)
	if e.CallerID != "" {
		b.gaveUp[e.CallerID] = r
	}
}

func (b *Book) conflict(e *lines.Event, from Origin) {
	if e.View == lines.FromClient && e.Detail != "" {
		b.told(e, from, answers(e)...)
	}
	r := b.byID[e.RequestID]
	if r == nil || e.RequestID == "" {
		if e.RequestID != "" && b.folded[hash(e.RequestID)] {
			return // counted already
		}
		r = &Record{}
		b.keep(r, e.RequestID)
	}
	r.add(e, from)
	if m, ok := b.mention[e.RequestID]; ok {
		r.add(&m.Event, m.from)
		delete(b.mention, e.RequestID)
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
		for _, run := range t.open {
			if w := all[run.subject]; w != nil {
				b.follow(run.subject, w)
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
		slices.SortFunc(w.passes, func(a, b pass) int { return cmp.Compare(a.at, b.at) })
	}
	for _, r := range b.records {
		r.judge()
		r.GaveUp = r.GaveUp || r.CallerID != "" && b.gaveUp[r.CallerID] != nil
		if w := b.watched[r.subject]; w != nil && !r.Time.IsZero() {
			r.settle(w.passes)
		}
	}
}

// settle notes when the same went through after the record, for the same client.
func (r *Record) settle(passes []pass) {
	at, ok := settledBy(passes, r.Time.UnixNano(), r.Seen, r.match)
	if !ok {
		return
	}
	if t := time.Unix(0, at).UTC(); r.Settled == nil || t.Before(*r.Settled) {
		r.Settled = &t
	}
}
