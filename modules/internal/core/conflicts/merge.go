// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
)

// Export is what of a book another one needs, so that the logs of several hosts are judged together.
type Export struct {
	Records []Record `json:"records"`
	// Older is what was only counted.
	Older []Older `json:"older"`
	// Succeeded is when subjects went through that failed here, or that were asked for.
	Succeeded []Success `json:"succeeded"`
	// Open are the subjects of which nothing went through after they failed, as far as these logs tell.
	Open []string `json:"open"`
	// Unplaced are requests for which Nova found no host.
	Unplaced []unplaced.Request `json:"unplaced,omitempty"`
}

// Success is when a subject went through; of many times in a row only some.
type Success struct {
	Subject string      `json:"subject"`
	At      []time.Time `json:"at"`
	// By is for whom, as in [Record] Seen; empty or shorter where it is unknown.
	By []string `json:"by,omitempty"`
}

// Older counts conflicts of one kind and target of which the single ones are not kept.
type Older struct {
	Conflict   string           `json:"conflict"`
	Method     string           `json:"method,omitempty"`
	Route      string           `json:"route,omitempty"`
	Target     explained.Target `json:"target"`
	Status     int              `json:"status"`
	Count      int              `json:"count"`
	Settled    int              `json:"settled"`
	Open       []Failing        `json:"open"`
	Unknown    int              `json:"unknown"`
	LongestRun int              `json:"longest_run"`
	First      time.Time        `json:"first"`
	Last       time.Time        `json:"last"`
	Through    time.Time        `json:"through"`
	ErrorLines int              `json:"error_lines"`
	Undated    int              `json:"undated,omitempty"`
	Unanswered int              `json:"unanswered,omitempty"`
	Codes      []string         `json:"codes,omitempty"`
	GaveUp     int              `json:"gave_up"`
	Clients    []Pace           `json:"clients"`
	Detail     string           `json:"detail"`

	// Kind and Among are those of what no log explains.
	Kind  catalogue.Kind `json:"kind,omitempty"`
	Among []string       `json:"among,omitempty"`
	// Told says by what how many were told.
	Told map[catalogue.Told]int `json:"told,omitempty"`
	// Run is how many at the end failed one after the other, and Over when the same went through after the last.
	Run      int        `json:"run,omitempty"`
	Over     *time.Time `json:"over,omitempty"`
	Silent   int        `json:"silent,omitempty"`
	Said     string     `json:"said,omitempty"`
	Needed   float64    `json:"needed,omitempty"`
	Used     float64    `json:"used,omitempty"`
	Capacity float64    `json:"capacity,omitempty"`
	Classes  []string   `json:"classes,omitempty"`
	Wanted   []string   `json:"wanted,omitempty"`
	Requests []string   `json:"requests,omitempty"`
}

// Pace is how often one client was refused, and how often in the minute of the newest.
type Pace struct {
	explained.Pace
	Minute  int64 `json:"minute,omitempty"`
	Current int   `json:"current,omitempty"`
}

// Failing is how often a subject failed that was not seen to go through.
type Failing struct {
	Subject string    `json:"subject"`
	Count   int       `json:"count"`
	Last    time.Time `json:"last"`
	// First is that of them, and Seen who failed.
	First time.Time `json:"first,omitzero"`
	Seen  []string  `json:"seen,omitempty"`
}

// Export returns what another book needs, with at most this many single records, the newest.
func (b *Book) Export(most int) Export {
	b.joinAccess()
	b.settle()
	slices.SortStableFunc(b.records, earlier)
	cut := max(len(b.records)-most, 0)
	older := map[tallyKey]*tally{}
	for key, t := range b.tallies {
		older[key] = t.clone()
	}
	b.count(older, b.records[:cut])
	for _, t := range older {
		t.settle(b.watched)
	}
	out := Export{Records: []Record{}, Older: []Older{}, Succeeded: b.succeeded(), Open: b.Open()}
	for _, r := range b.records[cut:] {
		out.Records = append(out.Records, *r)
	}
	for key, t := range older {
		out.Older = append(out.Older, t.older(key))
	}
	slices.SortFunc(out.Older, func(a, b Older) int {
		return cmp.Or(cmp.Compare(a.Conflict, b.Conflict), cmp.Compare(a.Target.UUID, b.Target.UUID), cmp.Compare(a.Target.Name, b.Target.Name))
	})
	return out
}

