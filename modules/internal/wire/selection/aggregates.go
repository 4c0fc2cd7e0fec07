// SPDX-License-Identifier: Apache-2.0

package selection

import (
	"context"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// Aggregates are the UUIDs of the aggregates that an option lists. Nova is asked for those that are named otherwise.
func Aggregates(ctx context.Context, clients *connection.Clients, option string, names []string) ([]string, error) {
	out := make([]string, len(names))
	for i, name := range names {
		if rest.IsUUID(name) {
			out[i] = rest.CanonicalUUID(name)
		}
	}
	if !slices.Contains(out, "") {
		return out, nil
	}
	compute, err := clients.Compute(ctx)
	if err != nil {
		return nil, err
	}
	all, err := compute.Aggregates(ctx)
	if err != nil {
		return nil, err
	}
	var faults []error
	for i, name := range names {
		if out[i] == "" {
			out[i], err = uuid(all, fmt.Sprintf("%s[%d]", option, i), name)
			faults = append(faults, err)
		}
	}
	return out, several.Join(faults...)
}

// uuid is that of the host aggregate that a name or a number stands for.
func uuid(all []openstack.Aggregate, option, name string) (string, error) {
	var found []string
	for _, a := range all {
		if a.Named(foreign.Line(name)) {
			found = append(found, a.UUID)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return "", &ansible.OptionError{Option: option, Value: name, Reason: fmt.Sprintf(
		"must be a UUID, or the name or number of one Nova host aggregate; %d have it", len(found))}
}
