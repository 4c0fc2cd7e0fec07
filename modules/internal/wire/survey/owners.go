// SPDX-License-Identifier: Apache-2.0

package survey

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Owned says what in Placement belongs to the Nova that is audited.
type Owned struct {
	Aggregates    []string `json:"aggregates,omitempty" jsonschema_description:"Host aggregates of this Nova (names, numbers or UUIDs). A root provider in one of them belongs to this Nova."`
	Providers     []string `json:"providers,omitempty" jsonschema_description:"Patterns for the names or UUIDs of this Nova's root providers: C(*) stands for any characters, C(?) for one, C([a-c]) for one of these. Added to I(aggregates)."`
	Projects      []string `json:"projects,omitempty" jsonschema_description:"Ids of the projects whose consumers are this Nova's."`
	Users         []string `json:"users,omitempty" jsonschema_description:"Ids of the users whose consumers are this Nova's."`
	ConsumerTypes []string `json:"consumer_types,omitempty" jsonschema_description:"Consumer types of this Nova. Nova still writes below microversion 1.38 of Placement, so its consumers are of the type C(unknown)."`
}

// Others says what in Placement belongs to other services.
type Others struct {
	Providers     []string `json:"providers,omitempty" jsonschema_description:"Patterns for the names or UUIDs of their providers. The children of these providers are theirs too."`
	Projects      []string `json:"projects,omitempty" jsonschema_description:"Ids of the projects whose consumers are theirs, such as the project of Zun's containers."`
	Users         []string `json:"users,omitempty" jsonschema_description:"Ids of the users whose consumers are theirs."`
	ConsumerTypes []string `json:"consumer_types,omitempty" jsonschema_description:"Their consumer types."`
}

// owners gives the options the form in which the checks ask them.
func (o *Asked) owners() check.Owners {
	var owners check.Owners
	if w := o.Owned; w != nil {
		owners.Owned = check.Marks{
			Aggregates: w.Aggregates, Providers: w.Providers, Projects: w.Projects, Users: w.Users, Types: w.ConsumerTypes,
		}
	}
	if w := o.Others; w != nil {
		owners.Others = check.Marks{Providers: w.Providers, Projects: w.Projects, Users: w.Users, Types: w.ConsumerTypes}
	}
	return owners
}

// ownerFaults refuses what names nothing, and patterns that are none.
func (o *Asked) ownerFaults() error {
	var faults []error
	owners := o.owners()
	for _, of := range []struct {
		option string
		marks  check.Marks
	}{{"owned", owners.Owned}, {"others", owners.Others}} {
		m := of.marks
		for name, list := range map[string][]string{
			"aggregates": m.Aggregates, "providers": m.Providers, "projects": m.Projects, "users": m.Users, "consumer_types": m.Types,
		} {
			faults = append(faults, emptyFaults(of.option+" -> "+name, list))
		}
		for i, pattern := range m.Providers {
			if triage.BadPattern(pattern) != nil {
				faults = append(faults, &ansible.OptionError{
					Option: fmt.Sprintf("%s -> providers[%d]", of.option, i), Value: pattern, Reason: BadPattern,
				})
			}
		}
	}
	return several.Join(faults...)
}

// emptyFaults refuses empty names: they often come from variables that are not set.
func emptyFaults(option string, names []string) error {
	var faults []error
	for i, name := range names {
		if strings.TrimSpace(name) == "" {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("%s[%d]", option, i), Reason: "must not be empty"})
		}
	}
	return several.Join(faults...)
}
