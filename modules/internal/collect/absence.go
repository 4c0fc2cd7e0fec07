// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// Nova's clock may differ from ours by this much without a new server being taken for one that the list left out.
const clockSkew = 2 * time.Minute

// overlooked fails when a single read finds a server that the list of all servers left out, although it was there all
// the time: then the list, and with it those of hypervisors and migrations, is only a part. A nova-api that was not
// restarted after `cell_v2 create_cell` gives such lists, and its list of services does not show it either
// (nova/compute/api.py, load_cells). Soft-deleted servers are left out of the list by design.
func (l *looker) overlooked(servers map[string]snapshot.Server) error {
	for uuid, server := range servers {
		_, listed := l.first.Server(uuid)
		old := server.Created.Before(l.first.TakenAt.Add(-clockSkew))
		if listed || !old || server.Status == "SOFT_DELETED" || server.Status == snapshot.Unknown {
			continue
		}
		err := fmt.Errorf("nova's list leaves out server %s, which exists; is a cell newer than the nova-api that answers?", uuid)
		for _, p := range celled() {
			if l.hasRead(p) {
				l.settle(p, err)
			}
		}
		return err
	}
	return nil
}

// provesAbsence makes sure that a 404 for a server means that it does not exist. A login without the role admin whose
// policy lets it list the servers of all projects still gets 404 for a single one of another project
// (nova/db/main/api.py, project_only). So a 404 counts if the login is admin, or if single servers of that project, or
// of two different ones, could be read.
func (l *looker) provesAbsence(ctx context.Context, absent []string, held map[string]placement.Consumer) error {
	if len(absent) == 0 || l.Admin {
		return nil
	}
	seen, err := l.projectsSeen(ctx, absent)
	if err != nil || len(seen) > 1 {
		return err
	}
	for _, uuid := range absent {
		project := held[uuid].ProjectID
		if server, listed := l.first.Server(uuid); listed {
			project = server.ProjectID
		}
		if !slices.Contains(seen, project) {
			return fmt.Errorf("nova answers 404 for server %s, but nothing shows that this login may read single servers of "+
				"project %s: it needs the role admin", uuid, project)
		}
	}
	return nil
}

// projectsSeen reads one listed server each of some projects and returns the projects of those that could be read.
func (l *looker) projectsSeen(ctx context.Context, absent []string) ([]string, error) {
	const most = 5
	sample := map[string]string{} // project -> server
	for _, server := range l.first.Servers() {
		if _, have := sample[server.ProjectID]; have || slices.Contains(absent, server.UUID) {
			continue
		}
		if sample[server.ProjectID] = server.UUID; len(sample) == most {
			break
		}
	}
	uuids := make([]string, 0, len(sample))
	for _, uuid := range sample {
		uuids = append(uuids, uuid)
	}
	found, _, err := each(ctx, l.Concurrency, uuids, l.Compute.Server)
	seen := make([]string, 0, len(found))
	for _, server := range found {
		seen = append(seen, server.ProjectID)
	}
	return seen, err
}
