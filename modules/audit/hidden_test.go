// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// hiding replays the recorded cloud to a login without the role admin, to which Nova shows no single server of another project,
// whether it exists or not. In place of the list of all projects with a filter it gets what look makes of it.
func hiding(t *testing.T, look func(path string) (body string, instead bool)) map[string]any {
	t.Helper()
	single := both(has("/servers/"), func(p string) bool { return !strings.Contains(p, "detail") })
	matches := func(path string) bool {
		_, instead := look(path)
		return instead || single(path)
	}
	return auditRecorded(t, "compute", matches, func(w http.ResponseWriter, e exchange) {
		if body, instead := look(e.Path); instead {
			_, _ = w.Write([]byte(body))
			return
		}
		status(http.StatusNotFound, `{"itemNotFound": {"code": 404, "message": "Instance could not be found."}}`)(w, e)
	})
}

// A server that a login may not read alone is found in the list of all projects, and is not called gone. One that is gone is.
func TestServersOfOtherProjects(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	answer := hiding(t, func(string) (string, bool) { return "", false })
	if answer["complete"] != true || !slices.Equal(fingerprints(answer), fingerprints(whole)) || !slices.Contains(found(answer), "PLC101") {
		t.Errorf("found %v, want %v, not run %v", fingerprints(answer), fingerprints(whole), notRun(answer))
	}
}

// Where the list does not show that it would have the server, nobody calls the server gone.
func TestServersHidden(t *testing.T) {
	all := ""
	for _, e := range conversation(t) {
		if e.Path == "/servers/detail?all_tenants=True" {
			all = e.Body
		}
	}
	filtered := has("soft_deleted=")
	for name, c := range map[string]struct {
		look func(path string) (string, bool)
		want string
	}{
		"the filter is ignored": {func(p string) (string, bool) { return all, filtered(p) }, "ignores the filters"},
		"nothing is found":      {func(p string) (string, bool) { return `{"servers": []}`, filtered(p) }, "no other server could be found in the same way"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := hiding(t, c.look)
			reasons := notRun(answer)
			for _, id := range []string{"PLC101", "PLC105"} {
				if !strings.Contains(reasons[id], c.want) || !strings.Contains(reasons[id], "allow_all_filters") || !strings.Contains(reasons[id], "docs/privileges.md") {
					t.Errorf("%s: %q", id, reasons[id])
				}
			}
			for _, id := range found(answer) {
				if strings.HasPrefix(id, "PLC1") && id != "PLC109" { // it is about providers
					t.Errorf("found %v", found(answer))
				}
			}
		})
	}
}

// While a cell does not answer, Nova leaves its servers out of a list with a filter without a word.
func TestServersOfCellsDown(t *testing.T) {
	services := 0
	answer := hiding(t, func(p string) (string, bool) {
		if p != "/os-services" {
			return "", false
		}
		services++
		return `{"services": [{"binary": "nova-compute", "host": "cn6", "status": "UNKNOWN"}]}`, services > 4 // two of the first look, asked about twice
	})
	if reason := notRun(answer)["PLC101"]; !strings.Contains(reason, "a cell does not answer") {
		t.Errorf("after %d lists of services: PLC101: %q", services, reason)
	}
}

// Nova's policy takes the extra specs of flavors, and the hosts of migrations, out of its answers without a word.
func TestHiddenDetails(t *testing.T) {
	for path, c := range map[string]struct{ shown, hidden, check, want string }{
		"/servers/detail": {`"extra_specs"`, `"hidden"`, "PLC106", "os_compute_api:servers:show:flavor-extra-specs"},
		"/os-migrations":  {`"source_compute": ?"[^"]*"`, `"source_compute": null`, "PLC107", "os_compute_api:os-migrations:index:host"},
	} {
		answer := auditRecorded(t, "compute", has(path), func(w http.ResponseWriter, e exchange) {
			_, _ = fmt.Fprint(w, regexp.MustCompile(c.shown).ReplaceAllString(e.Body, c.hidden))
		})
		if reason := notRun(answer)[c.check]; !strings.Contains(reason, c.want) || answer["clean"] != false {
			t.Errorf("%s: %q", c.check, reason)
		}
	}
}

// Whoever names PLC508 has each server looked at alone: here none is found so. Otherwise it takes another check's suspicion.
func TestEachServer(t *testing.T) {
	single := both(has("/servers/"), func(p string) bool { return !strings.Contains(p, "detail") })
	asked := func(more map[string]any) int {
		var mu sync.Mutex // several requests are in flight
		seen := map[string]bool{}
		auditRecordedWith(t, more, "compute", single, func(w http.ResponseWriter, e exchange) {
			mu.Lock()
			seen[e.Path] = true
			mu.Unlock()
			status(http.StatusNotFound, `{"itemNotFound": {"code": 404, "message": "Instance could not be found."}}`)(w, e)
		})
		return len(seen)
	}
	if n := asked(map[string]any{"checks": "PLC508"}); n < 6 { // s1 to s6
		t.Errorf("%d servers were looked at alone", n)
	}
	if n := asked(map[string]any{"checks": "PLC105,PLC505"}); n >= 6 {
		t.Errorf("%d servers were looked at alone, of which one check suspects something", n)
	}
}
