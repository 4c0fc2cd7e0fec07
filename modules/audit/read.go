// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// Nova deletes a server first and then its allocation; a slow Placement makes seconds of that.
const shortGrace = 5

// Up to so many providers inventories and memberships are read one by one; beyond, see collect.
const exactUpTo = 500

// read reads the cloud, looks again at what is suspicious, and counts the requests.
func (t *task) read(ctx context.Context) (*snapshot.Snapshot, map[string]int, error) {
	o, call := t.o, t.call
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, nil, err
	}
	defer clients.Session.Close()
	parts := t.parts()
	src := t.source(clients)
	if slices.ContainsFunc(parts, snapshot.Part.FromNova) {
		src.Compute, src.NoCompute = clients.Compute(ctx)
	}
	if o.Grace < shortGrace {
		call.Warn("grace: %d seconds are short: a server that is just being deleted may still look like an orphan's", o.Grace)
	}
	s := collect.Read(ctx, src, parts)
	if err := t.limit(s); err != nil {
		return nil, nil, err
	}
	s.Second = collect.LookAgain(ctx, src, s, check.Suspects(s, t.limited, o.settings()), time.Duration(o.Grace)*time.Second)
	return s, clients.Session.Requests(), nil
}

// source is where the audit reads, but for Nova.
func (t *task) source(clients *connection.Clients) collect.Source {
	src := collect.Source{
		NoCompute: errors.New("nova was not asked for"),
		Placement: clients.Placement, Concurrency: clients.Session.Concurrency(), Now: t.call.Now, Sleep: t.call.Sleep,
		Admin: clients.Session.HasRole("admin"), Exact: exactUpTo, EveryMembership: t.o.chosen.inFull(snapshot.Memberships),
		Quick: t.o.Quick, Watch: time.Duration(t.o.Watch) * time.Second,
	}
	if t.o.Quick {
		src.Exact = 0
	}
	return src
}

// load reads a saved snapshot.
func load(path string) (*snapshot.Snapshot, error) {
	data, err := readFile("snapshot", path)
	if err != nil {
		return nil, err
	}
	s, err := snapshot.Decode(data)
	if err != nil {
		return nil, &ansible.OptionError{
			Option: "snapshot", Value: path,
			Reason: fmt.Sprintf("must be a file that save_snapshot has written (%v)", err),
		}
	}
	return s, nil
}
