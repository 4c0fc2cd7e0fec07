// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// twoFaced is a Nova whose answers may exclude each other, and a Placement, which the lab can't be made to be.
type twoFaced struct {
	servers  map[string]string // host by UUID
	unlisted []string          // UUIDs that the list of a host leaves out
	hidden   []string          // UUIDs that have 404 when they are read one by one
	status   string            // of the compute service of cn6
	filters  bool              // whether the list of servers takes filters
	held     map[string]string // provider by consumer
}

func (n *twoFaced) server(uuid string) map[string]any {
	return map[string]any{
		"id": uuid, "name": "name-" + uuid[:1], "OS-EXT-SRV-ATTR:host": n.servers[uuid], "status": "ACTIVE", "OS-EXT-STS:vm_state": "active", "tenant_id": "p",
		"created": "2026-11-22T10:00:00Z", "flavor": map[string]any{
			"original_name": "f", "vcpus": 1, "ram": 2, "disk": 3, "ephemeral": 0, "swap": 0, "extra_specs": map[string]string{},
		},
	}
}

func (n *twoFaced) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body any
	q := r.URL.Query()
	uuid := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/servers/"), "/allocations/")
	switch {
	case r.URL.Path == "/":
		body = map[string]any{"version": map[string]string{"min_version": "2.1", "version": "2.93"}, "versions": []any{map[string]string{"min_version": "1.0", "max_version": "1.39"}}}
	case r.URL.Path == "/os-services":
		body = map[string]any{"services": []any{map[string]any{"id": "s", "binary": "nova-compute", "host": "cn6", "state": "up", "status": n.status}}}
	case r.URL.Path == "/servers/detail":
		body = map[string]any{"servers": n.list(q.Get("host"), q.Get("uuid"), q.Get("marker"))}
	case strings.HasPrefix(r.URL.Path, "/allocations/"):
		body = map[string]any{"allocations": map[string]any{n.held[uuid]: map[string]any{"resources": map[string]int{"VCPU": 1}}}, "consumer_generation": 1, "project_id": "p", "user_id": "u"}
	case n.servers[uuid] != "" && !slices.Contains(n.hidden, uuid):
		body = map[string]any{"server": n.server(uuid)}
	default:
		w.WriteHeader(http.StatusNotFound)
		body = map[string]any{"itemNotFound": map[string]any{"code": http.StatusNotFound, "message": "none"}}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func (n *twoFaced) list(host, uuid, marker string) []any {
	found := []any{}
	for id, where := range n.servers {
		switch {
		case marker != "", uuid != "" && id != uuid, n.filters && host != "" && where != host, host != "" && slices.Contains(n.unlisted, id):
		default:
			found = append(found, n.server(id))
		}
	}
	return found
}

const (
	stays = "a0000000-0000-4000-8000-000000000001" // on cn1
	went  = "b0000000-0000-4000-8000-000000000002" // evacuated from cn1 to cn2
	move  = "c0000000-0000-4000-8000-000000000003" // the move of stays
	fled  = "d0000000-0000-4000-8000-000000000004" // the evacuation
	none  = "e0000000-0000-4000-8000-000000000005"
	node2 = "f0000000-0000-4000-8000-000000000006" // compute node of cn2
)

func newTwoFaced(change func(*twoFaced)) *twoFaced {
	n := &twoFaced{servers: map[string]string{stays: "cn1", went: "cn2"}, status: "enabled", filters: true, held: map[string]string{went: node2}}
	change(n)
	return n
}

// read reads cn1 and who three consumers are.
func (n *twoFaced) read(t *testing.T, admin bool) (*Occupied, error) {
	t.Helper()
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	client := func(of string) *gophercloud.ServiceClient {
		return &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: of}
	}
	src := Source{Concurrency: 4, Admin: admin}
	var err error
	if src.Compute, err = nova.New(t.Context(), client("compute")); err != nil {
		t.Fatal(err)
	}
	if src.Placement, err = placement.New(t.Context(), client("placement")); err != nil {
		t.Fatal(err)
	}
	s := snapshot.Empty(checktest.Taken())
	s.ProviderList = []openstack.Provider{{UUID: node2, Name: "cn2", RootUUID: node2}}
	s.HypervisorList = []openstack.Hypervisor{{UUID: node2, Name: "cn2", ServiceHost: "cn2"}, {UUID: none, Name: "CN1.example.org", ServiceHost: "other"}}
	s.MigrationList = []openstack.Migration{
		{UUID: move, ServerUUID: stays, Type: "resize", Status: "finished", SourceHost: "cn3", DestHost: "cn1", Created: time.Now()},
		{UUID: fled, ServerUUID: went, Type: "evacuation", Status: "done", SourceHost: "cn1", DestHost: "cn2"},
		{UUID: "cleaned", ServerUUID: went, Type: "evacuation", Status: "completed", SourceHost: "cn4", DestHost: "cn1"},
		{UUID: "moved", ServerUUID: went, Type: "live-migration", Status: "done", SourceHost: "cn5", DestHost: "cn1"},
	}
	return ReadHosts(t.Context(), src, s, []string{"cn1"}, []string{stays, went, move, none})
}

