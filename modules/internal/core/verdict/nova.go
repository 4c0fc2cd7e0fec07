// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Nova is what Nova says of a host and of the consumers of its resource providers.
type Nova struct {
	Unread   string // why that is not known; empty if it is
	Services []Service
	On       openstack.OnHost
	Holders  []openstack.Holder
}

// Service is the compute service of a host.
type Service struct {
	UUID   string `json:"uuid"`
	Host   string `json:"host"`
	State  string `json:"state"`
	Status string `json:"status"`
}

// service returns the compute service of the host, if there is one.
func (n *Nova) service(host string) (Service, bool) {
	i := slices.IndexFunc(n.Services, func(s Service) bool { return openstack.SameHost(s.Host, host) })
	if i < 0 {
		return Service{}, false
	}
	return n.Services[i], true
}

func (n *Nova) holder(consumer string) (openstack.Holder, bool) {
	i := slices.IndexFunc(n.Holders, func(h openstack.Holder) bool { return h.UUID == consumer })
	if i < 0 {
		return openstack.Holder{}, false
	}
	return n.Holders[i], true
}

// unread says why it is unknown what Nova has on the host, or who holds it; empty if both are known.
func (r *Removal) unread() string {
	if r.Nova.Unread != "" {
		return r.Nova.Unread
	}
	for _, held := range r.Trees {
		for _, a := range *held.Allocations {
			if _, known := r.Nova.holder(a.ConsumerUUID); !known {
				return "nothing was read about consumer " + a.ConsumerUUID
			}
		}
	}
	return ""
}

// unreadReason tells what could not be read of Nova.
func (r *Removal) unreadReason() []Reason {
	why := r.unread()
	if why == "" {
		return nil
	}
	return []Reason{{
		Severity: check.High, What: "nova", Text: "it is unknown what Nova has on " + r.Host + ": " + why,
		Todo: "Make it readable, then run this again", Unread: true,
	}}
}

// enabled warns of a service that may get new servers.
func (r *Removal) enabled() []Reason {
	s, there := r.Nova.service(r.Host)
	if r.Removed || !there || s.Status != "enabled" || s.State != "up" {
		return nil
	}
	return []Reason{{
		Severity: check.Medium, What: "compute service", Text: "the compute service of " + r.Host + " is enabled: new servers may land on it at any time",
		Todo: "Disable it", Command: foreign.Command("openstack compute service set --disable %s nova-compute", r.Host),
	}}
}

// Holding is what a consumer holds, and who it is.
type Holding struct {
	openstack.Allocation

	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Host   string `json:"host"`
}

// holders are those of the host's trees.
func (r *Removal) holders() []Holding {
	all := []Holding{}
	for _, held := range r.Trees {
		for _, a := range *held.Allocations {
			who, _ := r.Nova.holder(a.ConsumerUUID)
			all = append(all, Holding{a, cmp.Or(who.Kind, openstack.KindUnknown), who.Name, who.Status, who.Host})
		}
	}
	return all
}

// leftOver reports whether Nova removes the allocation when the compute service of the host is deleted: it is what a server
// held before it was evacuated, and it is on a compute node of the host or below.
func (r *Removal) leftOver(h Holding) bool {
	who, _ := r.Nova.holder(h.ConsumerUUID)
	if r.Removed || !who.LeftOverBy(r.Host) {
		return false
	}
	_, served := r.Nova.service(r.Host)
	tree := slices.IndexFunc(r.Trees, func(held Held) bool { return held.UUID == h.ProviderUUID })
	return served && tree >= 0 && slices.ContainsFunc(r.Nova.On.Nodes, func(n openstack.Hypervisor) bool {
		return openstack.SameHost(n.ServiceHost, r.Host) && openstack.SameUUID(n.UUID, cmp.Or(r.Trees[tree].RootUUID, r.Trees[tree].UUID))
	})
}

// leftOvers tells of what is left of evacuated servers; empty if nothing is.
func (r *Removal) leftOvers() string {
	all := slices.DeleteFunc(r.holders(), func(h Holding) bool { return !r.leftOver(h) })
	switch n := consumers(all); n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("the leftover of evacuated server %s, which is now on %s", check.Named(all[0].Name, all[0].ConsumerUUID), all[0].Host)
	default:
		return fmt.Sprintf("the leftovers of %d evacuated servers, which are now on other hosts", n)
	}
}

// holding tells what a consumer holds, and of which provider.
func (r *Removal) holding(h Holding) string {
	what := fmt.Sprintf("holds %s on %s", check.Amounts(h.Resources), h.ProviderUUID)
	who, _ := r.Nova.holder(h.ConsumerUUID)
	switch {
	case r.leftOver(h):
		return fmt.Sprintf("server %s, %s on %s, %s: the leftover of its evacuation", check.Named(h.Name, h.ConsumerUUID), h.Status, h.Host, what)
	case h.Kind == openstack.KindServer:
		return fmt.Sprintf("server %s, %s on %s, %s", check.Named(h.Name, h.ConsumerUUID), h.Status, cmp.Or(h.Host, "no host"), what)
	case h.Kind == openstack.KindMigration:
		return fmt.Sprintf("migration %s (%s) of server %s, which is on %s, %s", h.ConsumerUUID, h.Status, check.Named(h.Name, who.ServerUUID), cmp.Or(h.Host, "no host"), what)
	case who.Kind == openstack.KindUnknown:
		return fmt.Sprintf("%s, neither a server nor a migration, %s", h.ConsumerUUID, what)
	}
	return h.ConsumerUUID + " " + what
}

// presence tells who is on the host or on the way, and is not told as a holder.
func (r *Removal) presence() []string {
	var lines []string
	for _, s := range r.silent() {
		lines = append(lines, fmt.Sprintf("server %s, %s on %s, holds nothing of its resource providers", check.Named(s.Name, s.UUID), s.Status, s.Host))
	}
	for _, m := range r.Nova.On.Moves {
		lines = append(lines, fmt.Sprintf("%s %s of server %s from %s to %s: %s", cmp.Or(m.Type, "move"), m.UUID, check.Named(m.Name, m.ServerUUID),
			cmp.Or(m.SourceHost, "no host"), cmp.Or(m.DestHost, "a host that is not chosen yet"), m.Status))
	}
	return lines
}
