// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// task is one run of the module.
type task struct {
	o         *Options
	clients   *connection.Clients // nil where a snapshot or the databases are judged
	src       *database.Source    // nil where no databases are read
	s         *snapshot.Snapshot
	whole     *snapshot.Snapshot // of which the truth is told
	verdict   check.Verdict      // of whole
	providers []candidates.Provider
	asked     []asked
	volumes   map[string]bool // the flavors of which all servers boot from volumes; nil unless they are in use
	newest    string          // newest microversion of the compute API
	unjudged  []string        // flavors that can't be judged by the snapshot, each with the reason
	unseen    []string        // why there may be servers that were not read
}

func (t *task) close() {
	if t.clients != nil {
		t.clients.Session.Close()
	}
}

// result counts.
func (t *task) result() (*Result, error) {
	r := &Result{Capacity: report.Capacity{
		Flavors: []report.Fit{}, LeftOut: t.leftOut(), NotRead: t.notRead(), NotJudged: t.notJudged(), TakenAt: t.s.TakenAt, Requests: map[string]int{},
	}}
	if t.clients != nil {
		cloud := t.clients.Session.Cloud()
		r.Cloud, r.Requests = &cloud, t.clients.Session.Requests()
	}
	after, wished, err := t.wished()
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, l := range r.LeftOut {
		out[l.UUID] = true
	}
	t.count(r, out, after, wished)
	if err := t.truth(r); err != nil {
		return nil, err
	}
	r.Complete, r.Msg = len(r.NotRead) == 0, t.sentence(r)
	return r, nil
}

// count counts what fits and what is left, now and, if something is wished for, after it.
func (t *task) count(r *Result, out map[string]bool, after []candidates.Provider, wished bool) {
	var requests []*candidates.Request
	for _, a := range t.asked {
		if a.refused == "" {
			requests = append(requests, a.request)
		}
		f := report.Fit{Name: a.name, FromVolume: a.fromVolume, Refused: a.refused, Now: t.slots(t.providers, a, out), Open: a.open}
		if wished {
			then := t.slots(after, a, out)
			f.After = &then
		}
		r.Flavors = append(r.Flavors, f)
	}
	r.Free = capacity.Left(t.providers, requests, out)
	if wished {
		r.Free = capacity.LeftAfter(r.Free, capacity.Left(after, requests, out))
	}
}

// slots counts on how many hosts a flavor fits, and how often. One that Placement refuses fits nowhere.
func (t *task) slots(providers []candidates.Provider, a asked, out map[string]bool) capacity.Slots {
	if a.refused != "" {
		return capacity.Slots{Hosts: []capacity.Host{}}
	}
	return capacity.Count(providers, a.request, out).First(t.o.MaxHosts)
}

// fitting says how many flavors fit somewhere, now and after what is wished for.
func fitting(flavors []report.Fit) string {
	now, after, wished := 0, 0, false
	for _, f := range flavors {
		if f.Now.Total > 0 {
			now++
		}
		wished = wished || f.After != nil
		if f.After != nil && f.After.Total > 0 {
			after++
		}
	}
	fits := "fit"
	if now == 1 || len(flavors) == 1 {
		fits = "fits"
	}
	msg := fmt.Sprintf("%d of %s %s somewhere", now, report.Count(len(flavors), "flavor"), fits)
	if wished {
		msg += fmt.Sprintf(" now, %d after the change", after)
	}
	return msg
}

// sentence says it all in one sentence.
func (t *task) sentence(r *Result) string {
	msg := fitting(r.Flavors)
	refused := 0
	for _, f := range r.Flavors {
		if f.Refused != "" {
			refused++
		}
	}
	if refused > 0 {
		msg += fmt.Sprintf("; Placement refuses the request of %s", report.Count(refused, "flavor"))
	}
	if n := len(r.LeftOut); n > 0 {
		msg += fmt.Sprintf("; no servers go to %s", report.Count(n, "host"))
	}
	if len(t.unjudged) > 0 {
		msg += fmt.Sprintf("; the snapshot can't judge %s", report.Count(len(t.unjudged), "more flavor"))
	}
	return msg
}

// truth adds the truth table.
func (t *task) truth(r *Result) error {
	if !t.o.Truth {
		return nil
	}
	for _, part := range capacity.TruthParts() {
		if st := t.whole.Parts[part]; !st.Read {
			return fmt.Errorf("truth: the %s could not be read: %s", part, st.Reason)
		}
	}
	rows := capacity.Truth(t.whole)
	if t.o.Pattern != "" {
		rows = slices.DeleteFunc(rows, func(row capacity.Row) bool { return !openstack.Pattern(t.o.Pattern).Matches(row.Name) })
	}
	t.explain(rows)
	r.Truth, r.NotRead = &rows, append(r.NotRead, t.unexplained()...)
	return nil
}

// leftOut lists the hosts that take no servers: their service does not, or they have none.
func (t *task) leftOut() []report.LeftOutHost {
	out := []report.LeftOutHost{}
	if !t.s.Has(snapshot.Services) || !t.s.Has(snapshot.Hypervisors) {
		return out
	}
	computes := t.s.Computes()
	for i := range t.providers {
		p := &t.providers[i]
		if !p.IsRoot() {
			continue
		}
		_, node := t.s.Hypervisor(p.UUID)
		service, served := computes[p.UUID]
		if why := unused(p, node, service, served); why != "" {
			out = append(out, report.LeftOutHost{UUID: p.UUID, Name: p.Name, Reason: why})
		}
	}
	slices.SortStableFunc(out, func(a, b report.LeftOutHost) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// unused says why a root takes no servers; empty if it takes some, or is no host.
func unused(p *candidates.Provider, node bool, service openstack.ComputeService, served bool) string {
	switch {
	case !node && hosts(p):
		return "Nova has no compute node for it"
	case !node:
		return ""
	case !served:
		return "Nova has no nova-compute for its compute node"
	case service.Status == openstack.Unknown:
		return "the cell of its nova-compute does not answer"
	case service.State != "up" || service.Status != "enabled":
		return "its nova-compute is " + service.Words()
	}
	return ""
}

// hosts reports whether a provider offers what only compute nodes do, bare metal included.
func hosts(p *candidates.Provider) bool {
	return snapshot.BareMetal(p.Inventories) || slices.ContainsFunc(snapshot.Hosting(), func(class string) bool { _, has := p.Inventories[class]; return has })
}
