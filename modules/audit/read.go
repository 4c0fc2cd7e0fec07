// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// readDatabase reads the databases, looks again at what is suspicious, and sends no request.
func (t *task) readDatabase(ctx context.Context) (*snapshot.Snapshot, map[string]int, error) {
	src, err := connection.Databases(t.call, &t.o.Where)
	if err != nil {
		return nil, nil, err
	}
	t.cloud = openstack.Cloud{Endpoints: []string{src.Setup.Placement.String()}}
	s, err := t.ReadDatabase(ctx, t.call, src)
	return s, map[string]int{}, err
}

// read reads the cloud, looks again at what is suspicious, and counts the requests.
func (t *task) read(ctx context.Context) (*snapshot.Snapshot, map[string]int, error) {
	if t.o.Used() {
		return t.readDatabase(ctx)
	}
	clients, err := connection.Open(ctx, t.call, &t.o.Options)
	if err != nil {
		return nil, nil, err
	}
	defer clients.Session.Close()
	t.cloud = clients.Session.Cloud()
	s, err := t.Read(ctx, t.call, clients)
	return s, clients.Session.Requests(), err
}
