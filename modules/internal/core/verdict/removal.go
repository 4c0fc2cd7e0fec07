// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/markdown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Held is a resource provider with what is in use of it.
type Held struct {
	openstack.Provider

	Usages      *map[string]int         `json:"usages"`      // nil if they were not read
	Allocations *[]openstack.Allocation `json:"allocations"` // nil if they were not read
}

// Removal is what was read of a host before or after its removal.
type Removal struct {
	Removed bool
	Host    string // its service host
	Named   string // name or UUID of its provider; empty if that has the name of the host
	Trees   []Held // all providers of the trees that the host's providers are in
	Audit   report.Audit
}

// Remains is what holds a host, or is left of it.
type Remains struct {
	OK        bool                   `json:"ok"` // the host can be removed, or nothing is left of it
	Complete  bool                   `json:"complete"`
	Providers []openstack.Provider   `json:"providers"`
	Holders   []openstack.Allocation `json:"holders"`
	Findings  []check.Finding        `json:"findings"`
}

// Remains returns what the verdict rests on.
func (r *Removal) Remains() *Remains {
	return &Remains{
		OK: r.ok(), Complete: r.Audit.Complete, Providers: r.providers(), Holders: r.holders(), Findings: r.findings(),
	}
}

// ok reports whether the host can be removed, or nothing is left of it. Before the removal a finding is no obstacle.
func (r *Removal) ok() bool {
	left := len(r.findings()) + r.Audit.Summary.LeftOut
	return r.Audit.Complete && r.obstacle() == nil && (!r.Removed || left == 0)
}

// Judge returns the verdict. Before the removal, a finding is a warning at most.
func (r *Removal) Judge(from Thresholds, reasons []Reason) Verdict {
	switch {
	case !r.ok():
		return Fail
	case from.Judge(reasons) == Pass:
		return Pass
	}
	return Warn
}

// Reasons returns what speaks against the removal, or what is left of the host, the worst first.
func (r *Removal) Reasons() []Reason {
	var first []Reason
	if o := r.obstacle(); o != nil {
		first = []Reason{{Severity: check.High, What: "resource provider", Text: o.text, Todo: strings.ToUpper(o.todo[:1]) + o.todo[1:]}}
	}
	return sorted(first, r.others())
}

// others are the reasons beside the obstacle.
func (r *Removal) others() []Reason {
	audit := r.Audit
	audit.Findings = r.findings()
	return sorted((&Before{Audit: audit}).findings(), leftOut(audit), notRun(audit))
}

// Sentence is the verdict in one sentence.
func (r *Removal) Sentence(Verdict, []Reason) string {
	obstacle, findings := r.obstacle(), r.findings()
	switch {
	case !r.Audit.Complete:
		return "not everything could be read: " + cmp.Or(foreign.Line(r.Audit.Msg), "the audit is incomplete")
	case obstacle != nil:
		return obstacle.text + "; " + obstacle.todo
	case !r.Removed:
		return r.Host + " can be removed: nothing holds " + r.words()
	case len(findings) > 0:
		return counted(len(findings), "finding") + " left of " + r.Host
	case r.Audit.Summary.LeftOut > 0:
		return "not everything was read: " + counted(r.Audit.Summary.LeftOut, "more finding") + " not in the list"
	}
	return "nothing is left of " + r.Host
}

// obstacle is what stands in the way of a removal, or of calling it done.
type obstacle struct{ text, todo string }

// obstacle returns the first one; nil if there is none.
func (r *Removal) obstacle() *obstacle {
	providers, holders := r.providers(), consumers(r.holders())
	yet := r.Host + " can't be removed yet: " + r.words()
	switch {
	case r.Removed && len(providers) > 0:
		return &obstacle{r.words() + " " + isOrAre(len(providers)) + " left of " + r.Host, "clear what it holds, then delete it"}
	case r.Removed:
		return nil
	case len(providers) == 0:
		return &obstacle{"no resource provider is named " + r.wanted(), "give its name or UUID as decommission_check_provider"}
	case holders > 0:
		return &obstacle{yet + " " + isOrAre(len(providers)) + " held by " + number(holders, "consumer"), "migrate or delete what holds it"}
	case slices.ContainsFunc(r.Trees, Held.used):
		return &obstacle{yet + " " + isOrAre(len(providers)) + " in use by allocations that can't be seen", "see PLC109 of the audit"}
	}
	return nil
}

