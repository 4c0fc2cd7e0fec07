// SPDX-License-Identifier: Apache-2.0

package doubleallocation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// part is an amount of one class that only another host gives to the server.
type part struct {
	from, class string
	amount      int
}

// missing lists the parts that the server would lose with what it holds elsewhere. What its flavor does not ask for is no loss.
func missing(h check.Shares, server openstack.Server) []part {
	has, asks := map[string]bool{}, flavor.Expect(server)
	for _, a := range append(slices.Clone(h.Own), h.Beside...) {
		for class := range a.Resources {
			has[class] = true
		}
	}
	var only []part
	for _, a := range h.Elsewhere {
		for _, class := range slices.Sorted(maps.Keys(a.Resources)) {
			if !has[class] && mayAsk(asks, class) {
				only = append(only, part{a.ProviderUUID, class, a.Resources[class]})
			}
		}
	}
	return only
}

// mayAsk reports whether a server may have asked for a class. Of some the flavor alone tells; ports, PCI devices and device
// profiles ask for the others.
func mayAsk(e flavor.Expected, class string) bool {
	if e.Amounts == nil || e.Amounts[class] > 0 || slices.Contains(e.Open, class) {
		return true
	}
	cpu := class == "VCPU" || class == "PCPU"
	switch {
	case cpu:
		return len(e.AnyCPUs) > 0 && e.Amounts["VCPU"]+e.Amounts["PCPU"] == 0
	case class == "VGPU":
		return len(e.Unknown) > 0
	}
	return !slices.Contains(flavor.Base(), class)
}

// rewrite is the remedy for a server of which only another host gives some parts: they go to the providers of its own host that
// offer them.
func rewrite(s *snapshot.Snapshot, server openstack.Server, node openstack.Hypervisor, shares check.Shares, only []part) check.Remedy {
	all := append(slices.Clone(shares.Own), shares.Beside...)
	var classes, here []string
	plain := true
	for _, o := range only {
		offers := offering(s, node.UUID, o.class)
		if len(offers) == 0 {
			return check.Remedy{
				Text: fmt.Sprintf("Take away what server %s holds on %s: it does not run there, and no resource provider of its own host offers %s",
					check.Named(server.Name, server.UUID), check.Places(s, shares.Elsewhere), o.class),
				Command: check.Unset(server.UUID, check.ProvidersOf(shares.Elsewhere)...),
			}
		}
		offers = free(s, server.UUID, offers, o)
		plain = plain && len(offers) == 1
		all = append(all, openstack.Allocation{ProviderUUID: offers[0].ProviderUUID, Resources: map[string]int{o.class: o.amount}})
		classes, here = add(classes, o.class), add(here, check.Places(s, offers))
	}
	if first, full := check.RoomFirst(s, server, joined(all)); full {
		return first
	}
	text := fmt.Sprintf("Write all of server %s on its own host in one request with its generation (PUT /allocations/%s at microversion 1.28 "+
		"to 1.37): only %s gives it %s, and of its own host %s offers that", check.Named(server.Name, server.UUID), server.UUID, placesOf(s, only),
		strings.Join(classes, ", "), strings.Join(here, " and "))
	if !plain || slices.ContainsFunc(classes, twice(only)) {
		return check.Remedy{Text: text}
	}
	owner := openstack.Owner{ConsumerUUID: server.UUID, ProjectID: server.ProjectID, UserID: server.UserID}
	return check.Remedy{Text: text, Command: check.Rewrite(owner, joined(all))}
}

// offering lists the providers of a host, as shares of nothing, that have an inventory of a class.
func offering(s *snapshot.Snapshot, root, class string) []openstack.Allocation {
	var offers []openstack.Allocation
	for _, p := range s.Tree(root) {
		if _, has := s.Capacity(p.UUID)[class]; has {
			offers = append(offers, openstack.Allocation{ProviderUUID: p.UUID})
		}
	}
	return offers
}

// free returns those of the offers that have room for a part; all of them if none has.
func free(s *snapshot.Snapshot, server string, offers []openstack.Allocation, o part) []openstack.Allocation {
	left := slices.DeleteFunc(slices.Clone(offers), func(a openstack.Allocation) bool {
		a.Resources = map[string]int{o.class: o.amount}
		return check.NoRoom(s, server, a) != ""
	})
	if len(left) == 0 {
		return offers
	}
	return left
}

// placesOf names the providers of parts, each once.
func placesOf(s *snapshot.Snapshot, parts []part) string {
	var from []openstack.Allocation
	for _, o := range parts {
		if !slices.ContainsFunc(from, func(a openstack.Allocation) bool { return a.ProviderUUID == o.from }) {
			from = append(from, openstack.Allocation{ProviderUUID: o.from})
		}
	}
	return check.Places(s, from)
}

// twice reports of a class whether several providers give it.
func twice(parts []part) func(class string) bool {
	return func(class string) bool {
		n := 0
		for _, o := range parts {
			if o.class == class {
				n++
			}
		}
		return n > 1
	}
}

// joined makes one share of those of one provider.
func joined(shares []openstack.Allocation) []openstack.Allocation {
	var all []openstack.Allocation
	for _, a := range shares {
		at := slices.IndexFunc(all, func(b openstack.Allocation) bool { return b.ProviderUUID == a.ProviderUUID })
		if at < 0 {
			a.Resources = maps.Clone(a.Resources)
			all = append(all, a)
			continue
		}
		for class, n := range a.Resources {
			all[at].Resources[class] += n
		}
	}
	return all
}

func add(words []string, word string) []string {
	if slices.Contains(words, word) {
		return words
	}
	return append(words, word)
}
