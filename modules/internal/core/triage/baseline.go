// SPDX-License-Identifier: Apache-2.0

package triage

import (
	"cmp"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Baseline is what an earlier audit said.
type Baseline struct {
	TakenAt  time.Time
	Findings []check.Finding
	Accepted []string // fingerprints of findings that were ignored then
	Ran      []string // ids of the checks that ran to their end
	Scope    Names
}

// Now is what the present audit says, before anything is ignored.
type Now struct {
	Snapshot *snapshot.Snapshot
	Verdict  check.Verdict
	Ran      []string // ids of the checks that ran to their end and saw everything
	Names    Names
	Scope    *Scope
}

// NotCompared counts by check the findings of which it can't be told whether they are new, or gone.
type NotCompared struct {
	Check  string `json:"check"`
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Comparison is how two audits differ.
type Comparison struct {
	Gone        []check.Finding
	NotCompared []NotCompared
}

// Why a finding is not compared.
const (
	notRunThen = "the baseline did not run this check: its findings count as new"
	notRunNow  = "it did not run now, or judged only a part: its findings are neither known nor gone"
	alone      = "it is not judged now: its findings are neither known nor gone"
	outside    = "it is outside of the scope, or the baseline had another scope: its findings are neither known nor gone"
)

// Compare marks the findings of the verdict as new or known and says what is gone. A finding of a check that did not run
// now or did not see everything, that is left alone now, or that is outside of the scope now is not gone.
func Compare(b *Baseline, now Now) Comparison {
	out := Comparison{Gone: []check.Finding{}}
	then := map[string]bool{}
	for _, f := range b.Findings {
		then[f.Fingerprint] = true
	}
	for _, fingerprint := range b.Accepted {
		then[fingerprint] = true
	}
	found := map[string]bool{}
	for i, f := range now.Verdict.Findings {
		found[f.Fingerprint] = true
		now.Verdict.Findings[i].State = check.New
		if then[f.Fingerprint] {
			now.Verdict.Findings[i].State = check.Known
		} else if !slices.Contains(b.Ran, f.ID) {
			out.skip(f.ID, notRunThen)
		}
	}
	for _, f := range b.Findings {
		if found[f.Fingerprint] {
			continue
		}
		if reason := now.unsure(b, f); reason != "" {
			out.skip(f.ID, reason)
			continue
		}
		f.State = check.Gone
		out.Gone = append(out.Gone, f)
	}
	slices.SortStableFunc(out.NotCompared, func(a, b NotCompared) int { return cmp.Compare(a.Check, b.Check) })
	return out
}

// unsure says why it can't be told whether a finding that is not found now is gone; empty if it is.
func (n Now) unsure(b *Baseline, f check.Finding) string {
	switch {
	case !slices.Contains(n.Ran, f.ID):
		return notRunNow
	case n.Verdict.LeavesAlone(f.ID, f.Subject.UUID):
		return alone
	case n.Names.Any() && !n.Scope.Holds(f.Subject) && (n.exists(f.Subject.UUID) || !n.Names.Equal(b.Scope)):
		return outside // what exists nowhere any more was in the scope of the baseline, if that was the same
	}
	return ""
}

// exists reports whether the cloud has anything of that UUID still, in the scope or not.
func (n Now) exists(uuid string) bool {
	s := n.Snapshot
	for part, has := range map[snapshot.Part]func() bool{
		snapshot.Providers:   func() bool { _, ok := s.Provider(uuid); return ok },
		snapshot.Hypervisors: func() bool { _, ok := s.Hypervisor(uuid); return ok },
		snapshot.Servers:     func() bool { _, ok := s.Server(uuid); return ok },
		snapshot.Migrations:  func() bool { _, ok := s.Migration(uuid); return ok },
		snapshot.Allocations: func() bool { return len(s.Held(uuid)) > 0 },
	} {
		if s.Parts[part].Read && has() {
			return true
		}
	}
	return false
}

func (c *Comparison) skip(id, reason string) {
	i := slices.IndexFunc(c.NotCompared, func(n NotCompared) bool { return n.Check == id && n.Reason == reason })
	if i < 0 {
		i = len(c.NotCompared)
		c.NotCompared = append(c.NotCompared, NotCompared{Check: id, Reason: reason})
	}
	c.NotCompared[i].Count++
}