// Servers, moves and nodes of a host, and who holds something.
func TestReadHosts(t *testing.T) {
	got, err := newTwoFaced(func(*twoFaced) {}).read(t, true)
	if err != nil {
		t.Fatal(err)
	}
	on := got.Hosts[0]
	if len(on.Servers) != 1 || on.Servers[0].UUID != stays || on.Servers[0].Name != "name-a" || len(on.Moves) != 1 || on.Moves[0].Name != "name-a" {
		t.Errorf("%+v", on)
	}
	if len(on.Nodes) != 1 || on.Nodes[0].ServiceHost != "other" {
		t.Errorf("%+v", on.Nodes)
	}
	var kinds []string
	for _, h := range got.Holders {
		kinds = append(kinds, h.Kind)
		if h.Contradiction != "" || h.LeftOverBy("CN1") != (h.UUID == went) || h.LeftOverBy("cn2") {
			t.Errorf("%+v", h)
		}
	}
	if want := []string{"server", "server", "migration", "unknown"}; !slices.Equal(kinds, want) {
		t.Errorf("%v, want %v", kinds, want)
	}
	if from := got.Holders[1].EvacuatedFrom; !slices.Equal(from, []string{"cn1"}) {
		t.Errorf("%v", from)
	}
	if m := got.Holders[2]; m.ServerUUID != stays || m.Name != "name-a" || m.Host != "cn1" || m.Status != "finished" {
		t.Errorf("%+v", m)
	}
}

type doubtCase struct {
	nova  *twoFaced
	other bool // another login than the administrator's
	err   string
	says  string // of the first holder
}

// What Nova does not say is an error, and what it says in two ways is told.
func TestReadHostsInDoubt(t *testing.T) {
	doubts(t, map[string]doubtCase{
		"a cell is down":        {nova: newTwoFaced(func(n *twoFaced) { n.status = openstack.Unknown }), err: "a cell does not answer"},
		"filters are ignored":   {nova: newTwoFaced(func(n *twoFaced) { n.filters = false }), err: "nova ignores the filters of this login"},
		"listed, and 404":       {nova: newTwoFaced(func(n *twoFaced) { n.hidden = []string{stays} }), says: "nova lists server " + stays + ", but answers 404"},
		"another login has 404": {nova: newTwoFaced(func(n *twoFaced) { n.hidden = []string{stays} }), other: true},
		"there, and not listed": {nova: newTwoFaced(func(n *twoFaced) { n.unlisted = []string{stays} }), says: "nova has server " + stays + " on cn1 when it is read by its UUID, but does not list it"},
	})
}

func doubts(t *testing.T, cases map[string]doubtCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := c.nova.read(t, !c.other)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if said := got.Holders[0].Contradiction; (said != "") != (c.says != "") || !strings.Contains(said, c.says) {
				t.Errorf("%q", said)
			}
		})
	}
}

// An evacuated server that holds nothing where it is now has left all it has.
func TestReadHostsHoldsNothing(t *testing.T) {
	got, err := newTwoFaced(func(n *twoFaced) { n.held = map[string]string{went: none} }).read(t, true)
	if err != nil || got.Holders[1].HoldsAtHost || got.Holders[1].LeftOverBy("cn1") {
		t.Errorf("%v, %+v", err, got)
	}
}
