// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"math"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// The kinds of reasons for which a request can't land in a tree.
const (
	KindDisabled    = "disabled"            // its compute service is disabled
	KindRootTrait   = "root-trait"          // the root lacks a trait, or has a forbidden one
	KindOtherTree   = "other-tree"          // the request names another tree
	KindTrait       = "trait-missing"       // nobody there has a required trait
	KindForbidden   = "trait-forbidden"     // all who could give something have a forbidden trait
	KindAggregate   = "aggregate-missing"   // it is in none of the aggregates
	KindNoAggregate = "aggregate-forbidden" // it is in an aggregate that the request keeps out of
	KindNoInventory = "no-inventory"        // nobody there has the class
	KindNotShared   = "not-shared"          // a provider shares the class, but not with this tree
	KindFull        = "full"                // not enough is left
	KindReserved    = "reserved"            // so much is reserved that not even an empty host has room
	KindMaxUnit     = "max-unit"            // more than one consumer may take
	KindMinUnit     = "min-unit"            // less than one consumer has to take
	KindStepSize    = "step-size"           // not a multiple of the step
	KindIsolate     = "isolate"             // the groups fit, but not each on a provider of its own
	KindSameSubtree = "same-subtree"        // the groups fit, but not below one provider
	KindTogether    = "together"            // each group fits alone, but not all at once
	KindNotJudged   = "not-judged"          // there are too many ways to try
	KindUnused      = "unused"              // Placement has room, but Nova does not use the host
)

// Reason is one thing that keeps a request out of a tree. Numbers are in the units of the class.
type Reason struct {
	Kind       string   `json:"kind"`
	Group      string   `json:"group"` // suffix of the group, empty for the one without
	Provider   string   `json:"provider_uuid"`
	Name       string   `json:"provider_name"`
	Class      string   `json:"resource_class,omitempty"`
	Traits     []string `json:"traits,omitempty"`
	Aggregates []string `json:"aggregates,omitempty"`
	Numbers    *Numbers `json:"numbers,omitempty"`
	Text       string   `json:"text"` // one sentence
	Help       string   `json:"help"` // what would let it land, as far as this reason goes; empty if nothing simple would

	stage string
}

// Numbers are why a class of a provider does not do.
type Numbers struct {
	Asked    int     `json:"asked"`
	Lacks    int     `json:"lacks"` // how much more capacity it would take; 0 where capacity is not what is lacking
	Capacity int     `json:"capacity"`
	Used     int     `json:"used"`
	Total    int     `json:"total"`
	Reserved int     `json:"reserved"`
	Ratio    float64 `json:"allocation_ratio"`
	MinUnit  int     `json:"min_unit"`
	MaxUnit  int     `json:"max_unit"`
	StepSize int     `json:"step_size"`
}

// faults says what is wrong with a class of a provider for an amount, in Placement's order; none if it has room.
func faults(p *Provider, class string, amount int) []Reason {
	i, has := p.Inventories[class]
	base := Reason{Provider: p.UUID, Name: p.Name, Class: class}
	if !has {
		base.Kind = KindNoInventory
		base.Text = fmt.Sprintf("%s has no inventory of %s", p.label(), class)
		return []Reason{base}
	}
	n := Numbers{
		Asked: amount, Capacity: i.Capacity(), Used: p.Usages[class], Total: i.Total, Reserved: i.Reserved, Ratio: i.AllocationRatio,
		MinUnit: i.MinUnit, MaxUnit: i.MaxUnit, StepSize: i.StepSize,
	}
	base.Numbers = &n
	var out []Reason
	add := func(kind, text, help string) {
		if n.MaxUnit == n.Total && amount > n.Total && kind != KindStepSize {
			help = "" // it is more than there is, and nova-compute writes back the max_unit of a compute node
		}
		one, numbers := base, n
		one.Kind, one.Text, one.Help, one.Numbers = kind, text, help, &numbers
		out = append(out, one)
	}
	if n.Used+amount > n.Capacity {
		n.Lacks = n.Used + amount - n.Capacity
		kind, text := n.full(p, class)
		add(kind, text, n.more(p, class, kind))
		n.Lacks = 0
	}
	if amount < n.MinUnit {
		add(KindMinUnit, fmt.Sprintf("%s gives %s only in amounts of at least %d (min_unit), and %s asked for", p.label(), class, n.MinUnit, are(amount)),
			fmt.Sprintf("Ask for %d %s or more, or lower min_unit of %s on %s to %d", n.MinUnit, class, class, p.label(), amount))
	}
	if amount > n.MaxUnit {
		add(KindMaxUnit, fmt.Sprintf("%s gives at most %d %s at a time (max_unit), and %s asked for", p.label(), n.MaxUnit, class, are(amount)),
			fmt.Sprintf("Raise max_unit of %s on %s to %d", class, p.label(), amount))
	}
	if n.StepSize > 1 && amount%n.StepSize != 0 {
		low := amount - amount%n.StepSize
		add(KindStepSize, fmt.Sprintf("%s gives %s in steps of %d, and %s asked for", p.label(), class, n.StepSize, are(amount)),
			fmt.Sprintf("Ask for %d %s", low+n.StepSize, class))
	}
	return out
}

