// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

// Nova's clock may differ from ours by this much without a new server being taken for one that the list left out.
const clockSkew = 2 * time.Minute

// overlooked fails when a single read finds a server that the list of all servers left out, although it was there all
// the time: then the list, and with it those of hypervisors and migrations, is only a part. A nova-api that was not
// restarted after `cell_v2 create_cell` gives such lists, and its list of services does not show it either
// (nova/compute/api.py, load_cells). Soft-deleted servers are left out of the list by design.
func (l *looker) overlooked(servers map[string]openstack.Server) error {
	for uuid, server := range servers {
		_, listed := l.first.Server(uuid)
		old := server.Created.Before(l.first.TakenAt.Add(-clockSkew))
		if listed || !old || server.Status == "SOFT_DELETED" || server.Status == openstack.Unknown {
			continue
		}
		err := fmt.Errorf("nova's list leaves out server %s, which exists; is a cell newer than the nova-api that answers?", uuid)
		for _, p := range snapshot.AllParts() {
			if p.FromCells() && l.hasRead(p) {
				l.settle(p, err)
			}
		}
		return err
	}
	return nil
}

// servers reads each of these servers, and says which do not exist. Nova's 404 says that only to a login with the role admin:
// others get it for a server of another project as well. For them the list of all projects is asked.
func (l *looker) servers(ctx context.Context, uuids []string) (found map[string]openstack.Server, absent []string, err error) {
	found, absent, err = each(ctx, l.Concurrency, uuids, l.Compute.Server)
	if err != nil || len(absent) == 0 || l.Admin {
		return found, absent, err
	}
	hidden, absent, err := l.hiddenServers(ctx, absent)
	maps.Copy(found, hidden)
	if err != nil {
		absent = nil
	}
	return found, absent, err
}

// hiddenServers finds servers in the list of all projects. A server that it does not have does not exist if every cell answered,
// as Nova's services show before and after, and if the list has another server that is asked for alike.
func (l *looker) hiddenServers(ctx context.Context, uuids []string) (found map[string]openstack.Server, absent []string, err error) {
	if err = l.cellsAnswer(ctx); err != nil {
		return nil, nil, err
	}
	found, absent, err = each(ctx, l.Concurrency, uuids, l.Compute.ListedServer)
	if err == nil && len(absent) > 0 {
		err = l.findsListed(ctx, absent)
	}
	return found, absent, cmp.Or(err, l.cellsAnswer(ctx))
}

// stillListed finds the servers that answer 404 one by one and that Nova lists all the same: they are not gone, their instance
// mapping is. It adds them to the servers that were found and returns the others.
func (l *looker) stillListed(ctx context.Context, found map[string]openstack.Server, absent []string) ([]string, error) {
	var doubtful []string
	for _, uuid := range absent {
		if _, listed := l.first.Server(uuid); listed {
			doubtful = append(doubtful, uuid)
		}
	}
	listed, _, err := each(ctx, l.Concurrency, doubtful, l.Compute.ListedServer)
	maps.Copy(found, listed)
	l.look.Lost = slices.Sorted(maps.Keys(listed))
	return slices.DeleteFunc(absent, func(uuid string) bool { _, there := listed[uuid]; return there }), err
}

func (l *looker) cellsAnswer(ctx context.Context) error {
	services, err := l.Compute.Services(ctx)
	if err != nil {
		return fmt.Errorf("could not determine whether all cells answer: %w", err)
	}
	return unknownServices(services)
}

// findsListed makes sure that a server of the first look is found. A few are tried: they may have been deleted since.
func (l *looker) findsListed(ctx context.Context, absent []string) error {
	const most = 5
	tried := 0
	for _, server := range l.first.Servers() {
		if slices.Contains(absent, server.UUID) {
			continue
		}
		if tried++; tried > most {
			break
		}
		if _, err := l.Compute.ListedServer(ctx, server.UUID); !errors.Is(err, cloud.ErrNotFound) {
			return err
		}
	}
	return fmt.Errorf("nova answers 404 for server %s, and it is unknown whether this login would see it: no other server could be found in the same way; %s",
		absent[0], cloud.Allow("os_compute_api:servers:allow_all_filters"))
}
