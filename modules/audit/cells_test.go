// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// silenced makes the recorded services those of a cloud in which the cell of one host does not answer: Nova then gives
// a record without an id (TestLabCellDown has the real one).
func silenced(t *testing.T, body string) []byte {
	t.Helper()
	var answer struct {
		Services []map[string]any `json:"services"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	for i, s := range answer.Services {
		if s["host"] == "cn6" {
			answer.Services[i] = map[string]any{"binary": s["binary"], "host": s["host"], "status": "UNKNOWN"}
		}
	}
	out, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A cell that falls silent at any time of the audit is noticed: before the lists, after them, and at the second look, where
// servers are looked for before the lists are read again.
func TestCellFallsSilent(t *testing.T) {
	for nth := int32(1); nth <= 6; nth++ {
		needCells, others := []string{"PLC101", "PLC105", "PLC201"}, []string{"PLC109", "PLC301"}
		if nth == 3 || nth == 4 {
			needCells, others = []string{"PLC101", "PLC105"}, []string{"PLC202", "PLC109", "PLC201", "PLC201", "PLC301"}
		}
		var calls atomic.Int32
		answer := auditRecorded(t, "compute", has("/os-services"), func(w http.ResponseWriter, e exchange) {
			body := []byte(e.Body)
			if calls.Add(1) == nth {
				body = silenced(t, e.Body)
			}
			_, _ = w.Write(body)
		})
		reasons := notRun(answer)
		for _, id := range needCells {
			if reasons[id] == "" {
				t.Errorf("silent at request %d of %d: %s ran", nth, calls.Load(), id)
			}
		}
		if got := found(answer); !slices.Equal(got, others) || answer["clean"] != false {
			t.Errorf("silent at request %d: found %v, clean %v", nth, got, answer["clean"])
		}
	}
}

// A server that Nova shows as UNKNOWN tells the same, even if no service does.
func TestUnknownServer(t *testing.T) {
	answer := auditRecorded(t, "compute", exactly("/servers/detail?all_tenants=True"), func(w http.ResponseWriter, e exchange) {
		var list struct {
			Servers []map[string]any `json:"servers"`
		}
		if err := json.Unmarshal([]byte(e.Body), &list); err != nil {
			t.Error(err)
		}
		list.Servers[0] = map[string]any{"id": list.Servers[0]["id"], "status": "UNKNOWN"}
		_ = json.NewEncoder(w).Encode(list)
	})
	celled := reading{parts: []snapshot.Part{snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations}}
	if len(notRun(answer)) != len(celled.checksWithout(nil)) || !slices.Equal(found(answer), []string{"PLC109", "PLC301"}) {
		t.Errorf("found %v, not run %v", found(answer), notRun(answer))
	}
}

// without leaves the entries of host cn4 out of one of Nova's lists.
func without(t *testing.T, e exchange) []byte {
	t.Helper()
	var list map[string][]map[string]any
	if err := json.Unmarshal([]byte(e.Body), &list); err != nil {
		t.Fatal(err)
	}
	for key := range list {
		list[key] = slices.DeleteFunc(list[key], func(v map[string]any) bool {
			service, _ := v["service"].(map[string]any)
			return v["OS-EXT-SRV-ATTR:host"] == "cn4" || v["host"] == "cn4" || service["host"] == "cn4"
		})
	}
	out, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A cell that is newer than the nova-api that answers is in none of its lists. A single read of one of its servers gives it
// away, and then no provider without a hypervisor is called stale either.
func TestCellNewerThanAPI(t *testing.T) {
	lists := either(has("/servers/detail"), either(has("/os-hypervisors"), has("/os-services")))
	answer := auditRecorded(t, "compute", lists, func(w http.ResponseWriter, e exchange) { _, _ = w.Write(without(t, e)) })
	reasons := notRun(answer)
	for _, id := range []string{"PLC101", "PLC201", "PLC205"} {
		if slices.Contains(found(answer), id) {
			t.Errorf("%s is found", id)
		}
	}
	for _, id := range []string{"PLC101", "PLC201"} {
		if reasons[id] == "" {
			t.Errorf("%s ran", id)
		}
	}
}
