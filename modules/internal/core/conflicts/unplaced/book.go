// SPDX-License-Identifier: Apache-2.0

// Package unplaced counts the requests for which Nova found no host, of what nova-scheduler and nova-conductor log of them.
package unplaced

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Stage says who left no host.
type Stage string

// The stages. Nova asks Placement for candidates first, and then runs its own filters over them.
const (
	Candidates Stage = "candidates" // Placement had none
	Filters    Stage = "filters"    // Nova's filters removed all that it had
	Unknown    Stage = "unknown"    // only nova-conductor's log was read
)

// Request is one request for which no host was found: a build, or a move.
type Request struct {
	ID      string    `json:"request_id"`
	Project string    `json:"project_id"`
	Stage   Stage     `json:"stage"`
	Filter  string    `json:"filter"` // the one that removed the last host
	At      time.Time `json:"at"`     // zero if no line of it has a time
	Servers []string  `json:"servers"`
	Flavor  string    `json:"flavor"` // no log of Nova has it
}

// Group counts requests of one project and flavor that failed in the same way.
type Group struct {
	Stage   Stage      `json:"stage"`
	Filter  string     `json:"filter"`
	Project string     `json:"project_id"`
	Flavor  string     `json:"flavor"`
	Count   int        `json:"count"`
	First   *time.Time `json:"first"`
	Last    *time.Time `json:"last"`
	Servers []string   `json:"servers"` // the newest
	Message string     `json:"message"`
	Command string     `json:"command"`
}

const (
	mostRequests = 20000
	mostServers  = 10 // of one request
	mostShown    = 5  // of a group
)

// Book gathers what lines tell.
type Book struct {
	Since, Until time.Time // what is outside is left out, unless it has no time
	requests     map[string]*Request
	anonymous    int
	Dropped      int // requests beyond those that are kept
}

// add joins what one line tells with what others told of the same request.
func (b *Book) add(r Request) {
	if !r.At.IsZero() && (!b.Since.IsZero() && r.At.Before(b.Since) || !b.Until.IsZero() && r.At.After(b.Until)) {
		return
	}
	if r.ID == "" {
		b.anonymous++
	}
	key := cmp.Or(r.ID, "line "+strconv.Itoa(b.anonymous))
	if b.requests == nil {
		b.requests = map[string]*Request{}
	}
	have := b.requests[key]
	if have == nil {
		if len(b.requests) >= mostRequests {
			b.Dropped++
			return
		}
		r.Servers = slices.Clone(r.Servers)
		b.requests[key] = &r
		return
	}
	have.join(r)
}

// join adds what another line of the same request tells. nova-scheduler knows the stage, nova-conductor the server.
func (r *Request) join(other Request) {
	if r.Stage == Unknown {
		r.Stage = other.Stage
	}
	r.Filter, r.Project, r.Flavor = cmp.Or(r.Filter, other.Filter), cmp.Or(r.Project, other.Project), cmp.Or(r.Flavor, other.Flavor)
	if other.At.After(r.At) {
		r.At = other.At
	}
	for _, server := range other.Servers {
		if !slices.Contains(r.Servers, server) && len(r.Servers) < mostServers {
			r.Servers = append(r.Servers, server)
		}
	}
}

// Requests are the newest of them, newest first.
func (b *Book) Requests(most int) []Request {
	out := []Request{}
	for _, key := range slices.Sorted(maps.Keys(b.requests)) {
		out = append(out, *b.requests[key])
	}
	slices.SortStableFunc(out, func(x, y Request) int { return y.At.Compare(x.At) })
	return out[:min(len(out), most)]
}

// Import takes in what another host's logs told.
func (b *Book) Import(all []Request) {
	for _, r := range all {
		r.ID, r.Project, r.Filter, r.Flavor = requestID.FindString(r.ID), ownerID.FindString(r.Project), filterName.FindString(r.Filter), foreign.Short(r.Flavor, mostName)
		if r.Stage != Candidates && r.Stage != Filters {
			r.Stage = Unknown
		}
		r.Servers = slices.DeleteFunc(slices.Clone(r.Servers[:min(len(r.Servers), mostServers)]), func(s string) bool { return s == "" || serverID.FindString(s) != s })
		b.add(r)
	}
}

// Flavors adds the names of flavors, by server.
func (b *Book) Flavors(known map[string]string) {
	for _, r := range b.requests {
		for _, server := range r.Servers {
			r.Flavor = cmp.Or(r.Flavor, foreign.Short(known[server], mostName))
		}
	}
}

// Groups counts the requests, the most frequent first.
func (b *Book) Groups() []Group {
	type key struct {
		stage                   Stage
		filter, project, flavor string
	}
	groups := map[key]*Group{}
	var order []*Group
	for _, r := range b.Requests(mostRequests) {
		k := key{r.Stage, r.Filter, r.Project, r.Flavor}
		if groups[k] == nil {
			groups[k] = &Group{Stage: r.Stage, Filter: r.Filter, Project: r.Project, Flavor: r.Flavor, Servers: []string{}}
			order = append(order, groups[k])
		}
		groups[k].add(r)
	}
	slices.SortStableFunc(order, func(x, y *Group) int { return cmp.Compare(y.Count, x.Count) })
	out := make([]Group, len(order))
	for i, g := range order {
		g.say()
		out[i] = *g
	}
	return out
}

// add counts a request, which is no newer than those before it.
func (g *Group) add(r Request) {
	g.Count++
	if at := r.At; !at.IsZero() {
		g.First = &at
		if g.Last == nil {
			g.Last = &at
		}
	}
	for _, server := range r.Servers {
		if len(g.Servers) < mostShown && !slices.Contains(g.Servers, server) {
			g.Servers = append(g.Servers, server)
		}
	}
}
