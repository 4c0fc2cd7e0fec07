// SPDX-License-Identifier: Apache-2.0

package inventory_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	runs   = "a0000000-0000-4000-8000-000000000001"
	leaves = "b0000000-0000-4000-8000-000000000002" // the move of runs
	nobody = "c0000000-0000-4000-8000-000000000003"
)

// named is a Nova with one server, which is being moved. Where broken it answers one request with 403.
func named(t *testing.T, broken string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/v2.1")
		switch {
		case path == broken:
			answer(w, http.StatusForbidden, dict{"forbidden": dict{"code": http.StatusForbidden, "message": "no"}})
		case path == "/":
			answer(w, http.StatusOK, dict{"version": dict{"min_version": "2.1", "version": "2.93"}})
		case path == "/os-migrations" && r.URL.Query().Get("marker") == "":
			answer(w, http.StatusOK, dict{"migrations": []any{finished()}})
		case path == "/os-migrations":
			answer(w, http.StatusOK, dict{"migrations": []any{}})
		case path == "/servers/"+runs:
			answer(w, http.StatusOK, dict{"server": resized()})
		case path == "/servers/detail":
			answer(w, http.StatusOK, dict{"servers": []any{}})
		default:
			answer(w, http.StatusNotFound, dict{"itemNotFound": dict{"code": http.StatusNotFound, "message": "none"}})
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// A refusal names who is in the way; where Nova can't be read it has the UUIDs, and is refused all the same.
func TestNamesOfConsumers(t *testing.T) {
	const who = runs + " (server web, VERIFY_RESIZE on cn1) 9, " + leaves + " (migration of server web, finished; the server is on cn1) 8, " + nobody + " 3"
	const half = runs + " (server web, VERIFY_RESIZE on cn1) 9, " + leaves + " 8, " + nobody + " 3"
	const plain = runs + " 9, " + leaves + " 8, " + nobody + " 3"
	for name, c := range map[string]struct{ endpoint, want string }{
		"Nova":               {named(t, ""), who},
		"no Nova":            {"", plain},
		"Nova says no":       {named(t, "/"), plain},
		"no list of moves":   {named(t, "/os-migrations"), half},
		"no list of servers": {named(t, "/servers/detail"), plain},
	} {
		f := newFake(t)
		f.used, f.held = 20, dict{}
		for uuid, amount := range map[string]int{runs: 9, leaves: 8, nobody: 3} {
			f.held[uuid] = dict{"resources": dict{"VCPU": amount}, "consumer_generation": 1}
		}
		args := dict{"inventories": dict{"VCPU": dict{"total": 2}}}
		if c.endpoint != "" {
			args["compute_endpoint"] = c.endpoint
		}
		answer := f.run(args)
		msg, _ := answer["msg"].(string)
		if answer["failed"] != true || !strings.Contains(msg, "most by "+c.want+";") || !strings.HasPrefix(msg, "refused, and nothing was written") {
			t.Errorf("%s: %s", name, msg)
		}
		if list, _ := answer["warnings"].([]any); len(list) > 0 {
			t.Errorf("%s: %v", name, list)
		}
	}
}

// resized is a server that waits for its resize to be confirmed, and finished that resize.
func resized() dict {
	return dict{
		"id": runs, "name": "web", "OS-EXT-SRV-ATTR:host": "cn1", "status": "VERIFY_RESIZE", "OS-EXT-STS:vm_state": "resized", "tenant_id": "p",
		"created": "2026-11-22T10:00:00Z", "flavor": dict{"original_name": "f", "vcpus": 1, "ram": 2, "disk": 3, "ephemeral": 0, "swap": 0, "extra_specs": dict{}},
	}
}

func finished() dict {
	return dict{
		"uuid": leaves, "instance_uuid": runs, "migration_type": "resize", "status": "finished", "source_compute": "cn2", "source_node": "cn2",
		"dest_compute": "cn1", "dest_node": "cn1", "created_at": "2026-11-22T10:00:00", "updated_at": nil,
	}
}