func (b *Book) succeeded() []Success {
	out := []Success{}
	for _, subject := range slices.Sorted(maps.Keys(b.watched)) {
		w := b.watched[subject]
		if len(w.passes) == 0 {
			continue
		}
		s := Success{Subject: subject}
		for _, p := range w.passes {
			s.At, s.By = append(s.At, time.Unix(0, p.at).UTC()), append(s.By, p.by)
		}
		out = append(out, s)
	}
	return out
}

// Open lists the subjects of records of which nothing went through after. It is to be asked after [Book.Conflicts].
func (b *Book) Open() []string {
	open := map[string]bool{}
	for _, r := range b.records {
		if r.Settled == nil && r.subject != "" {
			open[r.subject] = true
		}
	}
	for _, t := range b.tallies {
		t.settle(b.watched)
		for _, run := range t.open {
			open[run.subject] = true
		}
	}
	delete(open, "")
	return append([]string{}, slices.Sorted(maps.Keys(open))...)
}

// Import takes in what another book exported.
func (b *Book) Import(x Export) {
	for _, s := range x.Succeeded {
		w := b.watched[s.Subject]
		if w == nil && len(b.watched) >= b.most.subjects {
			continue
		}
		if w == nil {
			w = &watched{asked: true}
			b.follow(s.Subject, w)
		}
		for i, at := range s.At[:min(len(s.At), max(0, mostSuccess-len(w.passes)))] {
			p := pass{at: at.UnixNano()}
			if i < len(s.By) {
				p.by = s.By[i]
			}
			w.passes = append(w.passes, p)
		}
	}
	for i := range x.Records {
		x.Records[i].place = catalogue.PlaceOf(x.Records[i].Path) // which came as text
		b.take(&x.Records[i])
	}
	for i := range x.Older {
		b.takeOlder(&x.Older[i])
	}
}

// take adds a record, or what it has beyond that of another host about the same request.
func (b *Book) take(r *Record) {
	if r.RequestID == "" && !slices.Contains(r.Views, lines.FromClient) && !slices.Contains(r.Views, lines.FromPlacement) {
		b.access = append(b.access, located{Event: r.event(), from: Origin{}})
		return
	}
	if r.RequestID != "" && b.folded[hash(r.RequestID)] {
		return // counted already
	}
	if have := b.byID[r.RequestID]; have != nil && r.RequestID != "" {
		have.combine(r)
		b.watch(have)
		return
	}
	if r.GaveUp && r.RequestID+r.Detail == "" && r.CallerID != "" && len(b.gaveUp) < mostGivenUp {
		b.gaveUp[r.CallerID] = r
	}
	b.keep(r, r.RequestID)
	b.watch(r)
}

// event makes the line of an access log of a record that nothing else tells of.
func (r *Record) event() lines.Event {
	e := lines.Event{What: lines.Requested, Time: r.Time, Method: r.Method, Path: r.Path, Place: r.place, Status: r.Status, Length: r.Length, Address: r.Client.Address}
	if len(r.Views) > 0 {
		e.View = r.Views[0]
	}
	return e
}

func (t *tally) older(key tallyKey) Older {
	o := Older{
		Conflict: key.name, Method: key.method, Route: key.route, Target: key.target, Status: t.status, Count: t.count, Settled: t.settled,
		Open: t.failing(), Unknown: t.unknown, LongestRun: t.longest, First: t.first, Last: t.last, Through: t.through,
		ErrorLines: t.errors, Undated: t.undated, Unanswered: t.unanswered, Codes: slices.Sorted(maps.Keys(t.codes)), GaveUp: t.gaveUp, Detail: t.detail,
		Told: t.told, Silent: t.silent, Said: t.said, Needed: t.numbers[0], Used: t.numbers[1], Capacity: t.numbers[2],
		Classes: slices.Sorted(maps.Keys(t.classes)), Wanted: slices.Sorted(maps.Keys(t.wanted)), Requests: t.requests,
	}
	if t.match.Entry == nil {
		o.Kind, o.Among = t.match.Kind, t.match.Among
	}
	if o.Run = t.run; t.previous != nil {
		o.Over = t.previous.Settled
	}
	for _, p := range t.paces() {
		have := t.clients[p.Client]
		o.Clients = append(o.Clients, Pace{p, have.minute, have.current})
	}
	return o
}

