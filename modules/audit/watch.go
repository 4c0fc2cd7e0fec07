// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// watchFaults refuses a check by name that would have nothing to judge, and a watch that the task has no time for.
func (o *Options) watchFaults() error {
	var faults []error
	for _, c := range o.Chosen.Run {
		if c.OnDemand && o.Watch == 0 && o.Snapshot == "" {
			faults = append(faults, &ansible.OptionError{
				Option: "watch", Value: "0", Reason: fmt.Sprintf("must be 1 or more for %s %s, which checks names", c.ID, c.Name),
			})
		}
	}
	if limit := o.TaskTimeout(); o.Watch > 0 && time.Duration(o.Watch)*time.Second >= limit {
		faults = append(faults, &ansible.OptionError{
			Option: "watch", Value: strconv.Itoa(o.Watch), Reason: fmt.Sprintf("must be less than timeout (%.0f seconds)", limit.Seconds()),
		})
	}
	return several.Join(faults...)
}

// judgeable leaves out the checks that are not named and that judge what a saved snapshot lacks, because it was not watched for.
func judgeable(c survey.Chosen, s *snapshot.Snapshot) []*check.Check {
	if _, watched := s.Parts[snapshot.Generations]; watched {
		return c.Run
	}
	kept := slices.DeleteFunc(slices.Clone(c.Run), func(one *check.Check) bool { return one.OnDemand && !c.Named[one.ID] })
	if len(kept) == 0 { // an audit without checks would be clean
		return c.Run
	}
	return kept
}
