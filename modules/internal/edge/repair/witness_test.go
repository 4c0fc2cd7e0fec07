// SPDX-License-Identifier: Apache-2.0

package repair_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	core "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
)

// compute is a Nova of one server, which it may show in one way only, and of moves.
type compute struct {
	single, listed *openstack.Server
	moves          []openstack.Migration
	services       []openstack.ComputeService
}

func shown(s *openstack.Server) (openstack.Server, error) {
	if s == nil {
		return openstack.Server{}, fmt.Errorf("read server: %w", &cloud.Error{Status: http.StatusNotFound, Err: cloud.ErrNotFound})
	}
	return *s, nil
}

func (c compute) Server(context.Context, string) (openstack.Server, error) { return shown(c.single) }

func (c compute) ListedServer(context.Context, string) (openstack.Server, error) {
	return shown(c.listed)
}

func (c compute) MigrationsOf(context.Context, string) ([]openstack.Migration, error) {
	return c.moves, nil
}

func (c compute) MigrationsSince(context.Context, time.Time) ([]openstack.Migration, error) {
	return c.moves, nil
}

func (c compute) Services(context.Context) ([]openstack.ComputeService, error) {
	return c.services, nil
}

func TestNova(t *testing.T) {
	still := &openstack.Server{UUID: consumer, Status: "ACTIVE", Host: "cn1"}
	busy := &openstack.Server{UUID: consumer, Status: "ACTIVE", Host: "cn1", TaskState: "migrating"}
	dark := &openstack.Server{UUID: consumer, Status: openstack.Unknown}
	move := openstack.Migration{UUID: consumer, ServerUUID: provider, Type: "migration", Status: "migrating"}
	for name, c := range map[string]struct {
		nova             compute
		objects, missing string // what Objection says, and what the guard that there is no such server does
	}{
		"nobody":                 {compute{}, "", ""},
		"a server that is still": {compute{single: still}, "", "exists"},
		"a task":                 {compute{single: busy}, "has a task under way: migrating", "exists"},
		"a move of it":           {compute{single: still, moves: []openstack.Migration{move}}, "is in progress", "exists"},
		"a move":                 {compute{moves: []openstack.Migration{move}}, "is in progress", "exists"},
		"a silent cell":          {compute{single: dark}, "does not answer", "exists"},
		"404, and listed":        {compute{listed: busy}, "nova has 404 for server " + consumer + ", and lists it", "and lists it"},
		"another cell is silent": {compute{services: []openstack.ComputeService{{Host: "cn9", Status: openstack.Unknown}}}, "", "a cell does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			n := &repair.Nova{Compute: c.nova, Admin: true}
			objects, err := n.Objection(t.Context(), consumer)
			if err != nil || !strings.Contains(objects, c.objects) || (objects == "") != (c.objects == "") {
				t.Errorf("it objects %q, %v", objects, err)
			}
			missing, err := n.Broken(t.Context(), []core.Guard{{NoServer: consumer}})
			if err != nil || !strings.Contains(missing, c.missing) || (missing == "") != (c.missing == "") {
				t.Errorf("the guard says %q, %v", missing, err)
			}
		})
	}
}