func (t *tally) failing() []Failing {
	out := []Failing{}
	for _, key := range slices.Sorted(maps.Keys(t.open)) {
		run := t.open[key]
		f := Failing{Subject: run.subject, Count: run.count, Seen: run.seen}
		if run.last != 0 {
			f.First, f.Last = time.Unix(0, run.first).UTC(), time.Unix(0, run.last).UTC()
		}
		out = append(out, f)
	}
	return out
}

func (b *Book) takeOlder(o *Older) {
	key := tallyKey{name: o.Conflict, method: o.Method, route: o.Route, target: o.Target}
	if o.Conflict == explained.Unexplained {
		key.status = o.Status
	}
	t := b.tallyOf(b.tallies, key, o.match())
	t.count, t.unknown, t.silent = t.count+o.Count, t.unknown+o.Unknown, t.silent+o.Silent
	t.errors, t.gaveUp, t.status = t.errors+o.ErrorLines, t.gaveUp+o.GaveUp, max(t.status, o.Status)
	t.undated, t.unanswered = t.undated+o.Undated, t.unanswered+o.Unanswered
	for by, n := range o.Told {
		t.told[by] += n
	}
	for set, values := range map[*map[string]bool][]string{&t.codes: o.Codes, &t.classes: o.Classes, &t.wanted: o.Wanted} {
		for _, value := range values {
			note(*set, value)
		}
	}
	t.longest = max(t.longest, o.LongestRun)
	t.takeNewest(o)
	if o.Settled > 0 {
		t.went(o.Through, o.Settled)
	}
	for _, f := range o.Open {
		t.fails(f)
	}
	for _, p := range o.Clients {
		t.takePace(p)
	}
	b.beyond += o.Count
}

// takeNewest takes what is kept of the newest only.
func (t *tally) takeNewest(o *Older) {
	if t.first.IsZero() || o.First.Before(t.first) && !o.First.IsZero() {
		t.first = o.First
	}
	requests := append(slices.Clone(t.requests), o.Requests...)
	if o.Last.Before(t.last) {
		t.detail, t.said = first(t.detail, o.Detail), first(t.said, o.Said)
		requests = append(slices.Clone(o.Requests), t.requests...)
	} else {
		t.last, t.detail, t.said = o.Last, first(o.Detail, t.detail), first(o.Said, t.said)
		t.run, t.previous = o.Run, &Record{Settled: o.Over}
	}
	t.requests = requests[max(0, len(requests)-mostSamples):]
	if o.Capacity > 0 && (t.numbers[2] == 0 || t.last.Equal(o.Last)) {
		t.numbers = [3]float64{o.Needed, o.Used, o.Capacity}
	}
}

func (t *tally) takePace(p Pace) {
	have := t.pace(p.Client)
	have.count, have.busiest = have.count+p.Count, max(have.busiest, p.Busiest)
	if p.Minute > have.minute {
		have.minute, have.current = p.Minute, p.Current
	}
}

// match is what they were told to be where they were counted.
func (o *Older) match() catalogue.Match {
	m := matchNamed(o.Conflict)
	if m.Entry == nil {
		m.Kind, m.Among = catalogue.Kind(first(string(o.Kind), string(m.Kind))), o.Among[:min(len(o.Among), mostSamples)]
	}
	return m
}

func matchNamed(name string) catalogue.Match {
	for _, e := range catalogue.All() {
		if e.Name == name {
			return catalogue.Match{Entry: &e, Kind: e.Kind, By: catalogue.ByText}
		}
	}
	return catalogue.Match{Kind: catalogue.Unknown}
}

// Unjoined says how many conflicts were counted without their request id: two services that tell of one of them make
// two of it.
func (b *Book) Unjoined() int { return b.beyond }