// full says that a class is full, and whether what is reserved makes it so: not even an empty host has room then.
func (n Numbers) full(p *Provider, class string) (kind, text string) {
	parts := fmt.Sprintf("%d of %d used; capacity = (%d - %d reserved) x %g", n.Used, n.Capacity, n.Total, n.Reserved, n.Ratio)
	if n.Asked > n.Capacity && float64(n.Used+n.Asked) <= float64(n.Total)*n.Ratio {
		return KindReserved, fmt.Sprintf("%s lacks %d %s, because %s reserved (%s)", p.label(), n.Lacks, class, are(n.Reserved), parts)
	}
	return KindFull, fmt.Sprintf("%s lacks %d %s (%s)", p.label(), n.Lacks, class, parts)
}

// more says what would make room; empty if nothing simple would. More than is used can't be freed.
func (n Numbers) more(p *Provider, class, kind string) string {
	what := class + " on " + p.label()
	var words []string
	add := func(first, next string) {
		if len(words) > 0 {
			first = next
		}
		words = append(words, first)
	}
	if kind == KindReserved && p.gone() != "" {
		return p.gone()
	}
	if n.Lacks <= n.Used {
		add(fmt.Sprintf("Free %d %s", n.Lacks, what), "")
	}
	if kind == KindReserved {
		change := fmt.Sprintf(" from %d to %d", n.Reserved, n.leaves())
		add("Lower what is reserved of "+what+change+novaConf(p, class, "reserved"), "")
	}
	if n.Total > n.Reserved && n.Ratio > 0 && !p.exact(class) {
		change := fmt.Sprintf(" from %g to %g", n.Ratio, n.ratio())
		change += novaConf(p, class, "allocation_ratio")
		add("Raise the allocation_ratio of "+what+change, "raise the allocation_ratio of "+class+change)
	}
	return strings.Join(words, ", or ")
}

// gone says what to do about a provider that its service reserves as a whole; empty if none does.
func (p *Provider) gone() string {
	switch {
	case p.Has(snapshot.TraitOneTimeUse):
		return "Take another device: " + p.label() + " is given out once, and Nova keeps it reserved until an operator has made it fit for the next server"
	case snapshot.BareMetal(p.Inventories):
		return "Look in Ironic at node " + p.label() + ": it reserves a node in maintenance, in cleaning or in use, and frees it itself"
	}
	return ""
}

// exact reports whether the service that owns a provider writes the ratio 1 for a class, whatever an operator sets: the unit is a device.
func (p *Provider) exact(class string) bool {
	return check.Whole(class) || p.Has(snapshot.TraitOneTimeUse) || snapshot.BareMetal(p.Inventories)
}

// novaConf names the option of nova.conf from which nova-compute writes a field of its own provider; empty if it writes none.
func novaConf(p *Provider, class, field string) string {
	option := check.NovaConf(class, field)
	if option == "" || !p.OfCompute() {
		return ""
	}
	return " (in nova.conf: " + option + ")"
}

// OfCompute reports whether the provider is that of a compute node, whose inventories nova-compute writes.
func (p *Provider) OfCompute() bool {
	for _, class := range []string{"VCPU", "PCPU", "MEMORY_MB"} {
		if _, offers := p.Inventories[class]; offers {
			return p.UUID == p.RootUUID
		}
	}
	return false
}

// fits reports whether Placement has room with so much reserved and at this ratio. It counts with floating points, so that 1.15
// times 100 is less than 115.
func (n Numbers) fits(reserved int, ratio float64) bool {
	return float64(n.Used+n.Asked) <= float64(n.Total-reserved)*ratio
}

// rounding is by how many steps a quotient may be off.
const rounding = 3

// leaves is the most that may be reserved.
func (n Numbers) leaves() int {
	most := n.Total - int(float64(n.Used+n.Asked)/n.Ratio) + 1
	for range rounding {
		if !n.fits(most, n.Ratio) {
			most--
		}
	}
	return max(0, most)
}

// ratio is the lowest ratio of two decimals that makes room.
func (n Numbers) ratio() float64 {
	const decimals = 100
	cents := math.Floor(float64(n.Used+n.Asked)/float64(n.Total-n.Reserved)*decimals) - 1
	for range rounding {
		if !n.fits(n.Reserved, cents/decimals) {
			cents++
		}
	}
	return cents / decimals
}

// are is a number as the subject of a sentence.
func are(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

// label names a provider in a sentence.
func (p *Provider) label() string { return foreign.Line(p.Name) }
