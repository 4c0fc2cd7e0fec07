// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
)

// Free is what is left of one class.
type Free struct {
	Class string `json:"resource_class"`
	Amounts
	After *Amounts `json:"after,omitempty"` // if something is wished for
}

// Amounts are what there is of one class on all providers together.
type Amounts struct {
	Capacity int `json:"capacity"`
	Used     int `json:"used"`
	Free     int `json:"free"`
	// Largest is the most that one consumer can get at once: no more than the max_unit of a provider.
	Largest int `json:"largest"`
	// LargestFree is the most that is free on one provider, and Provider who has it.
	LargestFree int    `json:"largest_free"`
	Provider    string `json:"largest_provider"`
	// Fragmentation is the fraction of what is free that no server can take, as none fits on the host, from 0 to 1.
	Fragmentation float64 `json:"fragmentation"`
}

// Left sums up what is left of each class, over all providers but those in trees of the roots in out. The requests are those of all
// servers that could take it.
func Left(providers []candidates.Provider, requests []*candidates.Request, out map[string]bool) []Free {
	byClass := map[string]*Amounts{}
	for i := range providers {
		if p := &providers[i]; !out[p.RootUUID] {
			leftOn(p, byClass)
		}
	}
	usable := usable(providers, requests, out)
	all := []Free{}
	for _, class := range slices.Sorted(maps.Keys(byClass)) {
		a := *byClass[class]
		if n, asked := usable[class]; asked {
			a.Fragmentation = fragmentation(n, a.Free)
		}
		all = append(all, Free{Class: class, Amounts: a})
	}
	return all
}

// LeftAfter returns what is left now with what would be left after a change: nothing of a class that only hosts offer which would be gone.
func LeftAfter(now, after []Free) []Free {
	byClass := map[string]Free{}
	for _, f := range now {
		f.After = &Amounts{}
		byClass[f.Class] = f
	}
	for _, then := range after {
		f := byClass[then.Class]
		f.Class, f.After = then.Class, &then.Amounts
		byClass[f.Class] = f
	}
	out := make([]Free, 0, len(byClass))
	for _, class := range slices.Sorted(maps.Keys(byClass)) {
		out = append(out, byClass[class])
	}
	return out
}

// usable sums up what is free of each class that one of the requests asks for, on hosts where a server with such a request fits.
func usable(providers []candidates.Provider, requests []*candidates.Request, out map[string]bool) map[string]int {
	takes, sums := map[candidates.Take]bool{}, map[string]int{}
	for _, r := range requests {
		maps.Copy(takes, givers(providers, r, out))
		for class := range r.Amounts() {
			sums[class] = 0
		}
	}
	for i := range providers {
		for class := range providers[i].Inventories {
			if takes[candidates.Take{Provider: providers[i].UUID, Class: class}] {
				sums[class] += freeOf(&providers[i], class)
			}
		}
	}
	return sums
}

func leftOn(p *candidates.Provider, byClass map[string]*Amounts) {
	for class, i := range p.Inventories {
		a := byClass[class]
		if a == nil {
			a = &Amounts{}
			byClass[class] = a
		}
		free := freeOf(p, class)
		a.Capacity, a.Used, a.Free = a.Capacity+i.Capacity(), a.Used+p.Usages[class], a.Free+free
		a.Largest = max(a.Largest, min(free, i.MaxUnit))
		if free > a.LargestFree || free == a.LargestFree && free > 0 && p.Name < a.Provider {
			a.LargestFree, a.Provider = free, p.Name
		}
	}
}
