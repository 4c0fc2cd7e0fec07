// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// asked is a flavor with the request that Nova makes of it.
type asked struct {
	flavor     openstack.Flavor
	name       string
	request    *candidates.Request
	fromVolume bool // the root disk is not counted
	open       []string
	refused    string // why Placement refuses the request, and what helps; empty if it does not
}

// choose takes the flavors that the options name, by name, as a Nova with that newest microversion asks for them.
func (t *task) choose(flavors []openstack.ListedFlavor, newest string) error {
	var faults []error
	t.newest = newest
	for i, name := range t.o.Flavors {
		if !slices.ContainsFunc(flavors, func(f openstack.ListedFlavor) bool { return is(f, name) }) {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("flavors[%d]", i), Value: name, Reason: "must be the name or UUID of a flavor"})
		}
	}
	for _, f := range flavors {
		wanted := len(t.o.Flavors) == 0 || slices.ContainsFunc(t.o.Flavors, func(name string) bool { return is(f, name) })
		if !wanted {
			continue
		}
		if f.ExtraSpecs == nil {
			faults = append(faults, fmt.Errorf("nova hides the extra specs of flavor %s: what it asks for is unknown", foreign.Line(f.Name)))
			continue
		}
		t.asked = append(t.asked, t.ask(f.Flavor))
	}
	slices.SortStableFunc(t.asked, func(a, b asked) int { return cmp.Compare(a.name, b.name) })
	return several.Join(faults...)
}

// ask makes the request of a flavor.
func (t *task) ask(f openstack.Flavor) asked {
	a := asked{flavor: f, name: foreign.Line(f.Name), fromVolume: t.o.FromVolume || t.volumes[f.Name]}
	var open []string
	a.request, open = scheduler.OfFlavor(f, a.fromVolume, nil, t.newest)
	a.open = append([]string{}, open...)
	if why, help := scheduler.Refused(a.request); why != "" {
		a.refused = why + ". " + help
	}
	return a
}

func is(f openstack.ListedFlavor, name string) bool {
	return f.ID == name && name != "" || f.Name == name
}

// all names the traits and aggregates of all requests in one.
func (t *task) all() *candidates.Request {
	out := &candidates.Request{}
	for _, a := range t.asked {
		out.Groups = append(out.Groups, a.request.Groups...)
		out.RootRequired = append(out.RootRequired, a.request.RootRequired...)
		out.RootForbidden = append(out.RootForbidden, a.request.RootForbidden...)
	}
	return out
}
