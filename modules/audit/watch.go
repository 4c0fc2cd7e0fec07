// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// watches reports whether the check judges how the generations changed over some time.
func watches(c *check.Check) bool { return slices.Contains(c.Needs, snapshot.Generations) }

// watchFaults refuses a check by name that would have nothing to judge, and a watch that the task has no time for.
func (o *Options) watchFaults() error {
	var faults []error
	all := checks.All()
	wanted, _ := named("checks", o.Checks, all)
	skipped, _ := named("skip_checks", o.SkipChecks, all)
	for _, c := range all {
		if watches(c) && wanted[c.ID] && !skipped[c.ID] && o.Watch == 0 && o.Snapshot == "" {
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
	return errors.Join(faults...)
}

// judgeable leaves out the checks that nobody named and that judge what a saved snapshot does not have because nobody watched.
func (o *Options) judgeable(s *snapshot.Snapshot, chosen []*check.Check) []*check.Check {
	if _, watched := s.Parts[snapshot.Generations]; watched {
		return chosen
	}
	wanted, _ := named("checks", o.Checks, checks.All())
	kept := slices.DeleteFunc(slices.Clone(chosen), func(c *check.Check) bool { return watches(c) && !wanted[c.ID] })
	if len(kept) == 0 { // an audit without checks would be clean
		return chosen
	}
	return kept
}
