// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
)

// fragmentation is the fraction of whole that is more than fit.
func fragmentation(fit, whole int) float64 {
	if whole <= fit {
		return 0
	}
	return float64(whole-fit) / float64(whole)
}

// inOnePiece is how many servers would fit if all that is free on the hosts that could take one while empty were one piece.
func inOnePiece(providers []candidates.Provider, r *candidates.Request, out map[string]bool) int {
	free := map[string]int{}
	uses := givers(emptied(providers), r, out)
	for i := range providers {
		for class := range providers[i].Inventories {
			if uses[candidates.Take{Provider: providers[i].UUID, Class: class}] {
				free[class] += freeOf(&providers[i], class)
			}
		}
	}
	fewest := -1
	for class, amount := range r.Amounts() {
		if n := free[class] / max(amount, 1); fewest < 0 || n < fewest {
			fewest = n
		}
	}
	return max(fewest, 0)
}

// givers are the classes of providers that a server can take from, on the hosts where one fits.
func givers(providers []candidates.Provider, r *candidates.Request, out map[string]bool) map[candidates.Take]bool {
	s, found := candidates.NewSupply(providers), map[candidates.Take]bool{}
	for _, root := range s.Roots() {
		if out[root] {
			continue
		}
		if _, lands, _ := s.Lands(r, root); !lands {
			continue
		}
		for _, take := range s.Givers(r, root) {
			found[take] = true
		}
	}
	return found
}

// emptied returns copies of the providers of which nothing is used. They share their inventories.
func emptied(providers []candidates.Provider) []candidates.Provider {
	out := slices.Clone(providers)
	for i := range out {
		out[i].Usages = nil
	}
	return out
}

// freeOf is what is free of a class of a provider; nothing if it is over its capacity.
func freeOf(p *candidates.Provider, class string) int {
	return max(0, p.Inventories[class].Capacity()-p.Usages[class])
}
