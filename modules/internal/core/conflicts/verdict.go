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
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
)

// Settings are the thresholds of the verdict.
type Settings struct {
	// PersistentAfter is how many failures one after the other, nothing having gone through since, are no accident.
	PersistentAfter int
	// StormRate is from how many conflicts a minute on one client storms.
	StormRate int
}

// Conflicts judges everything in the book.
func (b *Book) Conflicts(s Settings) []explained.Conflict {
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
	out := make([]explained.Conflict, 0, len(all))
	for key, t := range all {
		c := t.conflict(key, s)
		if c.Status != 400 || c.Conflict != explained.Unexplained || c.Act { // malformed once is a client's own business
			out = append(out, c)
		}
	}
	slices.SortFunc(out, explained.WorseFirst)
	return out
}

// verdict applies the rules in their order.
func (t *tally) verdict(s Settings) (explained.Verdict, string) {
	stays, failing := t.match.Kind == catalogue.Persistent, t.trailing()-t.maybe
	if t.creates() {
		failing = t.longestOpen()
	}
	switch {
	case t.undated == t.count:
		return explained.Undecided, explained.RuleUndated
	case stays && failing+t.unknown > 0:
		return explained.Lasting, explained.RulePermanent
	case failing >= s.PersistentAfter:
		return explained.Lasting, explained.RuleRepeated
	case s.StormRate > 0 && t.busiest() >= s.StormRate:
		return explained.Storm, explained.RuleStorm
	case t.maybe > 0, t.creates() && t.trailing()+t.unknown+t.undated == 0 && t.settled > 0: // of a name that no log has
		return explained.Undecided, explained.RuleMaybe
	case t.trailing()+t.unknown+t.undated == 0 && t.settled > 0:
		return explained.Passed, explained.RuleThrough
	}
	return explained.Undecided, explained.RuleNothing
}

// creates reports whether clients could not create a provider, and no log tells why.
func (t *tally) creates() bool {
	return t.match.Entry == nil && slices.Contains(t.match.Among, nameTaken)
}

// nameTaken is what it is if the same client meets it again and again: nobody loses a race about one UUID twice.
const nameTaken = "duplicate-name"

// longestOpen is how often one client failed that was not seen to go through.
func (t *tally) longestOpen() int {
	most := 0
	for _, run := range t.open {
		most = max(most, run.count)
	}
	return most
}

func (t *tally) busiest() int {
	most := 0
	for _, p := range t.clients {
		most = max(most, p.busiest)
	}
	return most
}

func (t *tally) conflict(key tallyKey, s Settings) explained.Conflict {
	verdict, rule := t.verdict(s)
	if rule == explained.RuleRepeated && t.creates() {
		t.match, key.name = matchNamed(nameTaken), nameTaken
	}
	c := explained.Conflict{
		Conflict: key.name, Verdict: verdict, Kind: t.match.Kind, Status: t.status, Target: key.target, Count: t.count,
		First: moment(t.first), Last: moment(t.last), LongestRun: t.longest,
		Detail: t.detail, Clients: t.paces(), Requests: append([]string{}, t.requests...),
	}
	if t.trailing()+t.unknown == 0 {
		c.SucceededAfter = moment(t.through)
	}
	c.Act = verdict == explained.Lasting || verdict == explained.Storm || verdict == explained.Undecided && t.unanswered > 0 && t.status == 409
	if minutes := t.last.Sub(t.first).Minutes(); minutes > 0 {
		c.PerMinute = math.Round(float64(t.count)/max(minutes, 1)*100) / 100
	}
	c.Code = strings.Join(slices.Sorted(maps.Keys(t.codes)), ", ")
	c.Evidence = t.evidence(rule, s)
	c.Explain(explained.Known{
		Match: t.match, Request: strings.TrimSpace(key.method + " " + key.route), Family: t.family(), Silent: t.silent > 0, Unanswered: t.unanswered > 0,
	})
	return c
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

func (t *tally) paces() []explained.Pace {
	out := make([]explained.Pace, 0, len(t.clients))
	for who, p := range t.clients {
		out = append(out, explained.Pace{Client: who, Count: p.count, Busiest: p.busiest})
	}
	slices.SortFunc(out, func(a, b explained.Pace) int {
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
