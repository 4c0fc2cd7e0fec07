// SPDX-License-Identifier: Apache-2.0

package survey

import (
	"fmt"
	"strconv"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// WatchFaults refuses a check by name that would have nothing to judge, and a watch, in seconds, that the task has no time for. Its
// errors are OptionErrors, joined.
func (o *Asked) WatchFaults(watch int, limit time.Duration) error {
	var faults []error
	for _, c := range o.Chosen.Run {
		if c.Watches() && watch == 0 {
			faults = append(faults, &ansible.OptionError{
				Option: "watch", Value: "0", Reason: fmt.Sprintf("must be 1 or more for %s %s, which checks names", c.ID, c.Name),
			})
		}
	}
	if watch > 0 && time.Duration(watch)*time.Second >= limit {
		faults = append(faults, &ansible.OptionError{
			Option: "watch", Value: strconv.Itoa(watch), Reason: fmt.Sprintf("must be less than timeout (%.0f seconds)", limit.Seconds()),
		})
	}
	return several.Join(faults...)
}
