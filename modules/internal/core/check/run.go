// SPDX-License-Identifier: Apache-2.0

package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// NotRun is a check that was asked for and could not be carried out, or not to its end.
type NotRun struct {
	Check  string `json:"check"` // id
	Name   string `json:"name"`
	Reason string `json:"reason"`
	// Cause is why the data could not be read; the same for all checks that lack them for that reason.
	Cause string `json:"cause"`
	// Without names the hosts and resource providers that it did not judge, if it judged the others.
	Without []string `json:"without,omitempty"`
}

// Verdict is what the checks say about a snapshot.
type Verdict struct {
	Findings  []Finding
	NotRun    []NotRun
	NotJudged []NotJudged
	Suspects  map[string]int // by id of the check: how many the first look showed

	alone map[string]map[string]bool // by id of the check: the UUIDs that it leaves alone
}

// LeavesAlone reports whether the check saw this UUID and did not judge it.
func (v Verdict) LeavesAlone(id, uuid string) bool { return v.alone[id][uuid] }

// LeftAlone counts what one check or more did not judge, each UUID once.
func (v Verdict) LeftAlone() int {
	all := map[string]bool{}
	for _, uuids := range v.alone {
		maps.Copy(all, uuids)
	}
	return len(all)
}

// Complete reports whether every check that was asked for ran to its end.
func (v Verdict) Complete() bool { return len(v.NotRun) == 0 }

// Clean reports whether the verdict is complete and holds nothing as bad as limit, or worse.
func (v Verdict) Clean(limit Severity) bool {
	bad := func(f Finding) bool { return f.Severity.AtLeast(limit) }
	return v.Complete() && !slices.ContainsFunc(v.Findings, bad)
}

// Needs lists the parts that the checks read, those that they only want too, in reading order.
func Needs(checks []*Check) []snapshot.Part {
	var wanted []snapshot.Part
	for _, c := range checks {
		wanted = append(wanted, c.Needs...)
		wanted = append(wanted, c.Wants...)
	}
	return snapshot.Subset(wanted)
}

// Suspects lists what the checks suspect at first sight: what a second look is for.
func Suspects(s *snapshot.Snapshot, checks []*Check, set Settings) snapshot.Suspects {
	var found snapshot.Suspects
	for _, c := range checks {
		if _, _, unread := s.Available(c.Needs, c.Partly); unread {
			continue
		}
		suspected := pass(s, c, set).findings
		if len(suspected) > 0 {
			found.Parts = append(found.Parts, c.Needs...)
			found.Parts = append(found.Parts, c.Wants...)
		}
		for _, f := range suspected {
			switch f.Subject.Type {
			case OfProvider:
				found.Providers = append(found.Providers, f.Subject.UUID)
			case OfCell, OfService:
				found.Lists = true
				found.Consumers = append(found.Consumers, f.sample...)
			case OfConsumer, OfServer:
				found.Consumers = append(found.Consumers, f.Subject.UUID)
				found.Providers = append(found.Providers, holding(s, c, f.Subject.UUID)...)
			}
		}
	}
	found.Consumers, found.Providers = unique(found.Consumers), unique(found.Providers)
	found.Parts = snapshot.Subset(found.Parts)
	return found
}

// holding lists the providers whose inventories a check judged a consumer by: they may have been presumed, and have to be
// read again with it.
func holding(s *snapshot.Snapshot, c *Check, consumer string) []string {
	if !slices.Contains(c.Needs, snapshot.Inventories) || !slices.Contains(c.Needs, snapshot.Allocations) {
		return nil
	}
	var providers []string
	for _, a := range s.Held(consumer) {
		providers = append(providers, a.ProviderUUID)
	}
	return providers
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// Run carries out the checks on what was read first and on what the second look found (s.Second), and returns
// what both show. Suspects at which nobody looked twice are not findings: their check counts as not run.
func Run(s *snapshot.Snapshot, checks []*Check, set Settings) Verdict {
	v := Verdict{
		Findings: []Finding{}, NotRun: []NotRun{}, NotJudged: []NotJudged{},
		Suspects: map[string]int{}, alone: map[string]map[string]bool{},
	}
	again := s
	if s.Second != nil {
		again = s.View()
	}
	for _, c := range checks {
		v.judge(looks{s, again, set}, c)
	}
	slices.SortStableFunc(v.Findings, order)
	v.keepFoundCauses()
	return v
}

// keepFoundCauses drops causes that are no findings: their check was not asked for, or did not confirm them.
func (v *Verdict) keepFoundCauses() {
	found := map[string]bool{}
	for _, f := range v.Findings {
		found[f.Fingerprint] = true
	}
	for i := range v.Findings {
		v.Findings[i].Because = slices.DeleteFunc(v.Findings[i].Because, func(cause string) bool { return !found[cause] })
	}
}

// looks are the two views of a cloud that a check is given.
type looks struct {
	first, again *snapshot.Snapshot
	set          Settings
}

func (v *Verdict) judge(l looks, c *Check) {
	if part, reason, unread := l.first.Available(c.Needs, c.Partly); unread {
		v.notRun(c, fmt.Sprintf("%s could not be read: %s", part, reason), reason)
		return
	}
	defer func() { v.notWhole(l, c) }()
	suspects := pass(l.first, c, l.set)
	v.Suspects[c.ID] = len(suspects.findings)
	alone := suspects.left
	defer func() { v.leave(c, alone) }()
	if len(suspects.findings) == 0 {
		return
	}
	if part, reason, unread := l.again.Available(c.Needs, c.Partly); unread {
		v.notRun(c, fmt.Sprintf("%d suspects were not looked at twice: %s could not be read again: %s",
			len(suspects.findings), part, reason), reason)
		return
	}
	alone = append(alone, v.confirm(c, suspects.findings, pass(l.again, c, l.set), l.first)...)
}

func (v *Verdict) leave(c *Check, alone []left) {
	v.NotJudged = append(v.NotJudged, counted(c, alone)...)
	v.alone[c.ID] = make(map[string]bool, len(alone))
	for _, l := range alone {
		v.alone[c.ID][l.uuid] = true
	}
}

func (v *Verdict) notRun(c *Check, reason, cause string) {
	v.NotRun = append(v.NotRun, NotRun{Check: c.ID, Name: c.Name, Reason: reason, Cause: cause})
}

// notWhole says what a check did not judge that ran on parts of which something is missing. One that did not run at all says why
// itself.
func (v *Verdict) notWhole(l looks, c *Check) {
	if slices.ContainsFunc(v.NotRun, func(n NotRun) bool { return n.Check == c.ID }) {
		return
	}
	names, cause := l.first.Missing(c.Needs)
	if again, why := l.again.Missing(c.Needs); len(names) == 0 && v.Suspects[c.ID] > 0 {
		names, cause = again, why
	}
	if len(names) > 0 {
		v.NotRun = append(v.NotRun, NotRun{
			Check: c.ID, Name: c.Name, Reason: fmt.Sprintf("it did not judge %s: %s", foreign.Some(names, 5), cause), Cause: cause, Without: names,
		})
	}
}

func pass(s *snapshot.Snapshot, c *Check, set Settings) *Pass {
	p := &Pass{Snapshot: s, Settings: set, check: c}
	c.Run(p)
	p.part()
	return p
}

func order(a, b Finding) int {
	rank := func(s Severity) int { return slices.Index(Severities(), s) }
	return cmp.Or(
		cmp.Compare(rank(a.Severity), rank(b.Severity)),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Subject.Name, b.Subject.Name),
		cmp.Compare(a.Subject.UUID, b.Subject.UUID),
	)
}
