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
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
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
	Nova    Nova
	Audit   report.Audit
}

// Remains is what holds a host, or is left of it.
type Remains struct {
	OK        bool                 `json:"ok"` // the host can be removed, or nothing is left of it
	Complete  bool                 `json:"complete"`
	Providers []openstack.Provider `json:"providers"`
	Holders   []Holding            `json:"holders"`
	Servers   []openstack.Resident `json:"servers"` // on the host, by Nova
	Moves     []openstack.Move     `json:"moves"`   // from and to it, under way
	Findings  []check.Finding      `json:"findings"`
}

// Remains returns what the verdict rests on.
func (r *Removal) Remains() *Remains {
	return &Remains{
		OK: r.ok(), Complete: r.complete(), Providers: r.providers(), Holders: r.holders(), Findings: r.findings(),
		Servers: append([]openstack.Resident{}, r.Nova.On.Servers...), Moves: append([]openstack.Move{}, r.Nova.On.Moves...),
	}
}

// ok reports whether the host can be removed, or nothing is left of it. Before the removal a finding is no obstacle.
func (r *Removal) ok() bool {
	left := len(r.findings()) + r.Audit.Summary.LeftOut
	return r.complete() && len(r.obstacles()) == 0 && (!r.Removed || left == 0)
}

// complete reports whether everything could be read, of Nova and by the audit.
func (r *Removal) complete() bool { return r.Audit.Complete && r.unread() == "" }

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
	return r.others(r.obstacles())
}

// others are the reasons beside the obstacle that the sentence tells.
func (r *Removal) others(obstacles []obstacle) []Reason {
	audit := r.Audit
	audit.Findings = r.findings()
	var first []Reason
	for _, o := range obstacles {
		first = append(first, o.reason())
	}
	return sorted(first, r.unreadReason(), (&Before{Audit: audit}).findings(), r.enabled(), leftOut(audit), notRun(audit))
}

// Sentence is the verdict in one sentence.
func (r *Removal) Sentence(Verdict, []Reason) string {
	obstacles, findings := r.obstacles(), r.findings()
	switch {
	case !r.Audit.Complete:
		return "not everything could be read: " + cmp.Or(foreign.Line(r.Audit.Msg), "the audit is incomplete")
	case r.unread() != "":
		return "not everything could be read: " + foreign.Line(r.unreadReason()[0].Text)
	case len(obstacles) > 0:
		return obstacles[0].text + "; " + obstacles[0].todo
	case !r.Removed && r.leftOvers() != "":
		return r.Host + " can be removed: " + r.words() + " is held only by " + r.leftOvers() + "; Nova clears it when the compute service is deleted"
	case !r.Removed:
		return r.Host + " can be removed: nothing holds " + r.words() + ", and Nova has no server on it and no move from or to it"
	case len(findings) > 0:
		return counted(len(findings), "finding") + " left of " + r.Host
	case r.Audit.Summary.LeftOut > 0:
		return "not everything was read: " + counted(r.Audit.Summary.LeftOut, "more finding") + " not in the list"
	}
	return "nothing is left of " + r.Host
}

// unseen reports whether more of the provider is in use than its allocations show.
func (h Held) unseen() bool {
	for class, amount := range *h.Usages {
		for _, a := range *h.Allocations {
			amount -= a.Resources[class]
		}
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

func consumers(held []Holding) int {
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

// Text returns the verdict on a removal line by line. It shows all reasons: there may be no report.
func (r *Removal) Text(v screen.View, msg string, reasons []Reason, _ Thresholds, reports []string) []string {
	t := newText(v, msg)
	for _, h := range r.holders() {
		t.below("%s", r.holding(h))
	}
	for _, line := range r.presence() {
		t.below("%s", line)
	}
	if r.Audit.Complete && r.unread() != "" { // the sentence has it
		told := r.unreadReason()[0].Text
		reasons = slices.DeleteFunc(slices.Clone(reasons), func(reason Reason) bool { return reason.Text == told })
	}
	if first := r.obstacles(); r.complete() && len(first) > 0 {
		reasons = r.others(first[1:]) // the sentence has the first
		t.command(first[0].reason().where(), first[0].command)
	}
	for _, reason := range reasons {
		t.reason(reason)
	}
	t.reports(reports)
	return t.Lines()
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
	var held []string
	for _, h := range r.holders() {
		held = append(held, r.holding(h))
	}
	p.list("What consumers hold", held)
	p.list("What else Nova has", r.presence())
	p.read(r.Audit)
	return p.Bytes()
}
