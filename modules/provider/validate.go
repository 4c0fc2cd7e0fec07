// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	faults := []error{connection.Faults(&o.Options)}
	for _, f := range []struct{ option, value string }{{"provider", o.Provider}, {"name", o.Name}, {"parent", o.Parent}} {
		if call.Given(f.option) && strings.TrimSpace(f.value) == "" {
			faults = append(faults, &ansible.OptionError{Option: f.option, Reason: "must not be empty"})
		}
	}
	if call.Given("uuid") && !rest.IsUUID(o.UUID) {
		faults = append(faults, &ansible.OptionError{Option: "uuid", Value: o.UUID, Reason: "must be a UUID"})
	}
	if o.UUID != "" && rest.IsUUID(o.Provider) {
		faults = append(faults, &ansible.OptionError{Option: "uuid", Value: o.UUID, Reason: "must not be given beside a provider that is a UUID"})
	}
	if o.Force && !rest.IsUUID(o.Provider) {
		faults = append(faults, &ansible.OptionError{Option: "provider", Value: o.Provider, Reason: "must be a UUID with force"})
	}
	ignored := map[string][]string{"present": {"force"}, "absent": {"name", "uuid", "parent", "root"}}
	for _, option := range ignored[o.State] {
		if call.Given(option) {
			faults = append(faults, &ansible.OptionError{Option: option, Reason: "must not be given with state=" + o.State})
		}
	}
	return several.Join(faults...)
}
