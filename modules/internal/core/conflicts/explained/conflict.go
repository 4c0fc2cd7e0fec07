// SPDX-License-Identifier: Apache-2.0

// Package explained is a conflict as people and programs are told of it: its verdict, a sentence, what it means and what to do.
package explained

import (
	"cmp"
	"slices"
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

// Kinds are the names that a conflict may have: those of the catalogue, and of what it does not explain.
func Kinds() []string {
	names := []string{Unexplained}
	for _, e := range catalogue.All() {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Target is what a conflict is about.
type Target struct {
	Type catalogue.Thing `json:"type"`
	UUID string          `json:"uuid,omitempty"`
	Name string          `json:"name,omitempty"`
}

// Client is who was refused, as far as the logs tell.
type Client struct {
	Host    string `json:"host,omitempty"`
	Service string `json:"service,omitempty"`
	Address string `json:"address,omitempty"`
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

// Unexplained is the name of conflicts of which no log tells which ones they are.
const Unexplained = "unexplained"

// The rules of the verdict, by the name that the evidence has as its rule.
const (
	RulePermanent = "permanent kind" // of a kind that stays, and nothing went through after the last
	RuleRepeated  = "repeated"       // failed again and again, nothing through since
	RuleStorm     = "storm rate"     // one client, more a minute than storm_rate
	RuleThrough   = "succeeded after"
	RuleStarted   = "service reports" // a nova-compute that refused to start has reported to Nova since
	RuleNothing   = "nothing after"   // too few to tell, and nothing seen after the last
	RuleMaybe     = "unknown client"  // of a kind that stays, and it is unknown whether the same client went through
	RuleUndated   = "no time"         // it is unknown whether they are of the time that was asked for
)

// WorseFirst sorts conflicts: those to act on first, then by verdict and count.
func WorseFirst(a, b Conflict) int {
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
