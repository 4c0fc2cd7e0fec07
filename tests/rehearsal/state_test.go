// SPDX-License-Identifier: Apache-2.0

//go:build lab

package rehearsal_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// state is what an upgrade must leave as it was.
type state struct {
	Nodes       map[string]string                // UUIDs of the hypervisors, by name
	Providers   map[string]string                // and of the resource providers
	Servers     map[string]live.Server           // by UUID
	Allocations map[string]map[string]live.Share // by provider and consumer
}

// state reads it.
func (r *rehearsal) state(t *testing.T) state {
	t.Helper()
	providers, err := r.cloud.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := state{Providers: providers, Nodes: map[string]string{}, Servers: map[string]live.Server{}, Allocations: map[string]map[string]live.Share{}}
	for name, uuid := range providers {
		var answer struct{ Allocations map[string]live.Share }
		if err := r.cloud.Placement(t.Context(), http.MethodGet, "/resource_providers/"+uuid+"/allocations", nil, &answer); err != nil {
			t.Fatalf("allocations of %s: %v", name, err)
		}
		s.Allocations[uuid] = answer.Allocations
	}
	var servers struct{ Servers []live.Server }
	if err := r.cloud.Nova(t.Context(), http.MethodGet, "/servers/detail?all_tenants=1", nil, &servers); err != nil {
		t.Fatal(err)
	}
	for _, server := range servers.Servers {
		s.Servers[server.ID] = server
	}
	var nodes struct {
		Hypervisors []struct {
			ID   string
			Name string `json:"hypervisor_hostname"`
		}
	}
	if err := r.cloud.Nova(t.Context(), http.MethodGet, "/os-hypervisors", nil, &nodes); err != nil {
		t.Fatal(err)
	}
	for _, node := range nodes.Hypervisors {
		s.Nodes[node.Name] = node.ID
	}
	return s
}

// logs returns the beginning of each log, as far as it was written until now.
func (r *rehearsal) logs(t *testing.T) map[string]string {
	t.Helper()
	r.Read(t)
	text := map[string]string{}
	for _, file := range r.Logs {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text[file] = string(data)
	}
	return text
}

// kept fails the test for each log that does not go on where it was.
func (r *rehearsal) kept(t *testing.T, before map[string]string) {
	t.Helper()
	after := r.logs(t)
	for file, text := range before {
		if !strings.HasPrefix(after[file], text) {
			t.Errorf("%s does not go on after the upgrade", file)
		}
	}
}
