// SPDX-License-Identifier: Apache-2.0

package allocation

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// className is the form of a resource class (placement/schemas).
var className = regexp.MustCompile(`^[A-Z0-9_]{1,255}$`)

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{
		RequiredIf: []ansible.RequiredIf{
			{Option: "state", Value: "present", Options: []string{"allocations"}},
			{Option: "state", Value: "moved", Options: []string{"to", "to_consumer"}, Any: true},
		},
	}
}

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	faults := []error{connection.Faults(&o.Options)}
	for _, f := range []struct{ option, value string }{{"consumer", o.Consumer}, {"to_consumer", o.ToConsumer}} {
		if call.Given(f.option) && !rest.IsUUID(f.value) {
			faults = append(faults, &ansible.OptionError{Option: f.option, Value: f.value, Reason: "must be a UUID"})
		}
	}
	faults = append(faults, o.strayFaults(call)...)
	if o.State == "present" && call.Given("allocations") && len(o.Allocations) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "allocations", Value: "{}", Reason: "must name at least one resource provider; state=absent takes everything away"})
	}
	for _, provider := range slices.Sorted(maps.Keys(o.Allocations)) {
		faults = append(faults, amountFaults(provider, o.Allocations[provider])...)
	}
	return several.Join(faults...)
}

// strayFaults refuses options that the state would ignore.
func (o *Options) strayFaults(call *ansible.Call) []error {
	ignored := map[string][]string{
		"present": {"provider", "to", "to_consumer"}, "absent": {"allocations", "to", "to_consumer", "project", "user"}, "moved": {"allocations", "project", "user"},
	}
	var faults []error
	for _, option := range ignored[o.State] {
		if call.Given(option) {
			faults = append(faults, &ansible.OptionError{Option: option, Reason: "must not be given with state=" + o.State})
		}
	}
	return faults
}

func amountFaults(provider string, amounts map[string]int) []error {
	at := "allocations -> " + provider
	if len(amounts) == 0 {
		return []error{&ansible.OptionError{Option: at, Value: "{}", Reason: "must name at least one resource class"}}
	}
	var faults []error
	for _, class := range slices.Sorted(maps.Keys(amounts)) {
		if !className.MatchString(class) {
			faults = append(faults, &ansible.OptionError{Option: at, Value: class, Reason: "must be a resource class: capitals, digits and underscores, such as VCPU"})
		}
		if n := amounts[class]; n < 1 {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("%s -> %s", at, class), Value: strconv.Itoa(n), Reason: "must be 1 or more"})
		}
	}
	return faults
}
