// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
)

// Verdict says what has become of the conflicts of one kind and target.
type Verdict string

// The verdicts, the worst first.
const (
	Lasting   Verdict = "persistent"
	Storm     Verdict = "storm"
	Undecided Verdict = "undecided"
	Passed    Verdict = "transient"
)

// Verdicts lists them.
func Verdicts() []Verdict { return []Verdict{Lasting, Storm, Undecided, Passed} }

// Settings are the thresholds of the verdict.
type Settings struct {
	// PersistentAfter is how many failures one after the other, nothing having gone through since, are no accident.
	PersistentAfter int
	// StormRate is from how many conflicts a minute on one client storms.
	StormRate int
}

// Conflict is what is said of all conflicts of one kind and target.
type Conflict struct {
	Conflict string         `json:"conflict"` // name of the catalogue's entry
	Verdict  Verdict        `json:"verdict"`
	Act      bool           `json:"act"`  // whether somebody has to do something
	Kind     catalogue.Kind `json:"kind"` // what the catalogue says
	Request  string         `json:"request,omitempty"`
	Status   int            `json:"status"`
	Target   Target         `json:"target"`
	Count    int            `json:"count"`

	First          *time.Time `json:"first,omitempty"`
	Last           *time.Time `json:"last,omitempty"`
	PerMinute      float64    `json:"per_minute"` // between first and last
	LongestRun     int        `json:"longest_run"`
	SucceededAfter *time.Time `json:"succeeded_after,omitempty"`

	Message  string         `json:"message"`
	Meaning  string         `json:"meaning"`
	Remedy   string         `json:"remedy"`
	Command  string         `json:"command,omitempty"` // the first of the remedy, ready to paste
	Retried  string         `json:"retried"`
	Detail   string         `json:"detail,omitempty"` // what Placement said, once
	Code     string         `json:"code,omitempty"`   // Placement's, of such an answer
	Evidence map[string]any `json:"evidence"`
	Clients  []Pace         `json:"clients"`
	Requests []string       `json:"request_ids"`
	Findings []string       `json:"findings,omitempty"` // fingerprints of the audit's findings about the same
}

// Pace is how often one client was refused.
type Pace struct {
	Client
	Count   int `json:"count"`
	Busiest int `json:"busiest_minute"`
}

// Conflicts judges everything in the book.
func (b *Book) Conflicts(s Settings) []Conflict {
	b.joinAccess()
	b.settle()
	slices.SortStableFunc(b.records, earlier)
	all := map[tallyKey]*tally{}
	for key, t := range b.tallies {
		all[key] = t.clone()
	}
	b.count(all, b.records)
	for _, t := range all {
		t.settle(b.watched)
	}
	out := make([]Conflict, 0, len(all))
	for key, t := range all {
		c := t.conflict(key, s)
		if c.Status != 400 || c.Conflict != Unexplained || c.Act { // malformed once is a client's own business
			out = append(out, c)
		}
	}
	slices.SortFunc(out, worseFirst)
	return out
}

