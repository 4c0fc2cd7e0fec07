// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/client"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// tallyKey says which records are counted together: what it is, and of what.
type tallyKey struct {
	name, method, route string
	status              int // of what no log explains
	target              explained.Target
}

// tally counts records of one kind and target. It can be saved and added to another host's.
type tally struct {
	match    catalogue.Match
	status   int
	count    int
	settled  int
	open     map[string]*openRun // by subject and client: what failed and was not seen to go through
	unknown  int                 // of no subject that can be followed, or of more than are kept
	longest  int                 // run of failures with nothing through between
	run      int                 // the one that may go on
	first    time.Time
	last     time.Time
	through  time.Time // when the last of them went through that did
	errors   int       // lines at ERROR
	gaveUp   int
	told     map[catalogue.Told]int
	clients  map[explained.Client]*pace
	requests []string        // ids of the newest
	detail   string          // of the newest that has one
	classes  map[string]bool // of resources
	wanted   map[string]bool // UUIDs under which clients wanted a name
	codes    map[string]bool // of errors
	previous *Record

	bounded    bool   // a time was asked for, so what has none can't be judged
	undated    int    // of those
	unanswered int    // whose client does not log the answer, and no other log has the request
	silent     int    // whose client does not log the answer either, although another log has the request
	said       string // what the newest of them says
	numbers    [3]float64
	maybe      int            // of the open ones: went through for a client that may be another
	others     map[string]int // who went through while these did not
}

// openRun is what failed since its subject went through for the same client.
type openRun struct {
	subject string
	seen    []string
	count   int
	first   int64 // of them, in nanoseconds since 1970
	last    int64
}

// mostOpen is of how many subjects a tally remembers that they failed.
const mostOpen = 5000

// pace is how often one client was refused.
type pace struct {
	count   int
	busiest int // in one minute
	minute  int64
	current int
}

const (
	mostClients = 50
	mostSamples = 5
	others      = "(others)"
)

// count adds records, which are in the order of their times.
func (b *Book) count(tallies map[tallyKey]*tally, records []*Record) {
	for _, r := range records {
		key := tallyKey{name: r.name(), target: r.target()}
		if r.match.Entry == nil {
			key.method, key.route, key.status = r.Method, r.place.Route, r.Status
		}
		b.tallyOf(tallies, key, r.match).add(r)
	}
}

// tallyOf returns the tally of a key. Beyond a bound one has all that are left.
func (b *Book) tallyOf(tallies map[tallyKey]*tally, key tallyKey, m catalogue.Match) *tally {
	t := tallies[key]
	if t == nil && len(tallies) >= b.most.tallies {
		key.target = explained.Target{Type: key.target.Type, Name: others}
		t = tallies[key]
	}
	if t == nil {
		t = newTally(m)
		tallies[key] = t
	}
	t.bounded = !b.Since.IsZero() || !b.Until.IsZero()
	return t
}

func newTally(m catalogue.Match) *tally {
	return &tally{match: m, told: map[catalogue.Told]int{}, clients: map[explained.Client]*pace{}, classes: map[string]bool{}, wanted: map[string]bool{}, codes: map[string]bool{}, open: map[string]*openRun{}}
}

func (t *tally) add(r *Record) {
	t.count++
	t.errors += r.ErrorLines
	t.status = max(t.status, r.Status)
	if r.GaveUp {
		t.gaveUp++
	}
	t.told[r.match.By]++
	t.addRun(r)
	if t.first.IsZero() || r.Time.Before(t.first) && !r.Time.IsZero() {
		t.first = r.Time
	}
	if !r.Time.Before(t.last) {
		t.last, t.detail, t.said = r.Time, first(catalogue.Plain(r.Detail), t.detail), first(r.Said, t.said)
		if r.Capacity > 0 {
			t.numbers = [3]float64{r.Needed, r.Used, r.Capacity}
		}
	}
	switch {
	case r.unanswered():
		t.unanswered++
	case r.match.Entry == nil && r.Detail == "" && slices.Contains(r.Views, lines.FromClient):
		t.silent++
	}
	note(t.codes, r.Code)
	if r.RequestID != "" {
		t.requests = append(t.requests[max(0, len(t.requests)-mostSamples+1):], r.RequestID)
	}
	note(t.classes, first(r.match.Values["class"], r.match.Values["classes"]))
	if r.match.Entry != nil && r.match.Entry.About == catalogue.OfName {
		note(t.wanted, r.UUID)
	}
	t.addClient(r)
}

