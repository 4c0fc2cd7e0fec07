// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// watchFaults are those of the option watch, which a saved snapshot makes needless.
func (o *Options) watchFaults() error {
	if o.Snapshot != "" {
		return nil
	}
	return o.Asked.WatchFaults(o.Watch, o.TaskTimeout())
}

// judgeable leaves out the checks that are not named and that judge what a saved snapshot lacks, because it was not watched for.
func judgeable(c survey.Chosen, s *snapshot.Snapshot) []*check.Check {
	if _, watched := s.Parts[snapshot.Generations]; watched {
		return c.Run
	}
	kept := slices.DeleteFunc(slices.Clone(c.Run), func(one *check.Check) bool { return one.Watches() && !c.Named[one.ID] })
	if len(kept) == 0 { // an audit without checks would be clean
		return c.Run
	}
	return kept
}
