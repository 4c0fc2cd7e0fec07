// SPDX-License-Identifier: Apache-2.0

package explained

import (
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Refusals to start are repeated by what supervises nova-compute. It has started if its service reports after a time in which more of
// them would have come.
const (
	quietAtLeast = time.Minute
	quietAtMost  = 10 * time.Minute // the refusals may be of two incidents
	quietPauses  = 3                // mean pauses between the refusals
)

// running begins what a nova-compute that runs says of the same, in each of its periodic tasks.
const running = "Error updating resources for node"

// RefusesToStart reports whether a nova-compute refused to start, as far as is known until now, and when that was.
func (c *Conflict) RefusesToStart() bool {
	return c.Verdict == Lasting && catalogue.RefusesToStart(c.Conflict) && !strings.Contains(c.Detail, running) &&
		c.Last != nil && c.Evidence["undated"] == nil
}

// Started settles a refusal to start if one of Nova's services is the compute service of its host, is up, and has reported since.
func (c *Conflict) Started(services []openstack.ComputeService) {
	s, found := computeOf(services, c.Target.Name)
	if !found || s.State != "up" || s.ForcedDown || s.Updated == nil || !s.Updated.After(c.Last.Add(c.quiet())) {
		return
	}
	c.Verdict, c.Act, c.SucceededAfter = Passed, false, s.Updated
	c.Evidence["rule"] = RuleStarted
	c.Message = c.sentence()
}

func (c *Conflict) quiet() time.Duration {
	if c.First == nil || c.Count < 2 {
		return quietAtLeast
	}
	return min(max(quietAtLeast, quietPauses*c.Last.Sub(*c.First)/time.Duration(c.Count-1)), quietAtMost)
}

// computeOf finds the compute service of a host: by its name, or else by its short name, if one of the names is short. Of two that
// have it, as in two cells, it is unknown which is meant.
func computeOf(services []openstack.ComputeService, host string) (openstack.ComputeService, bool) {
	for _, same := range []func(a, b string) bool{strings.EqualFold, sameShort} {
		var found []openstack.ComputeService
		for _, s := range services {
			if s.Binary == "nova-compute" && same(s.Host, host) {
				found = append(found, s)
			}
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return openstack.ComputeService{}, false
}

// sameShort reports whether one name is the other without its domain.
func sameShort(a, b string) bool {
	short := openstack.ShortName(a)
	return short == openstack.ShortName(b) && (strings.EqualFold(short, a) || strings.EqualFold(short, b))
}
