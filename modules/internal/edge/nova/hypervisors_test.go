// SPDX-License-Identifier: Apache-2.0

package nova_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
)

// dark answers as a Nova whose second cell does not answer: 500 to each list that reaches it.
func dark(nodes []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			_, _ = w.Write([]byte(`{"version": {"min_version": "2.1", "version": "2.93"}}`))
			return
		}
		q := r.URL.Query()
		next := slices.Index(nodes, q.Get("marker")) + 1
		if q.Get("limit") != "1" || next >= len(nodes) {
			http.Error(w, `{"computeFault": {"code": 500, "message": "Unexpected API Error. <class 'oslo_db.exception.DBConnectionError'>"}}`,
				http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"hypervisors": []any{map[string]any{
			"id": nodes[next], "hypervisor_hostname": nodes[next], "state": "up", "status": "enabled", "hypervisor_type": "QEMU",
			"service": map[string]any{"id": nodes[next], "host": nodes[next]}, "vcpus": 1, "memory_mb": 1, "local_gb": 1,
		}}})
	})
}

// The nodes before the cell that does not answer are seen, and no others.
func TestHypervisorsInSight(t *testing.T) {
	nodes := []string{"c7af187e-7751-4240-b460-263055b4a680", "051bed3e-f718-4132-8153-f5fccf9e0acf"}
	for n := range len(nodes) + 1 {
		server := httptest.NewServer(dark(nodes[:n]))
		t.Cleanup(server.Close)
		client, err := nova.New(t.Context(), &gophercloud.ServiceClient{
			ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "compute",
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Hypervisors(t.Context()); err == nil {
			t.Errorf("%d nodes: the whole list was read", n)
		}
		var seen []string
		for _, h := range client.HypervisorsInSight(t.Context()) {
			seen = append(seen, h.UUID)
		}
		if !slices.Equal(seen, nodes[:n]) {
			t.Errorf("%d nodes: %v", n, seen)
		}
	}
}