func note(set map[string]bool, value string) {
	if value != "" && len(set) < mostSamples {
		set[value] = true
	}
}

// addRun follows how many fail one after the other.
func (t *tally) addRun(r *Record) {
	if p := t.previous; p != nil && p.Settled != nil && !p.Settled.After(r.Time) {
		t.run = 0
	}
	t.run++
	t.longest = max(t.longest, t.run)
	t.previous = r
	switch {
	case r.Settled != nil:
		t.went(*r.Settled, 1)
	case r.Time.IsZero() && t.bounded:
		t.undated++
	case r.subject == "":
		t.unknown++
	default:
		t.fails(Failing{Subject: r.subject, Seen: r.Seen, Count: 1, First: r.Time, Last: r.Time})
	}
}

// fails notes that a subject failed and was not seen to go through.
func (t *tally) fails(f Failing) {
	key := f.Subject + " " + strings.Join(f.Seen, " ")
	run := t.open[key]
	if run == nil && len(t.open) >= mostOpen {
		t.unknown += f.Count
		return
	}
	if run == nil {
		run = &openRun{subject: f.Subject, seen: f.Seen}
		t.open[key] = run
	}
	run.count += f.Count
	if !f.Last.IsZero() {
		run.last = max(run.last, f.Last.UnixNano())
	}
	if !f.First.IsZero() && (run.first == 0 || f.First.UnixNano() < run.first) {
		run.first = f.First.UnixNano()
	}
}

// went notes that some went through.
func (t *tally) went(at time.Time, n int) {
	t.settled += n
	if at.After(t.through) {
		t.through = at
	}
}

// settle looks again whether what was open when it was counted went through since, and who else did meanwhile.
func (t *tally) settle(watched map[string]*watched) {
	t.maybe, t.others = 0, map[string]int{}
	for key, run := range t.open {
		w := watched[run.subject]
		if w == nil || run.last == 0 {
			continue
		}
		if at, ok := settledBy(w.passes, run.last, run.seen, t.match); ok {
			t.went(time.Unix(0, at).UTC(), run.count)
			delete(t.open, key)
			continue
		}
		t.compare(run, w.passes)
	}
}

// compare notes who went through since the first failure.
func (t *tally) compare(run *openRun, passes []pass) {
	maybe := false
	for _, p := range since(passes, cmp.Or(run.first, run.last)) {
		switch client.Relate(run.seen, p.by) {
		case client.Unknown:
			maybe = maybe || p.at >= run.last
		case client.Other:
			t.others[client.In(p.by, run.seen)]++
		case client.Same: // before it failed the last time
		}
	}
	if maybe {
		t.maybe += run.count
	}
}

// trailing is how many failed and were not seen to go through.
func (t *tally) trailing() int {
	n := 0
	for _, run := range t.open {
		n += run.count
	}
	return n
}

func (t *tally) addClient(r *Record) {
	p := t.pace(r.Client)
	p.count++
	if r.Time.IsZero() {
		return // it is unknown in which minute
	}
	if minute := r.Time.Unix() / 60; minute != p.minute {
		p.minute, p.current = minute, 0
	}
	p.current++
	p.busiest = max(p.busiest, p.current)
}

// pace is that of a client. Beyond a bound one has all that are left.
func (t *tally) pace(who explained.Client) *pace {
	if t.clients[who] == nil && len(t.clients) >= mostClients {
		who = explained.Client{Host: others}
	}
	if t.clients[who] == nil {
		t.clients[who] = &pace{}
	}
	return t.clients[who]
}

// clone is a copy that can be added to.
func (t *tally) clone() *tally {
	c := *t
	c.told, c.classes, c.wanted, c.codes = maps.Clone(t.told), maps.Clone(t.classes), maps.Clone(t.wanted), maps.Clone(t.codes)
	c.requests, c.open = slices.Clone(t.requests), map[string]*openRun{}
	for subject, run := range t.open {
		copied := *run
		c.open[subject] = &copied
	}
	c.clients = map[explained.Client]*pace{}
	for who, p := range t.clients {
		copied := *p
		c.clients[who] = &copied
	}
	return &c
}
