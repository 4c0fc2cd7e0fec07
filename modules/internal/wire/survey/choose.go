// SPDX-License-Identifier: Apache-2.0

package survey

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Chosen are the checks that the options ask for.
type Chosen struct {
	Run   []*check.Check  // by id
	Named map[string]bool // the ids of those that the option checks names
}

// Has reports whether a check is one of them.
func (c Chosen) Has(id string) bool {
	return slices.ContainsFunc(c.Run, func(one *check.Check) bool { return one.ID == id })
}

// InFull reports whether a check that is named wants every provider's part.
func (c Chosen) InFull(part snapshot.Part) bool {
	return slices.ContainsFunc(c.Run, func(one *check.Check) bool { return one.InFull == part && c.Named[one.ID] })
}

// EachServer reports whether a check that is named wants every server looked at twice.
func (c Chosen) EachServer() bool {
	return slices.ContainsFunc(c.Run, func(one *check.Check) bool { return one.EachServer && c.Named[one.ID] })
}

// choose finds the checks that the options ask for; those on demand where they are named, and with watched those that watch. Its errors are OptionErrors, joined.
func (o *Asked) choose(watched bool) (Chosen, error) {
	all := checks.All()
	wanted, err := Named("checks", o.Checks, all)
	skipped, err2 := Named("skip_checks", o.SkipChecks, all)
	run := slices.DeleteFunc(all, func(c *check.Check) bool {
		undemanded := c.OnDemand && !wanted[c.ID] && !(watched && c.Watches())
		return !slices.Contains(o.Always, c.ID) && (skipped[c.ID] || undemanded || !o.runs(c.ID, wanted))
	})
	if err = several.Join(err, err2); err == nil && len(run) == 0 {
		err = &ansible.OptionError{
			Option: "skip_checks", Value: strings.Join(o.SkipChecks, ","), Reason: "leaves no check to run",
		}
	}
	return Chosen{run, wanted}, err
}

// runs reports whether a check is one of those that are named, or of the usual ones where none is.
func (o *Asked) runs(id string, wanted map[string]bool) bool {
	return wanted[id] || len(o.Checks) == 0 && (len(o.Usual) == 0 || slices.Contains(o.Usual, id))
}

// Named returns the ids of the checks that the option names.
func Named(option string, names []string, all []*check.Check) (map[string]bool, error) {
	ids := map[string]bool{}
	var faults []error
	for _, name := range names {
		i := slices.IndexFunc(all, func(c *check.Check) bool {
			return strings.EqualFold(c.ID, strings.TrimSpace(name)) || c.Name == strings.TrimSpace(name)
		})
		if i < 0 {
			faults = append(faults, &ansible.OptionError{
				Option: option, Value: name, Reason: "must name checks that exist (" + list(all) + ")",
			})
			continue
		}
		ids[all[i].ID] = true
	}
	return ids, several.Join(faults...)
}

func list(all []*check.Check) string {
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = c.ID + " " + c.Name
	}
	return strings.Join(words, ", ")
}
