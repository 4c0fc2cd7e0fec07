// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// exchange is one answer of a real service.
type exchange struct {
	Service, Path, Body string
	Status              int
}

// made are answers to what was not recorded: a flavor of a whole disk, and that Placement has no candidates for it.
func made(path string) string {
	switch {
	case strings.HasPrefix(path, "/flavors/detail"):
		return `{"flavors": [{"id": "1", "name": "big", "vcpus": 1, "ram": 1024, "disk": 988, "OS-FLV-EXT-DATA:ephemeral": 0, "swap": 0, "extra_specs": {}}]}`
	case strings.HasPrefix(path, "/allocation_candidates"):
		return `{"allocation_requests": [], "provider_summaries": {}}`
	case strings.HasPrefix(path, "/traits"):
		return `{"traits": ["COMPUTE_STATUS_DISABLED", "MISC_SHARES_VIA_AGGREGATE"]}`
	}
	return ""
}

// serversWith are the recorded servers that have a text.
func serversWith(t *testing.T, all []exchange, text string) (found []string) {
	t.Helper()
	for _, e := range all {
		if e.Path != "/servers/detail?all_tenants=True" {
			continue
		}
		var list struct{ Servers []json.RawMessage }
		if err := json.Unmarshal([]byte(e.Body), &list); err != nil {
			t.Fatal(err)
		}
		for _, raw := range list.Servers {
			if strings.Contains(string(raw), text) {
				found = append(found, string(raw))
			}
		}
	}
	return found
}

// on lists the recorded servers of a host.
func on(t *testing.T, all []exchange, host string) string {
	t.Helper()
	return `{"servers": [` + strings.Join(serversWith(t, all, `"OS-EXT-SRV-ATTR:host": "`+host+`"`), ", ") + `]}`
}

// replay serves what was recorded of one service. A list of servers of one host fails where that is asked for.
func replay(t *testing.T, service string, refused bool) string {
	t.Helper()
	var all []exchange
	if err := json.Unmarshal([]byte(read(t, filepath.Join("..", "..", "tests", "recorded", "conversation.json"))), &all); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body, status := made(r.URL.Path), http.StatusOK
		if host := r.URL.Query().Get("host"); host != "" {
			body = on(t, all, host)
			if refused {
				status = http.StatusForbidden
			}
		}
		for _, e := range all {
			if body == "" && e.Service == service && e.Path == r.URL.RequestURI() {
				body, status = e.Body, e.Status
			}
		}
		if body == "" {
			t.Errorf("%s %s was never recorded", service, r.URL.RequestURI())
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// In a cloud the servers of the nearest hosts are listed to find the one that would make room. That they can't be listed is told.
func TestLiveMigrationInACloud(t *testing.T) {
	for _, refused := range []bool{false, true} {
		answer := ansibletest.RunAtOnce(t, candidates.Module(), dict{
			"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": replay(t, "placement", false),
			"compute_endpoint": replay(t, "compute", refused), "flavor": "big", "host": "cn1",
		})
		move, moves := answer["move"].(dict)
		open := fmt.Sprint(answer["not_judged"])
		if answer["lands"] != false || moves == refused || refused != strings.Contains(open, "whether a live migration would make room: list servers on cn1: 403") {
			t.Errorf("%v %v %s", answer["msg"], move, open)
		}
		if moves && (move["from"] != "cn1" || move["to"] == "cn1" || move["to"] == "") {
			t.Error(move)
		}
	}
}
