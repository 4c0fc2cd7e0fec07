// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"maps"
	"slices"
	"time"
)

// tallyKey says which records are counted together: what it is, and of what.
type tallyKey struct {
	name, method, route string
	target              Target
}

// tally counts records of one kind and target. It can be saved and added to another host's.
type tally struct {
	match    Match
	status   int
	count    int
	settled  int
	trailing int // the last ones of which none went through
	longest  int // run of failures with nothing through between
	run      int // the one that may go on
	first    time.Time
	last     time.Time
	through  time.Time // when the last of them went through, zero if it did not
	errors   int       // lines at ERROR
	gaveUp   int
	told     map[Told]int
	clients  map[Client]*pace
	requests []string        // ids of the newest
	detail   string          // of the newest that has one
	classes  map[string]bool // of resources
	wanted   map[string]bool // UUIDs under which clients wanted a name
	previous *Record
}

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
			key.method, key.route = r.Method, placeOf(r.Path).route
		}
		t := tallies[key]
		if t == nil && len(tallies) >= mostTallies {
			key.target = Target{Type: key.target.Type, Name: others}
			t = tallies[key]
		}
		if t == nil {
			t = newTally(r.match)
			tallies[key] = t
		}
		t.add(r)
	}
}

func newTally(m Match) *tally {
	return &tally{match: m, told: map[Told]int{}, clients: map[Client]*pace{}, classes: map[string]bool{}, wanted: map[string]bool{}}
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
		t.last, t.detail = r.Time, first(plain(r.Detail), t.detail)
	}
	if r.RequestID != "" {
		t.requests = append(t.requests[max(0, len(t.requests)-mostSamples+1):], r.RequestID)
	}
	note(t.classes, r.match.Values["class"])
	if r.match.Entry != nil && r.match.Entry.About == OfName {
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
	if r.Settled == nil {
		t.trailing++
		t.through = time.Time{}
		return
	}
	t.settled++
	t.trailing, t.through = 0, *r.Settled
}

func (t *tally) addClient(r *Record) {
	p := t.clients[r.Client]
	if p == nil {
		who := r.Client
		if len(t.clients) >= mostClients {
			who = Client{Host: others}
		}
		if p = t.clients[who]; p == nil {
			p = &pace{}
			t.clients[who] = p
		}
	}
	p.count++
	if minute := r.Time.Unix() / 60; minute != p.minute {
		p.minute, p.current = minute, 0
	}
	p.current++
	p.busiest = max(p.busiest, p.current)
}

// clone is a copy that can be added to.
func (t *tally) clone() *tally {
	c := *t
	c.told, c.classes, c.wanted = maps.Clone(t.told), maps.Clone(t.classes), maps.Clone(t.wanted)
	c.requests = slices.Clone(t.requests)
	c.clients = map[Client]*pace{}
	for who, p := range t.clients {
		copied := *p
		c.clients[who] = &copied
	}
	return &c
}
