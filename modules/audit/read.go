// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// read reads the cloud, looks again at what is suspicious, and counts the requests.
func (t *task) read(ctx context.Context) (*snapshot.Snapshot, map[string]int, error) {
	clients, err := connection.Open(ctx, t.call, &t.o.Options)
	if err != nil {
		return nil, nil, err
	}
	defer clients.Session.Close()
	t.cloud = openstack.CloudOf(clients.Session.PlacementAddresses())
	s, err := t.Read(ctx, t.call, clients)
	return s, clients.Session.Requests(), err
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
