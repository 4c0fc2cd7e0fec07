// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/supply"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

func (t *task) read(ctx context.Context, call *ansible.Call) error {
	if t.o.Snapshot != "" {
		return t.load()
	}
	if t.o.Used() {
		return t.readDatabases(ctx, call)
	}
	var err error
	if t.clients, err = connection.Open(ctx, call, &t.o.Options); err != nil {
		return err
	}
	if err = t.readCloud(ctx, call); err != nil {
		t.close()
	}
	return err
}

func (t *task) readCloud(ctx context.Context, call *ansible.Call) error {
	compute, err := t.clients.Compute(ctx)
	if err != nil {
		return err
	}
	flavors, err := compute.Flavors(ctx)
	if err != nil {
		return err
	}
	src := survey.Source(call, t.clients)
	src.Compute, src.NoCompute = compute, nil
	if t.o.InUse {
		if flavors, err = t.inUse(ctx, src, flavors); err != nil {
			return err
		}
	}
	if err := t.choose(flavors, compute.Service().Newest); err != nil {
		return err
	}
	t.s, t.providers, err = supply.Read(ctx, src, t.all(), nil, snapshot.Services, snapshot.Hypervisors)
	return err
}

// load reads the snapshot, whose servers have the flavors.
func (t *task) load() error {
	var err error
	if t.s, err = survey.Load(t.o.Snapshot); err != nil {
		return err
	}
	if !t.s.Usable(snapshot.Servers) {
		return errors.New("the snapshot has no servers, and so no flavors")
	}
	return t.fromServers()
}

// readDatabases reads what a saved snapshot of an audit has.
func (t *task) readDatabases(ctx context.Context, call *ansible.Call) error {
	src, err := connection.Databases(call, &t.o.Where)
	if err != nil {
		return err
	}
	t.src = &src
	t.s = database.Read(ctx, src, []snapshot.Part{
		snapshot.Providers, snapshot.Traits, snapshot.Usages, snapshot.Capacities, snapshot.Inventories, snapshot.Memberships, snapshot.Allocations,
		snapshot.Services, snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations, snapshot.Aggregates,
	})
	if part, reason, unread := t.s.Unread([]snapshot.Part{snapshot.Providers, snapshot.Inventories, snapshot.Usages, snapshot.Servers, snapshot.Services, snapshot.Hypervisors}); unread {
		return fmt.Errorf("%s could not be read: %s", part, reason)
	}
	return t.fromServers()
}

// fromServers takes the flavors of the servers, and the providers.
func (t *task) fromServers() error {
	t.partly(t.s)
	if t.o.InUse {
		t.volumes = onVolumes(t.s)
	}
	if err := t.choose(ofServers(t.s), t.s.Compute.Newest); err != nil {
		return err
	}
	if err := t.judgeable(); err != nil {
		return err
	}
	var err error
	t.providers, err = candidates.Saved(t.s)
	return err
}

// judgeable leaves out the flavors with traits of which the snapshot does not tell who has them.
func (t *task) judgeable() error {
	var kept []asked
	for _, a := range t.asked {
		strange, err := candidates.Strange(t.s, a.request)
		if err != nil {
			return err
		}
		if len(strange) == 0 {
			kept = append(kept, a)
			continue
		}
		t.unjudged = append(t.unjudged, fmt.Sprintf("flavor %s: the snapshot does not say which providers have %s", a.name, strings.Join(strange, ", ")))
	}
	t.asked = kept
	return nil
}

// notRead says what could not be read.
func (t *task) notRead() []string {
	out := append([]string{}, t.unjudged...)
	out = append(out, t.unseen...)
	for _, part := range []snapshot.Part{snapshot.Services, snapshot.Hypervisors} {
		if st := t.s.Parts[part]; !st.Read {
			out = append(out, fmt.Sprintf("whether the compute services are up: the %s could not be read: %s", part, st.Reason))
		}
	}
	return out
}
