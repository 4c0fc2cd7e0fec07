// SPDX-License-Identifier: Apache-2.0

package survey

import (
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Scope is what the options name, cleaned as the names of the services are; what they do not is an empty list, not none.
func (o *Asked) Scope() triage.Names {
	list := func(names []string) []string {
		clean := make([]string, len(names))
		for i, name := range names {
			clean[i] = foreign.Line(name)
		}
		return clean
	}
	return triage.Names{Providers: list(o.Providers), Hosts: list(o.Hosts), Aggregates: list(o.Aggregates)}
}

// scopeFaults refuses names that say nothing: an empty one often comes from a variable that is not set.
func (o *Asked) scopeFaults() error {
	var faults []error
	n := o.Scope()
	for option, names := range map[string][]string{"providers": n.Providers, "hosts": n.Hosts, "aggregates": n.Aggregates} {
		faults = append(faults, emptyFaults(option, names))
	}
	return several.Join(faults...)
}

// Limit finds the scope in what was read, and limits the checks to it. The error names all that is not in the cloud.
func (v *Survey) Limit(s *snapshot.Snapshot) error {
	scope, unknown := v.Names.Resolve(s)
	meant := map[string]string{
		"providers":  "names or UUIDs of resource providers",
		"hosts":      "hosts of compute services",
		"aggregates": "names, numbers or UUIDs of host aggregates",
	}
	faults := make([]error, len(unknown))
	for i, u := range unknown {
		faults[i] = &ansible.OptionError{
			Option: u.Option, Value: strings.Join(u.Names, ", "), Reason: "must be " + meant[u.Option] + " that exist",
		}
	}
	if len(faults) > 0 {
		return several.Join(faults...)
	}
	var err error
	v.Scope = scope
	v.Limited, err = v.owning(s, v.Names.Limit(v.Checks, scope))
	return err
}
