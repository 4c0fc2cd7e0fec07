// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// cloud names the cloud whose logs are read, which they do not say: as the report of the audit does, or else as the options do, or
// else as the results of other hosts do. It is empty if none of them does.
func (o *Options) cloud(audit openstack.Cloud, others []other) openstack.Cloud {
	known := []openstack.Cloud{plain(audit), o.named(), together(others)}
	if i := slices.IndexFunc(known, func(c openstack.Cloud) bool { return c.Title() != "" }); i >= 0 {
		return known[i]
	}
	return openstack.Cloud{}
}

// named is the cloud of the connection options. None of them is tried.
func (o *Options) named() openstack.Cloud {
	region := foreign.Line(o.RegionName)
	if o.PlacementEndpoint != "" {
		return openstack.CloudOf([]string{o.PlacementEndpoint}, region)
	}
	name, _ := o.Cloud.(string)
	return openstack.Cloud{Name: foreign.Line(name), Endpoints: []string{}, Region: region}
}

// together is the cloud that all results are of; empty if they are of several.
func together(others []other) openstack.Cloud {
	var one openstack.Cloud
	for i, o := range others {
		if i > 0 && o.Cloud.Title() != one.Title() {
			return openstack.Cloud{}
		}
		one = plain(o.Cloud)
	}
	return one
}

// plain is a cloud that others named, each name on one line.
func plain(c openstack.Cloud) openstack.Cloud {
	endpoints := make([]string, len(c.Endpoints))
	for i, e := range c.Endpoints {
		endpoints[i] = foreign.Line(e)
	}
	return openstack.Cloud{Name: foreign.Line(c.Name), Endpoints: endpoints, Region: foreign.Line(c.Region)}
}
