// SPDX-License-Identifier: Apache-2.0

package connection

import (
	"context"
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// FindProvider finds the one provider that an option names by its name or UUID.
func FindProvider(ctx context.Context, client *placement.Client, option, name string) (openstack.Provider, error) {
	found, err := client.Find(ctx, name)
	if err != nil {
		return openstack.Provider{}, err
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return openstack.Provider{}, unknownProvider(ctx, client, option, name)
	}
	return openstack.Provider{}, &ansible.OptionError{Option: option, Value: name, Reason: fmt.Sprintf(
		"must identify one resource provider; it is the UUID of %s and the name of %s", found[0].Name, found[1].UUID)}
}

// unknownProvider refuses a provider that does not exist, and tells those that it may be mistaken for: a short name and a full one.
func unknownProvider(ctx context.Context, client *placement.Client, option, name string) error {
	all, err := client.Providers(ctx, nil)
	if err != nil {
		return err
	}
	reason := "must be the name or UUID of a resource provider"
	for _, p := range all {
		if openstack.ShortName(p.Name) == openstack.ShortName(name) {
			reason += fmt.Sprintf(" (there is %s, %s)", p.Name, p.UUID)
		}
	}
	return &ansible.OptionError{Option: option, Value: name, Reason: reason}
}
