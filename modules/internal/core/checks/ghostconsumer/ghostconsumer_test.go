// SPDX-License-Identifier: Apache-2.0

package ghostconsumer_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/ghostconsumer"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const nobody = "e0000000-0000-4000-8000-000000000001"

// ghosts makes the database have these consumers, which hold nothing.
func ghosts(uuids ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.Rows = &snapshot.Database{}
		for _, uuid := range uuids {
			s.Rows.Ghosts = append(s.Rows.Ghosts, snapshot.Ghost{ConsumerUUID: uuid, Type: "unknown"})
		}
	}
}

// again makes the second look show this.
func again(d *snapshot.Database) func(*snapshot.Look) {
	return func(l *snapshot.Look) { l.Rows, l.Parts[snapshot.Rows] = d, snapshot.Status{Read: true} }
}

func TestGhostConsumer(t *testing.T) {
	checktest.Run(t, ghostconsumer.Check(), []checktest.Case{
		{Name: "nobody's", Change: ghosts(nobody), Want: []string{nobody}},
		{Name: "a server's", Change: ghosts(checktest.Server), Want: []string{checktest.Server}},
		{Name: "none", Change: ghosts()},
		{Name: "gone between the looks", Change: ghosts(nobody), Between: again(&snapshot.Database{})},
		{
			Name: "written between the looks", Change: ghosts(nobody),
			Between: again(&snapshot.Database{Ghosts: []snapshot.Ghost{{ConsumerUUID: nobody, Generation: 1}}}),
		},
	})
}
