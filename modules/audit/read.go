// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// read reads the cloud, looks again at what is suspicious, and counts the requests.
func (t *task) read(ctx context.Context) (*snapshot.Snapshot, map[string]int, error) {
	clients, err := connection.Open(ctx, t.call, &t.o.Options)
	if err != nil {
		return nil, nil, err
	}
	defer clients.Session.Close()
	t.cloud = clients.Session.Cloud()
	s, err := t.Read(ctx, t.call, clients)
	return s, clients.Session.Requests(), err
}
