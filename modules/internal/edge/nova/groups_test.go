// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

func TestGroupTypes(t *testing.T) {
	stricttest.Types(t, "groups.go", &groupList{}, &oneGroup{}, &groupRules{})
}

// A group has its policy and how many servers a host may have; one that is gone is not found.
func TestServerGroups(t *testing.T) {
	const group = `{"id": "g", "name": "web", "policy": "anti-affinity", "rules": {"max_server_per_host": 3}, "members": ["a", "b"], "project_id": "p", "user_id": "u"}`
	const plain = `{"id": "h", "name": "db", "policy": "affinity", "rules": {}, "members": [], "project_id": "p", "user_id": "u"}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.RequestURI() {
		case "/":
			_, _ = w.Write([]byte(`{"version": {"min_version": "2.1", "version": "2.93"}}`))
		case "/os-server-groups/g":
			_, _ = w.Write([]byte(`{"server_group": ` + group + `}`))
		case "/os-server-groups?all_projects=True":
			_, _ = w.Write([]byte(`{"server_groups": [` + group + `, ` + plain + `]}`))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"itemNotFound": {"code": 404, "message": "Instance group x could not be found."}}`))
		}
	}))
	t.Cleanup(server.Close)
	c, err := New(t.Context(), &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "compute"})
	if err != nil {
		t.Fatal(err)
	}
	if g, err := c.ServerGroup(t.Context(), "g"); err != nil || g.Policy != "anti-affinity" || g.MaxPerHost != 3 || len(g.Members) != 2 || g.Name != "web" {
		t.Errorf("%+v %v", g, err)
	}
	if all, err := c.ServerGroups(t.Context()); err != nil || len(all) != 2 || all[1].MaxPerHost != 1 {
		t.Errorf("%+v %v", all, err)
	}
	if _, err := c.ServerGroup(t.Context(), "x"); !errors.Is(err, cloud.ErrNotFound) {
		t.Error(err)
	}
}
