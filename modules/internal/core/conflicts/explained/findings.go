// SPDX-License-Identifier: Apache-2.0

package explained

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
)

// Join adds the fingerprints of the audit's findings about the same, and of a name that is taken, the provider that has
// it.
func (c *Conflict) Join(findings []check.Finding) {
	for _, f := range findings {
		if !c.concerns(f) || slices.Contains(c.Findings, f.Fingerprint) {
			continue
		}
		c.Findings = append(c.Findings, f.Fingerprint)
		if c.Target.Type == catalogue.OfName && f.Subject.Type == check.OfProvider && strings.EqualFold(f.Subject.Name, c.Target.Name) {
			c.Behind(f.Subject.UUID, f.Subject.Name)
		}
	}
}

func (c *Conflict) concerns(f check.Finding) bool {
	if c.Target.Type == catalogue.OfName {
		return c.Target.Name != "" && strings.EqualFold(f.Subject.Name, c.Target.Name)
	}
	return c.Target.UUID != "" && f.Subject.UUID == c.Target.UUID
}

// Behind says which provider has the name that is taken, or what the provider is called.
func (c *Conflict) Behind(uuid, name string) {
	if c.Target.Type != catalogue.OfName {
		c.Target.Name = name
		c.Message = c.sentence()
		return
	}
	if c.Evidence["provider_uuid"] == uuid {
		return
	}
	c.Evidence["provider_uuid"] = uuid
	c.Message = c.sentence() + "; the name is that of resource provider " + uuid
}

// ErrorLines is how many lines at ERROR the clients wrote about it.
func (c *Conflict) ErrorLines() int {
	n, _ := c.Evidence["error_lines"].(int)
	return n
}
