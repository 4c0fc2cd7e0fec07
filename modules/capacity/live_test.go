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

// listed is what Nova lists of flavors that are like m1.small, by their names.
func listed(names ...string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = fmt.Sprintf(`{"id": "%d", "name": %q, "vcpus": 1, "ram": 2048, "disk": 20, "OS-FLV-EXT-DATA:ephemeral": 0, "swap": 0, "extra_specs": {}}`, i, name)
	}
	return `{"flavors": [` + strings.Join(all, ",") + `]}`
}

// replay serves what was recorded of one service, and one flavor. It fails what was not recorded. Paths that begin as in instead get that
// answer; an empty one is a failure of the service.
func replay(t *testing.T, service string, instead map[string]string) string {
	t.Helper()
	all, servers := recorded(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for path, body := range instead {
			if strings.HasPrefix(r.URL.Path, path) {
				answer(w, body)
				return
			}
		}
		if strings.HasPrefix(r.URL.Path, "/flavors/detail") {
			_, _ = fmt.Fprint(w, listed("m1.small"))
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

func answer(w http.ResponseWriter, body string) {
	if body == "" {
		w.WriteHeader(http.StatusForbidden)
		body = `{"forbidden": {"code": 403, "message": "Policy does not allow it"}}`
	}
	_, _ = fmt.Fprint(w, body)
}

// cloud are the options that read the recorded cloud, of which Nova answers some paths in another way.
func cloud(t *testing.T, nova map[string]string, more dict) dict {
	t.Helper()
	args := dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": replay(t, "placement", nil), "compute_endpoint": replay(t, "compute", nova),
	}
	for key, value := range more {
		args[key] = value
	}
	return args
}

// In a cloud the truth is read as the audit reads it.
func TestTruthOfACloud(t *testing.T) {
	answer := ansibletest.RunAtOnce(t, capacity.Module(), cloud(t, nil, dict{"truth": true, "show": true}))
	if said := fmt.Sprint(answer["not_read"]); answer["complete"] != true || answer["failed"] == true {
		t.Errorf("%v %s", answer["msg"], said)
	}
	explains(t, answer)
}
