// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// exchange is one answer of a real service.
type exchange struct {
	Service, Path, Body string
	Status              int
}

// recorded are the answers, and the servers of the list of them, by UUID.
func recorded(t *testing.T) (all []exchange, servers map[string]string) {
	t.Helper()
	if err := json.Unmarshal([]byte(read(t, filepath.Join("..", "..", "tests", "recorded", "conversation.json"))), &all); err != nil {
		t.Fatal(err)
	}
	servers = map[string]string{}
	for _, e := range all {
		if e.Path != "/servers/detail?all_tenants=True" {
			continue
		}
		var list struct{ Servers []json.RawMessage }
		if err := json.Unmarshal([]byte(e.Body), &list); err != nil {
			t.Fatal(err)
		}
		for _, raw := range list.Servers {
			var one struct{ ID string }
			if err := json.Unmarshal(raw, &one); err != nil {
				t.Fatal(err)
			}
			servers[one.ID] = string(raw)
		}
	}
	return all, servers
}

// replay serves what was recorded of one service, and one flavor. It fails what was not recorded.
func replay(t *testing.T, service string) string {
	t.Helper()
	all, servers := recorded(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasPrefix(r.URL.Path, "/flavors/detail") {
			_, _ = fmt.Fprint(w, `{"flavors": [{"id": "1", "name": "m1.small", "vcpus": 1, "ram": 2048, "disk": 20, "OS-FLV-EXT-DATA:ephemeral": 0, "swap": 0, "extra_specs": {}}]}`)
			return
		}
		if r.URL.Path == "/traits" {
			_, _ = fmt.Fprint(w, `{"traits": ["COMPUTE_NODE", "COMPUTE_STATUS_DISABLED", "MISC_SHARES_VIA_AGGREGATE", "OWNER_NOVA"]}`)
			return
		}
		if uuid := r.URL.Query().Get("uuid"); uuid != "" && strings.HasPrefix(r.URL.Path, "/servers") {
			_, _ = fmt.Fprintf(w, `{"servers": [%s]}`, servers[uuid])
			return
		}
		if r.URL.Query().Has("changes-since") {
			_, _ = fmt.Fprint(w, `{"servers": []}`)
			return
		}
		for _, e := range all {
			if e.Service == service && e.Path == r.URL.RequestURI() {
				w.WriteHeader(e.Status)
				_, _ = fmt.Fprint(w, e.Body)
				return
			}
		}
		t.Errorf("%s %s was never recorded", service, r.URL.RequestURI())
		http.Error(w, "not recorded", http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// In a cloud the truth is read as the audit reads it.
func TestTruthOfACloud(t *testing.T) {
	answer := ansibletest.RunAtOnce(t, capacity.Module(), dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": replay(t, "placement"), "compute_endpoint": replay(t, "compute"), "truth": true, "show": true,
	})
	if said := fmt.Sprint(answer["not_judged"]); strings.Contains(said, "PLC") || answer["failed"] == true {
		t.Errorf("%v %s", answer["msg"], said)
	}
	explains(t, answer)
}
