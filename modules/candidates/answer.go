// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// most is how many trees that come near are named.
const most = 3

// result says what was judged. A tree of which Placement says otherwise is neither a fit nor rejected.
func (t *task) result() *Result {
	r := &Result{
		title: t.title, unit: t.unit(), Refused: t.unfit, Query: t.query().Encode(), Fits: []Fit{}, Rejected: []Rejected{}, Nearest: []Rejected{}, Help: []string{},
		Contradictions: t.contradictions(), NotJudged: append([]string{}, t.open...), Requests: map[string]int{},
	}
	if t.clients != nil {
		n := len(t.landings)
		r.Candidates, r.Requests = &n, t.clients.Session.Requests()
	}
	services, read := t.services(), t.s.Has(snapshot.Services) && t.s.Has(snapshot.Hypervisors)
	var agreed []candidates.Tree
	for _, tree := range t.trees {
		if t.aside(tree) {
			continue
		}
		r.Trees++
		if t.contradicts(tree) {
			continue
		}
		tree = t.judge.OnHost(tree)
		agreed = append(agreed, tree)
		service, has := services[tree.Root.UUID]
		if !tree.Fits {
			r.Rejected = append(r.Rejected, rejected(tree, service.Host))
			continue
		}
		fit := Fit{UUID: tree.Root.UUID, Name: tree.Root.Name, Host: service.Host, Takes: t.takes(tree)}
		if read && t.ofFlavor() {
			fit.Refused, fit.help = refused(service, has)
			fit.Refused = cmp.Or(fit.Refused, t.stays(service))
		}
		r.Lands = r.Lands || fit.Refused == "" && r.Refused == "" && t.bad.why == ""
		r.Fits = append(r.Fits, fit)
	}
	if !read {
		r.NotJudged = append(r.NotJudged, "whether the compute services are up: "+t.unread())
		if t.host != "" {
			r.NotJudged = append(r.NotJudged, "which of the hosts the server is on, and does not move to: "+t.unread())
		}
	}
	slices.SortStableFunc(r.Fits, func(a, b Fit) int { return cmp.Compare(a.Name, b.Name) })
	r.Funnel = t.judge.Funnel(agreed)
	if used := len(r.used()); used < len(r.Fits) {
		r.Funnel = append(r.Funnel, candidates.Stage{Stage: "nova", Text: "used by Nova", Left: used})
	}
	if !r.Lands && r.Refused == "" && t.bad.why == "" {
		r.near(agreed, services)
	}
	t.refuse(r)
	r.Msg = r.message()
	return r
}

func (t *task) ofFlavor() bool { return t.o.Flavor != "" || t.o.Server != "" }

func (t *task) unit() string {
	if t.ofFlavor() {
		return unitHost
	}
	return unitTree
}

// aside reports whether a tree is no host: it shares what it has with hosts, so that no server lands on it.
func (t *task) aside(tree candidates.Tree) bool {
	return t.ofFlavor() && !tree.Fits && tree.Root.Has(candidates.Sharing) && !tree.Root.OfCompute() && !t.contradicts(tree)
}

// unread says why Nova's services were not read.
func (t *task) unread() string {
	if !t.ofFlavor() && t.o.Snapshot == "" {
		return "Nova is asked for them with flavor or server only"
	}
	if t.src.NoCompute != nil {
		return t.src.NoCompute.Error()
	}
	for _, part := range []snapshot.Part{snapshot.Services, snapshot.Hypervisors} {
		if st := t.s.Parts[part]; !st.Read && st.Reason != "" {
			return st.Reason
		}
	}
	return "they were not read"
}

// near names the trees that come nearest, and what would help: first those in which Placement has room.
func (r *Result) near(trees []candidates.Tree, services map[string]openstack.ComputeService) {
	for _, f := range r.Fits[:min(most, len(r.Fits))] {
		r.Nearest = append(r.Nearest, f.unused())
	}
	for _, tree := range candidates.Nearest(trees, most-len(r.Nearest)) {
		r.Nearest = append(r.Nearest, rejected(tree, services[tree.Root.UUID].Host))
	}
	if len(r.Nearest) == 0 {
		return
	}
	for _, reason := range r.Nearest[0].Reasons {
		if reason.Help != "" && !slices.Contains(r.Help, reason.Help) {
			r.Help = append(r.Help, reason.Help)
		}
	}
}