// used reports whether anything of the provider is in use. Usage without an allocation to show for it counts too.
func (h Held) used() bool {
	for _, amount := range *h.Usages {
		if amount > 0 {
			return true
		}
	}
	return false
}

func (r *Removal) wanted() string { return cmp.Or(r.Named, r.Host) }

// providers are those of the host, without the rest of their trees.
func (r *Removal) providers() []openstack.Provider {
	all := []openstack.Provider{}
	for _, held := range r.Trees {
		if held.Stands(r.wanted()) {
			all = append(all, held.Provider)
		}
	}
	return all
}

func (r *Removal) holders() []openstack.Allocation {
	all := []openstack.Allocation{}
	for _, held := range r.Trees {
		all = append(all, *held.Allocations...)
	}
	return all
}

func consumers(held []openstack.Allocation) int {
	seen := map[string]bool{}
	for _, a := range held {
		seen[a.ConsumerUUID] = true
	}
	return len(seen)
}

// findings are those of the audit about the host or a provider of its trees.
func (r *Removal) findings() []check.Finding {
	all := []check.Finding{}
	for _, f := range r.Audit.Findings {
		if f.Subject.Name == r.Host || f.Evidence["host"] == r.Host || f.Subject.UUID != "" && r.knows(f.Subject.UUID) {
			all = append(all, f)
		}
	}
	return all
}

func (r *Removal) knows(uuid string) bool {
	return openstack.SameUUID(uuid, r.wanted()) || slices.ContainsFunc(r.Trees, func(held Held) bool { return held.UUID == uuid })
}

// words names the providers of the host.
func (r *Removal) words() string {
	var words []string
	for _, p := range r.providers() {
		words = append(words, fmt.Sprintf("%s (%s)", p.Name, p.UUID))
	}
	if len(words) > 1 {
		return "resource providers " + strings.Join(words, ", ")
	}
	return "resource provider " + strings.Join(words, "")
}

// holding tells what a consumer holds, and of which provider.
func holding(a openstack.Allocation) string {
	return fmt.Sprintf("%s holds %s on %s", a.ConsumerUUID, check.Amounts(a.Resources), a.ProviderUUID)
}

// Text returns the verdict on a removal for the output of a play, line by line. It shows all reasons: there may be no report.
func (r *Removal) Text(msg string, reasons []Reason, _ Thresholds, reports []string) []string {
	t := &text{}
	t.add("%s", msg)
	for _, a := range r.holders() {
		t.below("%s", holding(a))
	}
	if r.Audit.Complete {
		reasons = r.others() // the sentence has the obstacle
	}
	for _, reason := range reasons {
		t.reason(reason)
	}
	t.reports(reports)
	return t.lines
}

// Markdown returns the report of the verdict on a removal.
func (r *Removal) Markdown(v Verdict, msg string, reasons []Reason) []byte {
	p, when := &page{}, "Before"
	if r.Removed {
		when = "After"
	}
	p.Line("# %s the removal of %s: %s\n", when, markdown.Escape(r.Host), v)
	p.Line("%s. Taken at %s.", markdown.Escape(msg), r.Audit.Summary.TakenAt.UTC().Format(time.RFC3339))
	p.reasons("What to look at", reasons)
	if held := r.holders(); len(held) > 0 {
		p.Heading("What consumers hold")
		for _, a := range held {
			p.Line("- %s", markdown.Escape(holding(a)))
		}
	}
	p.read(r.Audit)
	return p.Bytes()
}
