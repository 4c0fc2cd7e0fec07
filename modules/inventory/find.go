// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// missingClasses returns the wanted classes that do not exist; they are created where that is asked for and possible.
func (t *task) missingClasses(ctx context.Context) ([]string, error) {
	if t.o.Drain != nil || t.o.State == "absent" {
		return nil, nil
	}
	known, err := t.client.Classes(ctx)
	if err != nil {
		return nil, err
	}
	var missing []string
	var faults []error
	for _, class := range slices.Sorted(maps.Keys(t.o.Inventories)) {
		custom := strings.HasPrefix(class, "CUSTOM_")
		switch {
		case slices.Contains(known, class):
		case custom && t.o.CreateClasses:
			missing = append(missing, class)
		case custom:
			faults = append(faults, &ansible.OptionError{
				Option: "inventories -> " + class, Value: class,
				Reason: "must be an existing resource class; set create_classes to create it",
			})
		default:
			faults = append(faults, &ansible.OptionError{
				Option: "inventories -> " + class, Value: class,
				Reason: "must be a resource class that exists; those of your own begin with CUSTOM_",
			})
		}
	}
	if len(faults) > 0 {
		return nil, several.Join(faults...)
	}
	return missing, nil
}
