// SPDX-License-Identifier: Apache-2.0

package metrics

import "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"

const providerPrefix = "placement_provider_"

// providerFamilies has what each provider offers, by resource class. Of what was not read there is no sample.
func providerFamilies(r *report.Report) []family {
	if !r.ProviderMetrics {
		return nil
	}
	var capacity, used, reserved, ratio, generation []sample
	for _, p := range r.Providers {
		of := []string{"uuid", p.UUID, "provider", p.Name}
		generation = append(generation, sample{of, float64(p.Generation)})
		for _, c := range p.Classes {
			labels := append(of[:len(of):len(of)], "resource_class", c.Name)
			capacity = append(capacity, sample{labels, float64(c.Capacity)})
			used = append(used, sample{labels, float64(c.Used)})
			if c.Inventory != nil {
				reserved = append(reserved, sample{labels, float64(c.Inventory.Reserved)})
				ratio = append(ratio, sample{labels, c.Inventory.AllocationRatio})
			}
		}
	}
	return []family{
		{"capacity", "What may be allocated of the resource class: (total - reserved) * allocation_ratio.", capacity},
		{"used", "What is allocated of the resource class.", used},
		{"reserved", "What the inventory of the resource class reserves.", reserved},
		{"allocation_ratio", "Allocation ratio of the resource class.", ratio},
		{"generation", "Generation of the resource provider.", generation},
	}
}
