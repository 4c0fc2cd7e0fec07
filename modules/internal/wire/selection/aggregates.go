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
	return aggregates(ctx, clients, names, func(i int) string { return fmt.Sprintf("%s[%d]", option, i) })
}

// AggregateLists are those of an option whose entries are lists.
func AggregateLists(ctx context.Context, clients *connection.Clients, option string, lists [][]string) ([][]string, error) {
	var called []string
	for i, list := range lists {
		called = append(called, slices.Repeat([]string{fmt.Sprintf("%s[%d]", option, i)}, len(list))...)
	}
	uuids, err := aggregates(ctx, clients, slices.Concat(lists...), func(i int) string { return called[i] })
	if err != nil {
		return nil, err
	}
	out := make([][]string, len(lists))
	for i, list := range lists {
		out[i], uuids = uuids[:len(list)], uuids[len(list):]
	}
	return out, nil
}

// aggregates are the UUIDs of the named ones. called is what faults call a name by.
func aggregates(ctx context.Context, clients *connection.Clients, names []string, called func(int) string) ([]string, error) {
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
			out[i], err = uuid(all, called(i), name)
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
