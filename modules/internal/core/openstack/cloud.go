// SPDX-License-Identifier: Apache-2.0

package openstack

import (
	"net/url"
	"slices"
	"strings"
)

// Cloud names a cloud: by all endpoints of its Placement, so that it is the same cloud whichever of them
// is used.
type Cloud struct {
	Name      string   `json:"name,omitempty"` // in clouds.yaml; empty if its options were given
	Endpoints []string `json:"endpoints"`
	Region    string   `json:"region,omitempty"`
}

// CloudOf names the cloud with these endpoints of Placement. Secrets in them are left out.
func CloudOf(endpoints []string, region string) Cloud {
	names := make([]string, len(endpoints))
	for i, address := range endpoints {
		names[i] = strings.TrimSuffix(address, "/")
		if u, err := url.Parse(address); err == nil {
			names[i] = strings.ToLower(u.Scheme+"://"+u.Host) + strings.TrimSuffix(u.Path, "/")
		}
	}
	slices.Sort(names)
	return Cloud{Endpoints: slices.Compact(names), Region: region}
}

// Is reports whether both name one cloud: an endpoint of theirs is the same, and so is the region if both name one.
func (c Cloud) Is(other Cloud) bool {
	if c.Region != "" && other.Region != "" && c.Region != other.Region {
		return false
	}
	return slices.ContainsFunc(c.Endpoints, func(e string) bool { return slices.Contains(other.Endpoints, e) })
}

// String names the cloud for a person.
func (c Cloud) String() string {
	return strings.TrimSpace(strings.Join(c.Endpoints, ", ") + " " + c.Region)
}

// Title names the cloud in a heading: as clouds.yaml does, else by the first of its endpoints; empty if nothing is known of it.
func (c Cloud) Title() string {
	name := c.Name
	if name == "" && len(c.Endpoints) > 0 {
		name = c.Endpoints[0]
	}
	if name == "" || c.Region == "" {
		return name + c.Region
	}
	return name + " / " + c.Region
}
