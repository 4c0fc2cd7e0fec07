// SPDX-License-Identifier: Apache-2.0

package connection

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// DatabaseFaults returns what is wrong with the options that say where the databases are, as far as they tell by themselves. What
// is watched is read from the APIs only.
func DatabaseFaults(o *address.Where, watch int) error {
	err := optionErrors(o.Faults())
	if o.Used() && watch > 0 {
		err = several.Join(err, &ansible.OptionError{Option: "watch", Reason: "must be 0 with source: database, which does not watch generations"})
	}
	return err
}

// Databases finds where the databases are. It connects to none.
func Databases(call *ansible.Call, o *address.Where) (database.Source, error) {
	setup, faults := o.Resolve()
	if len(faults) > 0 {
		return database.Source{}, optionErrors(faults)
	}
	for _, secret := range setup.Secrets() {
		call.Secret(secret)
	}
	return database.Source{Setup: setup, Now: call.Now, Sleep: call.Sleep, Secret: call.Secret, Progress: call.Progress}, nil
}
