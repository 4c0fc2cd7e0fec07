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
	nodes          []openstack.Hypervisor
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

func (c compute) Hypervisors(context.Context) ([]openstack.Hypervisor, error) { return c.nodes, nil }

type witnessCase struct {
	nova             compute
	objects, missing string // what Objection says, and what the guard that there is no such server does
}

func TestNova(t *testing.T) {
	still := &openstack.Server{UUID: consumer, Status: "ACTIVE", Host: "cn1"}
	busy := &openstack.Server{UUID: consumer, Status: "ACTIVE", Host: "cn1", TaskState: "migrating"}
	dark := &openstack.Server{UUID: consumer, Status: openstack.Unknown}
	move := openstack.Migration{UUID: consumer, ServerUUID: provider, Type: "migration", Status: "migrating"}
	witnesses(t, map[string]witnessCase{
		"nobody":                 {compute{}, "", ""},
		"a server that is still": {compute{single: still}, "", "exists"},
		"a task":                 {compute{single: busy}, "has a task under way: migrating", "exists"},
		"a move of it":           {compute{single: still, moves: []openstack.Migration{move}}, "is in progress", "exists"},
		"a move":                 {compute{moves: []openstack.Migration{move}}, "is in progress", "exists"},
		"a silent cell":          {compute{single: dark}, "does not answer", "exists"},
		"404, and listed":        {compute{listed: busy}, "nova answers 404 for server " + consumer + ", although it lists the server", "although it lists"},
		"another cell is silent": {compute{services: []openstack.ComputeService{{Host: "cn9", Status: openstack.Unknown}}}, "", "a cell does not answer"},
	})
}

func witnesses(t *testing.T, cases map[string]witnessCase) {
	t.Helper()
	for name, c := range cases {
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

// A node or a service that is not as it was judged, or that can't be seen, forbids the write.
func TestNodesAndServices(t *testing.T) {
	up := openstack.ComputeService{Binary: "nova-compute", Host: "cn1", Status: "disabled", State: "up"}
	down, dark := up, openstack.ComputeService{Host: "cn9", Status: openstack.Unknown}
	down.State = "down"
	disabled := core.Guard{Service: true, Host: "cn1", Status: "disabled"}
	for name, c := range map[string]struct {
		nova  compute
		guard core.Guard
		want  string
	}{
		"no such node":         {compute{}, core.Guard{NoNode: provider}, ""},
		"a node":               {compute{nodes: []openstack.Hypervisor{{UUID: provider, Name: "cn1"}}}, core.Guard{NoNode: provider}, "Nova has a compute node cn1"},
		"a silent cell":        {compute{services: []openstack.ComputeService{dark}}, core.Guard{NoNode: provider}, "a cell does not answer"},
		"the service":          {compute{services: []openstack.ComputeService{up}}, disabled, ""},
		"the service is down":  {compute{services: []openstack.ComputeService{down}}, disabled, "is disabled and down"},
		"the service is gone":  {compute{}, disabled, "there is no nova-compute on cn1"},
		"it was enabled since": {compute{services: []openstack.ComputeService{up}}, core.Guard{Service: true, Host: "cn1", Status: "enabled"}, "is disabled and up"},
	} {
		why, err := (&repair.Nova{Compute: c.nova, Admin: true}).Broken(t.Context(), []core.Guard{c.guard})
		if err != nil || !strings.Contains(why, c.want) || (why == "") != (c.want == "") {
			t.Errorf("%s: %q, %v", name, why, err)
		}
	}
	if _, err := (&repair.Nova{Compute: compute{}}).Broken(t.Context(), []core.Guard{{NoNode: provider}}); err == nil {
		t.Error("a login that is not shown all nodes")
	}
}
