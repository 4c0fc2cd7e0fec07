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
	quietPauses  = 3 // mean pauses between the refusals
)

// RefusesToStart reports whether a nova-compute refused to start, as far as is known until now.
func (c *Conflict) RefusesToStart() bool {
	return c.Verdict == Lasting && c.Last != nil && catalogue.RefusesToStart(c.Conflict)
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
	return max(quietAtLeast, quietPauses*c.Last.Sub(*c.First)/time.Duration(c.Count-1))
}

// computeOf finds the compute service of a host: by its name, or else by its short name if only one has that.
func computeOf(services []openstack.ComputeService, host string) (openstack.ComputeService, bool) {
	var alike []openstack.ComputeService
	for _, s := range services {
		if s.Binary != "nova-compute" {
			continue
		}
		if strings.EqualFold(s.Host, host) {
			return s, true
		}
		if strings.EqualFold(openstack.ShortName(s.Host), openstack.ShortName(host)) {
			alike = append(alike, s)
		}
	}
	if len(alike) != 1 {
		return openstack.ComputeService{}, false
	}
	return alike[0], true
}
