// SPDX-License-Identifier: Apache-2.0

package providerinfo_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/providerinfo"
)

const rack1, rack2 = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"

// racks is a Nova with two host aggregates, and a Placement that keeps what it is asked of member_of.
func racks(t *testing.T, asked *[]string) string {
	t.Helper()
	aggregate := func(id int, uuid string) string {
		return fmt.Sprintf(`{"id": %d, "name": "rack%d", "uuid": %q, "hosts": [], "metadata": {}, "availability_zone": null}`, id, id, uuid)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := `{"resource_providers": []}`
		switch {
		case r.URL.Path == "/nova/":
			body = `{"version": {"id": "v2.1", "status": "CURRENT", "version": "2.93", "min_version": "2.1", "links": []}}`
		case r.URL.Path == "/nova/os-aggregates":
			body = `{"aggregates": [` + aggregate(1, rack1) + ", " + aggregate(2, rack2) + `]}`
		case r.URL.Path == "/":
			body = `{"versions": [{"id": "v1.0", "min_version": "1.0", "max_version": "1.39"}]}`
		case r.URL.Query().Has("member_of"):
			*asked = r.URL.Query()["member_of"]
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Each name of an entry is that of a host aggregate, and one that is not is named with its entry.
func TestNamesOfAggregates(t *testing.T) {
	for entries, want := range map[string]string{
		"in:rack1,2":            "in:" + rack1 + "," + rack2,
		"rack1":                 rack1,
		"!rack2":                "!" + rack2,
		"!in: rack1, " + rack2:  "!in:" + rack1 + "," + rack2,
		"rack1,rack2":           rack1 + " " + rack2,
		"in:rack1,rack3,rack4":  "value of member_of[0] must be a UUID, or the name or number of one Nova host aggregate; 0 have it, got: rack3",
		"rack1,!in:rack1,rack2": "value of member_of[0] must be a UUID, or the name or number of one Nova host aggregate; 0 have it, got: rack1,!in:rack1,rack2",
	} {
		var asked []string
		url := racks(t, &asked)
		answer := ansibletest.RunAtOnce(t, providerinfo.Module(), map[string]any{
			"auth_type": "admin_token", "auth": map[string]any{"token": "t0ken"}, "placement_endpoint": url, "compute_endpoint": url + "/nova",
			"member_of": entries, "details": []string{},
		})
		if msg, _ := answer["msg"].(string); strings.Join(asked, " ") != want && !strings.Contains(msg, want) {
			t.Errorf("%s: %v, %s", entries, asked, msg)
		}
	}
}