func worseFirst(a, b Conflict) int {
	order := Verdicts()
	acts := func(c Conflict) int {
		if c.Act {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(acts(a), acts(b)), cmp.Compare(slices.Index(order, a.Verdict), slices.Index(order, b.Verdict)),
		cmp.Compare(b.Count, a.Count), cmp.Compare(a.Conflict, b.Conflict),
		cmp.Compare(a.Target.Name, b.Target.Name), cmp.Compare(a.Target.UUID, b.Target.UUID), cmp.Compare(a.Request, b.Request),
	)
}

// The rules of the verdict, by the name that the evidence has.
const (
	rulePermanent = "permanent kind" // of a kind that stays, and nothing went through after the last
	ruleRepeated  = "repeated"       // failed again and again, nothing through since
	ruleStorm     = "storm rate"     // one client, more a minute than storm_rate
	ruleThrough   = "succeeded after"
	ruleNothing   = "nothing after"  // too few to tell, and nothing seen after the last
	ruleMaybe     = "unknown client" // of a kind that stays, and it is unknown whether the same client went through
	ruleUndated   = "no time"        // it is unknown whether they are of the time that was asked for
)

// verdict applies the rules in their order.
func (t *tally) verdict(s Settings) (Verdict, string) {
	stays, failing := t.match.Kind == catalogue.Persistent, t.trailing()-t.maybe
	switch {
	case t.undated == t.count:
		return Undecided, ruleUndated
	case stays && failing+t.unknown > 0:
		return Lasting, rulePermanent
	case failing >= s.PersistentAfter:
		return Lasting, ruleRepeated
	case s.StormRate > 0 && t.busiest() >= s.StormRate:
		return Storm, ruleStorm
	case t.maybe > 0:
		return Undecided, ruleMaybe
	case t.trailing()+t.unknown+t.undated == 0 && t.settled > 0:
		return Passed, ruleThrough
	}
	return Undecided, ruleNothing
}

func (t *tally) busiest() int {
	most := 0
	for _, p := range t.clients {
		most = max(most, p.busiest)
	}
	return most
}

func (t *tally) conflict(key tallyKey, s Settings) Conflict {
	verdict, rule := t.verdict(s)
	c := Conflict{
		Conflict: key.name, Verdict: verdict, Kind: t.match.Kind, Status: t.status, Target: key.target, Count: t.count,
		First: moment(t.first), Last: moment(t.last), LongestRun: t.longest,
		Detail: t.detail, Clients: t.paces(), Requests: append([]string{}, t.requests...),
	}
	if t.trailing()+t.unknown == 0 {
		c.SucceededAfter = moment(t.through)
	}
	c.Act = verdict == Lasting || verdict == Storm || verdict == Undecided && t.unanswered > 0 && t.status == 409
	if minutes := t.last.Sub(t.first).Minutes(); minutes > 0 {
		c.PerMinute = math.Round(float64(t.count)/max(minutes, 1)*100) / 100
	}
	c.describe(t.match.Entry, key)
	c.advise(t)
	c.Code = first(strings.Join(slices.Sorted(maps.Keys(t.codes)), ", "), c.Code)
	c.Evidence = t.evidence(rule, s)
	c.Message = c.sentence()
	return c
}

// describe adds what the catalogue says.
func (c *Conflict) describe(e *catalogue.Entry, key tallyKey) {
	if e == nil {
		c.Request = strings.TrimSpace(key.method + " " + key.route)
		c.Meaning, c.Remedy = c.unexplainedTexts()
		c.Retried = "Not known."
		return
	}
	c.Act = c.Act && !e.Harmless
	c.Meaning, c.Remedy, c.Retried, c.Code = e.Meaning, e.Remedy, e.Retried, e.Code
	if len(e.On) > 0 {
		c.Request = e.On[0].Method + " " + e.On[0].Route
	}
}

func (t *tally) evidence(rule string, s Settings) map[string]any {
	told := map[string]int{}
	for by, n := range t.told {
		told[first(string(by), "nothing")] = n
	}
	e := map[string]any{
		"rule": rule, "settled": t.settled, "not_settled": t.trailing(), "error_lines": t.errors, "told_by": told,
		"persistent_after": s.PersistentAfter, "storm_rate": s.StormRate, "busiest_minute": t.busiest(),
	}
	if t.unknown > 0 {
		e["not_followed"] = t.unknown
	}
	if t.gaveUp > 0 {
		e["gave_up"] = t.gaveUp
	}
	t.addEvidence(e)
	return e
}

// addEvidence adds what not all conflicts have.
func (t *tally) addEvidence(e map[string]any) {
	if t.undated > 0 {
		e["undated"] = t.undated
	}
	if t.unanswered > 0 {
		e["answer_unknown"] = t.unanswered
		e["client_says"] = t.said
	}
	if len(t.codes) > 0 {
		e["codes"] = slices.Sorted(maps.Keys(t.codes))
	}
	if t.numbers[2] > 0 {
		e["needed"], e["used"], e["capacity"] = t.numbers[0], t.numbers[1], t.numbers[2]
	}
	if len(t.others) > 0 && len(t.open) > 0 {
		e["other_clients"] = slices.Sorted(maps.Keys(t.others))
	}
	if len(t.classes) > 0 {
		e["resource_classes"] = slices.Sorted(maps.Keys(t.classes))
	}
	if len(t.wanted) > 0 {
		e["wanted_by_uuids"] = slices.Sorted(maps.Keys(t.wanted))
	}
}

func (t *tally) paces() []Pace {
	out := make([]Pace, 0, len(t.clients))
	for who, p := range t.clients {
		out = append(out, Pace{who, p.count, p.busiest})
	}
	slices.SortFunc(out, func(a, b Pace) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Address, b.Address))
	})
	return out
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
