// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// A Placement before 1.38, which the lab does not have, does not count consumers: if something is used by a project that
// none of the known consumers belongs to, these are not all.
func TestUncountedConsumers(t *testing.T) {
	for usages, wrong := range map[string]bool{`{}`: false, `{"VCPU": 1}`: true} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := `{"versions": [{"min_version": "1.0", "max_version": "1.37"}]}`
			if r.URL.Path == "/usages" {
				answer = `{"usages": ` + usages + `}`
			}
			_, _ = w.Write([]byte(answer))
		}))
		client, err := placement.New(t.Context(), &gophercloud.ServiceClient{
			ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "placement",
		})
		if err != nil {
			t.Fatal(err)
		}
		r := &reader{Source: Source{Placement: client}, s: snapshot.Empty(checktest.Taken())}
		if err := r.readIncomplete(t.Context()); (err != nil) != wrong || wrong && !strings.Contains(err.Error(), "none could be found") {
			t.Errorf("usages %s: %v", usages, err)
		}
		server.Close()
	}
}
