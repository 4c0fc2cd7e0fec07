// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"errors"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// load reads the snapshot and makes the request of what it knows.
func (t *task) load() error {
	var err error
	if t.s, err = survey.Load(t.o.Snapshot); err != nil {
		return err
	}
	if t.o.Flavor != "" || t.o.Server != "" {
		if err := t.savedFlavor(); err != nil {
			return err
		}
	}
	strange, err := candidates.Strange(t.s, t.request)
	if err != nil {
		return err
	}
	if len(strange) > 0 {
		return &ansible.OptionError{
			Option: "snapshot", Value: t.o.Snapshot, Reason: "must tell who has " + strings.Join(strange, ", ") + ", for which the request asks; read the cloud instead",
		}
	}
	t.providers, err = candidates.Saved(t.s)
	return err
}

// savedFlavor finds the flavor in the servers of the snapshot.
func (t *task) savedFlavor() error {
	if !t.s.Has(snapshot.Servers) {
		return errors.New("the snapshot has no servers, and so no flavors")
	}
	for _, server := range t.s.Servers() {
		if server.Flavor.Name == t.o.Flavor && t.o.Server == "" || t.o.Server != "" && openstack.SameUUID(server.UUID, t.o.Server) {
			if t.o.Server != "" {
				t.has(server)
				t.open = append(t.open, t.ofBuild()+": the snapshot does not tell")
			}
			r, err := t.savedRegion()
			if err != nil {
				return err
			}
			return t.take(server.Flavor, t.o.FromVolume || server.FromVolume && t.o.Server != "", r)
		}
	}
	if t.o.Server != "" {
		return &ansible.OptionError{Option: "server", Value: t.o.Server, Reason: "must be the UUID of a server of the snapshot"}
	}
	return &ansible.OptionError{Option: "flavor", Value: t.o.Flavor, Reason: "must be the name of the flavor of a server of the snapshot"}
}

// savedRegion takes what the snapshot has of Nova. It fails if an option needs what could not be read.
func (t *task) savedRegion() (r region, err error) {
	noAggregates, noNodes := t.lacks(snapshot.Aggregates), t.lacks(snapshot.Hypervisors)
	var faults []error
	if noAggregates == nil {
		r.aggregates = append([]openstack.Aggregate{}, t.s.Aggregates()...)
	} else if t.o.AvailabilityZone != "" {
		faults = append(faults, fmt.Errorf("availability_zone can't be judged: %w", noAggregates))
	}
	if noNodes == nil {
		r.nodes = t.s.Hypervisors()
	} else if t.o.Host != "" {
		faults = append(faults, fmt.Errorf("host can't be judged: %w", noNodes))
	}
	if t.s.Has(snapshot.Services) {
		r.services = t.s.Services()
	}
	return r, several.Join(faults...)
}

// lacks says why the snapshot lacks a part; nil if it has it.
func (t *task) lacks(part snapshot.Part) error {
	if _, reason, unread := t.s.Unread([]snapshot.Part{part}); unread {
		return fmt.Errorf("the snapshot has no %s: %s", part, reason)
	}
	return nil
}