func rejected(tree candidates.Tree, host string) Rejected {
	return Rejected{UUID: tree.Root.UUID, Name: tree.Root.Name, Host: host, Reasons: tree.Reasons}
}

// unused is a tree in which Placement has room, and that Nova does not use.
func (f Fit) unused() Rejected {
	name := foreign.Line(f.Name)
	return Rejected{UUID: f.UUID, Name: f.Name, Host: f.Host, Reasons: []candidates.Reason{{
		Kind: candidates.KindUnused, Provider: f.UUID, Name: f.Name, Help: f.help,
		Text: name + " has room, but Nova does not use it, because " + foreign.Line(f.Refused),
	}}}
}

// uses reports whether nothing says that Nova does not use a host.
func uses(service openstack.ComputeService, has bool) bool {
	why, _ := refused(service, has)
	return why == ""
}

// refused says why Nova does not use a host that Placement offers, and what would help; empty if nothing says so.
func refused(service openstack.ComputeService, has bool) (why, help string) {
	host := foreign.Line(service.Host)
	switch {
	case !has:
		return "no nova-compute has this compute node", "Audit the cloud: PLC201 says what to do about a resource provider without a compute node"
	case service.Status == openstack.Unknown:
		return "the cell of its nova-compute does not answer", "Start the database of the cell of " + host
	case service.ForcedDown:
		return "its nova-compute is forced down", "Unset forced_down of nova-compute on " + host + ", once the host is back"
	case service.State != "up":
		return "its nova-compute is " + service.State, "Start nova-compute on " + host
	case service.Status == "disabled":
		return "its nova-compute is disabled, though the resource provider lacks " + candidates.Disabled, "Enable the compute service of " + host
	}
	return "", ""
}

// takes is one way to land in a tree.
func (t *task) takes(tree candidates.Tree) map[string]map[string]int {
	found, _, _ := t.judge.Supply.Lands(t.request, tree.Root.UUID)
	out := map[string]map[string]int{}
	for take, amount := range found.Takes {
		if out[take.Provider] == nil {
			out[take.Provider] = map[string]int{}
		}
		out[take.Provider][take.Class] = amount
	}
	return out
}

// offeredRoots are the roots of the trees of Placement's candidates. A candidate is one of each tree of which it takes something of a
// provider that shares with nobody, and of the one tree from which it takes all.
func offeredRoots(landings []placement.Landing, supply *candidates.Supply) map[string]bool {
	out := map[string]bool{}
	for _, l := range landings {
		roots := map[string]bool{}
		for uuid := range l.Takes {
			p := supply.Provider(uuid)
			if p == nil {
				roots[""] = true
				continue
			}
			roots[p.RootUUID] = true
			out[p.RootUUID] = out[p.RootUUID] || !p.Has(candidates.Sharing)
		}
		for root := range roots {
			out[root] = out[root] || len(roots) == 1
		}
	}
	return out
}

// contradicts reports whether Placement says otherwise of a tree. Nothing does where it was not asked.
func (t *task) contradicts(tree candidates.Tree) bool {
	return t.clients != nil && t.bad.why == "" && tree.Fits != t.offered[tree.Root.UUID] && !t.lent(tree)
}

// lent reports whether a tree fits with what others give it alone: Placement names it in none of its candidates then.
func (t *task) lent(tree candidates.Tree) bool {
	return tree.Fits && !slices.ContainsFunc(t.judge.Supply.Tree(tree.Root.UUID), func(p *candidates.Provider) bool { return !p.Has(candidates.Sharing) })
}

// contradictions tells where Placement's answer and what was read of the providers differ.
func (t *task) contradictions() []string {
	out := []string{}
	for _, tree := range t.trees {
		if !t.contradicts(tree) {
			continue
		}
		if tree.Fits {
			out = append(out, fmt.Sprintf("By what was read of it, %s fits, but Placement has no candidate there. It may have changed meanwhile, "+
				"a limit of Placement may have cut its answer, or it is one of the cases in which Placement loses candidates", tree.Root.Name))
			continue
		}
		var texts []string
		for _, reason := range tree.Reasons {
			texts = append(texts, reason.Text)
		}
		out = append(out, fmt.Sprintf("Placement has a candidate on %s, but what was read of it says: %s", tree.Root.Name, strings.Join(texts, "; ")))
	}
	return out
}
