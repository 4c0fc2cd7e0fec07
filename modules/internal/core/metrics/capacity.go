// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"bytes"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

const capacityPrefix = "placement_capacity_"

// Capacity writes counts for node_exporter's textfile collector. Every sample says of which cloud it is.
func Capacity(c *report.Capacity) ([]byte, error) {
	var out bytes.Buffer
	var cloud openstack.Cloud
	if c.Cloud != nil {
		cloud = *c.Cloud
	}
	for _, f := range (fits{c}).families() {
		f.write(&out, capacityPrefix, cloudLabels(c.Labels, cloud)...)
	}
	return out.Bytes(), nil
}

// fits are capacities, counted.
type fits struct{ *report.Capacity }

func (c fits) families() []family {
	return []family{
		{"slots", "How many more servers of the flavor fit, if nothing else is built.", c.perFlavor(func(s capacity.Slots) int { return s.Total })},
		{"hosts", "On how many hosts at least one more server of the flavor fits.", c.perFlavor(func(s capacity.Slots) int { return s.Count })},
		{"free", "Amount of the resource class that is free, hosts that get no servers left out.", c.perClass(func(f capacity.Free) float64 { return float64(f.Free) })},
		{"largest", "The largest amount of the resource class that one consumer can get at once: no more than the max_unit of a provider.", c.perClass(func(f capacity.Free) float64 { return float64(f.Largest) })},
		{"fragmentation", "Fraction of what is free of the resource class on hosts where no counted flavor that requests it fits, from 0 to 1.", c.perClass(func(f capacity.Free) float64 { return f.Fragmentation })},
		{"hosts_left_out", "Hosts that get no servers, as their nova-compute is down, disabled or not there.", one(float64(len(c.LeftOut)))},
		{"complete", "Whether everything could be read.", one(truth(c.Complete))},
		{"timestamp_seconds", "When the cloud was read, in seconds since 1970.", one(seconds(c.TakenAt))},
	}
}

// perFlavor has one sample a name: of two flavors that look the same, that of which fewer fit.
func (c fits) perFlavor(value func(capacity.Slots) int) []sample {
	var all []sample
	at := map[string]int{}
	for _, f := range c.Flavors {
		n := float64(value(f.Now))
		if i, has := at[f.Name]; has {
			all[i].value = min(all[i].value, n)
			continue
		}
		at[f.Name] = len(all)
		all = append(all, sample{[]string{"flavor", f.Name}, n})
	}
	return all
}

func (c fits) perClass(value func(capacity.Free) float64) []sample {
	all := make([]sample, len(c.Free))
	for i, f := range c.Free {
		all[i] = sample{[]string{"resource_class", f.Class}, value(f)}
	}
	return all
}
