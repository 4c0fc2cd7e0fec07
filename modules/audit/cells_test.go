// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// silenced makes the recorded services those of a cloud in which the cell of one host does not answer: Nova then gives
// a record without an id (TestLabPartialSight has the real one).
func silenced(t *testing.T, body, host string) []byte {
	t.Helper()
	var answer struct {
		Services []map[string]any `json:"services"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	for i, s := range answer.Services {
		if s["host"] == host {
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
	whole := found(auditRecorded(t, "", nil, nil))
	for nth := int32(1); nth <= 6; nth++ {
		needCells, others := []string{"PLC101", "PLC105", "PLC201"}, whole // nothing is wrong with cn6
		if nth == 3 || nth == 4 {                                          // servers of other projects are looked for in lists, which lack what is in the cell
			needCells = []string{"PLC101"}
			others = slices.DeleteFunc(slices.Clone(whole), func(id string) bool { return id == "PLC101" })
		}
		var calls atomic.Int32
		answer := auditRecorded(t, "compute", has("/os-services"), func(w http.ResponseWriter, e exchange) {
			body := []byte(e.Body)
			if calls.Add(1) == nth {
				body = silenced(t, e.Body, "cn6")
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

// One cell of several does not answer: what is in it is not judged and named, all else is.
func TestOneCellDown(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	lostWith := map[string]int{"cn1": 3, "cn2": 2, "cn4": 1, "cn6": 1} // what is wrong there, and PLC101: this login is no administrator's
	for host := range lostWith {
		answer := auditRecorded(t, "compute", has("/"), func(w http.ResponseWriter, e exchange) { dark(t, w, e, host) })
		got := fingerprints(answer)
		for _, text := range got {
			if !slices.Contains(fingerprints(whole), text) && !strings.HasPrefix(text, "PLC501") {
				t.Errorf("without %s %s is found", host, text)
			}
		}
		if !slices.Contains(found(answer), "PLC501") || answer["complete"] != false {
			t.Errorf("without %s: complete %v, found %v", host, answer["complete"], found(answer))
		}
		if msg := fmt.Sprint(answer["msg"]); !strings.Contains(msg, "judged without "+host+": a cell does not answer") {
			t.Errorf("without %s: %s", host, msg)
		}
		if lost := len(found(whole)) + 1 - len(got); lost > lostWith[host] {
			t.Errorf("without %s %d findings are lost: %v", host, lost, got)
		}
	}
}

// A scope is what it is while a cell does not answer.
func TestScopeWithOneCellDown(t *testing.T) {
	args := map[string]any{"hosts": "cn1"}
	whole := auditRecordedWith(t, args, "", nil, nil)
	answer := auditRecordedWith(t, args, "compute", has("/"), func(w http.ResponseWriter, e exchange) { dark(t, w, e, "cn6") })
	want := slices.DeleteFunc(fingerprints(whole), func(text string) bool { return strings.HasPrefix(text, "PLC101") })
	got := slices.DeleteFunc(fingerprints(answer), func(text string) bool { return strings.HasPrefix(text, "PLC501") })
	if !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("found %v, want %v", got, want)
	}
}

// dark answers as Nova does while the cell of a host does not answer: its services and the single reads of its servers are UNKNOWN,
// the lists lack what is there.
func dark(t *testing.T, w http.ResponseWriter, e exchange, host string) {
	t.Helper()
	var one struct {
		Server map[string]any `json:"server"`
	}
	switch {
	case strings.HasPrefix(e.Path, "/os-services"):
		_, _ = w.Write(silenced(t, e.Body, host))
	case strings.HasPrefix(e.Path, "/servers/detail"), strings.HasPrefix(e.Path, "/os-hypervisors"), strings.HasPrefix(e.Path, "/os-migrations"):
		_, _ = w.Write(without(t, e, host))
	case strings.HasPrefix(e.Path, "/servers/") && json.Unmarshal([]byte(e.Body), &one) == nil && one.Server["OS-EXT-SRV-ATTR:host"] == host:
		_ = json.NewEncoder(w).Encode(map[string]any{"server": map[string]any{"id": one.Server["id"], "status": "UNKNOWN"}})
	default:
		w.WriteHeader(e.Status)
		_, _ = w.Write([]byte(e.Body))
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

// without leaves the entries of a host out of one of Nova's lists.
func without(t *testing.T, e exchange, host string) []byte {
	t.Helper()
	var list map[string][]map[string]any
	if err := json.Unmarshal([]byte(e.Body), &list); err != nil {
		t.Fatal(err)
	}
	for key := range list {
		list[key] = slices.DeleteFunc(list[key], func(v map[string]any) bool {
			service, _ := v["service"].(map[string]any)
			return slices.Contains([]any{v["OS-EXT-SRV-ATTR:host"], v["host"], service["host"], v["source_compute"]}, any(host))
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
	answer := auditRecorded(t, "compute", lists, func(w http.ResponseWriter, e exchange) { _, _ = w.Write(without(t, e, "cn4")) })
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
