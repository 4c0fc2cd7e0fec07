// SPDX-License-Identifier: Apache-2.0

package candidates

// Givers lists the classes of providers that a request may take from if it lands in the tree of a root, however little room they have.
func (s *Supply) Givers(r *Request, root string) []Take {
	var out []Take
	for i := range r.Groups {
		g := &r.Groups[i]
		for _, p := range s.reach(root) {
			if g.Suffix == "" && s.spreads(g, root, p) || g.Suffix != "" && s.meets(g, p) {
				out = append(out, offered(g, p)...)
			}
		}
	}
	return out
}

// offered lists what a provider has of what a group asks for.
func offered(g *Group, p *Provider) []Take {
	var out []Take
	for class := range g.Resources {
		if _, has := p.Inventories[class]; has {
			out = append(out, Take{p.UUID, class})
		}
	}
	return out
}

// Amounts sums up what all groups of a request ask for of each class.
func (r *Request) Amounts() map[string]int {
	out := map[string]int{}
	for _, g := range r.Groups {
		for class, amount := range g.Resources {
			out[class] += amount
		}
	}
	return out
}
