// SPDX-License-Identifier: Apache-2.0

package computeinfo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const binary = "nova-compute"

// result says what was read. A part that was not read leaves its lists out of the computes, and says so.
func (o *Options) result(s *snapshot.Snapshot) *Result {
	r := &Result{
		NotRead: []Unread{}, Computes: []Compute{}, Silent: []string{}, Identities: []computeid.Identity{}, Latest: latest(s.Services()),
		Hosts: []openstack.OnHost{}, Consumers: []openstack.Holder{},
	}
	for _, p := range o.parts() {
		if st := s.Parts[p]; !st.Read {
			r.NotRead = append(r.NotRead, Unread{Part: string(p), Reason: st.Reason})
		}
	}
	r.Complete = len(r.NotRead) == 0
	since, _ := time.Parse(time.RFC3339Nano, o.Since)
	for _, service := range s.Services() {
		if service.Binary == binary && o.wants(service.Host) {
			r.add(s, service, since)
		}
	}
	slices.SortFunc(r.Computes, func(a, b Compute) int { return strings.Compare(a.Host, b.Host) })
	slices.Sort(r.Silent)
	r.Identities = o.identities(s, r.NotRead)
	r.Unseen = unseen(s, r.Identities)
	r.Msg = r.message(o)
	return r
}

// wants reports whether a host is to be returned. Its name was cleaned when it was read.
func (o *Options) wants(host string) bool {
	return len(o.Hosts) == 0 || slices.ContainsFunc(o.Hosts, func(asked string) bool { return foreign.Line(asked) == host })
}

// latest is the time of the newest report of any service: now, by the clock that wrote all of them.
func latest(services []openstack.ComputeService) *time.Time {
	var newest *time.Time
	for _, s := range services {
		if s.Updated != nil && (newest == nil || s.Updated.After(*newest)) {
			newest = s.Updated
		}
	}
	return newest
}

func (r *Result) add(s *snapshot.Snapshot, service openstack.ComputeService, since time.Time) {
	c := Compute{
		UUID: service.UUID, Host: service.Host, State: service.State, Status: service.Status, ForcedDown: service.ForcedDown, Updated: service.Updated,
		Nodes: []computeid.Named{}, Providers: []computeid.Named{},
	}
	c.Reported = c.State == "up" && (since.IsZero() || c.Updated != nil && c.Updated.After(since))
	if s.Parts[snapshot.Hypervisors].Read {
		for _, n := range s.NodesOf(service.Host) {
			c.Nodes = append(c.Nodes, computeid.Named{UUID: n.UUID, Name: n.Name})
		}
	}
	for _, n := range c.Nodes {
		if !s.Parts[snapshot.Providers].Read {
			break
		}
		if p, ok := s.Provider(n.UUID); ok {
			c.Providers = append(c.Providers, computeid.Named{UUID: p.UUID, Name: p.Name})
		}
	}
	r.Computes = append(r.Computes, c)
	if !c.Reported && c.Status != "disabled" && !c.ForcedDown {
		r.Silent = append(r.Silent, c.Host)
	}
}

// identities judges what was read on the hosts, beside all compute nodes and providers.
func (o *Options) identities(s *snapshot.Snapshot, unread []Unread) []computeid.Identity {
	hosts := make([]computeid.Host, len(o.Identities))
	for i, h := range o.Identities {
		hosts[i] = computeid.Host(h)
	}
	if len(unread) > 0 {
		return computeid.Judge(hosts, nil, nil, fmt.Sprintf("the %s could not be read (%s)", unread[0].Part, unread[0].Reason))
	}
	return computeid.Judge(hosts, s.Hypervisors(), s.Providers(), "")
}

// unseen lists the service hosts with a compute node that none of the identities is of; bare metal has none of its own.
func unseen(s *snapshot.Snapshot, all []computeid.Identity) []string {
	hosts := []string{}
	if len(all) == 0 || !s.Parts[snapshot.Hypervisors].Read {
		return hosts
	}
	for _, n := range s.Hypervisors() {
		seen := slices.ContainsFunc(all, func(i computeid.Identity) bool {
			return i.Node != nil && i.Node.UUID == n.UUID || i.Node == nil && strings.EqualFold(i.Host, n.ServiceHost)
		})
		if !seen && !n.ManyNodes() && !slices.Contains(hosts, n.ServiceHost) {
			hosts = append(hosts, n.ServiceHost)
		}
	}
	slices.Sort(hosts)
	return hosts
}

func (r *Result) message(o *Options) string {
	parts := []string{r.reports(o)}
	if n := unsafe(r.Identities); len(o.Identities) > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d identities are not safe", n, len(r.Identities)))
	}
	for _, u := range r.NotRead {
		parts = append(parts, fmt.Sprintf("the %s could not be read: %s", u.Part, u.Reason))
	}
	return strings.Join(parts, "; ")
}

// reports says how many computes have reported of those that are expected to, and why others are not.
func (r *Result) reports(o *Options) string {
	expected, disabled, forced := 0, 0, 0
	for _, c := range r.Computes {
		switch {
		case c.ForcedDown:
			forced++
		case c.Status == "disabled":
			disabled++
		default:
			expected++
		}
	}
	if len(r.Computes) == 0 && len(o.Hosts) > 0 {
		return "Nova has no nova-compute on these hosts"
	} else if len(r.Computes) == 0 {
		return "Nova has no nova-compute"
	}
	var others []string
	if forced > 0 {
		others = append(others, fmt.Sprintf("%d forced down", forced))
	}
	if disabled > 0 {
		others = append(others, fmt.Sprintf("%d disabled", disabled))
	}
	if expected == 0 {
		return "no compute is expected to report: " + strings.Join(others, ", ")
	}
	said := fmt.Sprintf("%d of %d computes have reported", expected-len(r.Silent), expected)
	if len(r.Silent) > 0 {
		said += "; silent: " + foreign.Some(r.Silent, 10)
	}
	if len(others) > 0 {
		said += "; not expected to: " + strings.Join(others, ", ")
	}
	return said
}

func unsafe(all []computeid.Identity) int {
	n := 0
	for _, i := range all {
		if !i.Safe {
			n++
		}
	}
	return n
}
