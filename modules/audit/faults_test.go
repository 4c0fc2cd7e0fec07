// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func status(code int, body string) fault {
	return func(w http.ResponseWriter, _ exchange) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// faults are what a service can't be made to do on demand. The bodies are those of Placement 8.0.0 and of keystonemiddleware.
func faults() map[string]fault {
	return map[string]fault{
		"401": status(http.StatusUnauthorized,
			`{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`),
		"403": status(http.StatusForbidden, `{"errors": [{"status": 403, "title": "Forbidden", "detail": `+
			`"Access was denied to this resource.\n\n Policy does not allow placement:resource_providers:list to be performed.  ", `+
			`"code": "placement.undefined_code", "request_id": "req-a9444b73-3022-4eb9-83e9-302803affceb"}]}`),
		"404": status(http.StatusNotFound, `{"errors": [{"status": 404, "title": "Not Found", "detail": `+
			`"The resource could not be found.\n\n ", "request_id": "req-0ce17922-7ee3-421d-8ed8-120ad161abda"}]}`),
		"404 of a proxy": status(http.StatusNotFound, `<html><head><title>404 Not Found</title></head></html>`),
		"500": status(http.StatusInternalServerError, `{"errors": [{"status": 500, "title": "Internal Server Error", "detail": `+
			`"The server has either erred or is incapable of performing the requested operation.\n\n (sqlite3.OperationalError) database is locked"}]}`),
		"503": func(w http.ResponseWriter, _ exchange) {
			w.Header().Set("Retry-After", "0")
			status(http.StatusServiceUnavailable, `{"message": "The server is currently unavailable. Please try again at a later time.", `+
				`"code": "503 Service Unavailable", "title": "Service Unavailable"}`)(w, exchange{})
		},
		"cut":         cut,
		"broken JSON": func(w http.ResponseWriter, e exchange) { _, _ = w.Write([]byte(e.Body[:len(e.Body)-2])) },
		"no content":  status(http.StatusOK, `{}`),
		"null":        func(w http.ResponseWriter, e exchange) { _, _ = w.Write([]byte(`{"` + key(e) + `": null}`)) },
		"other page":  status(http.StatusOK, `<html><body>Welcome</body></html>`),
	}
}

// key is the first key of the recorded body.
func key(e exchange) string {
	parts := strings.SplitN(e.Body, `"`, 3)
	return parts[1]
}

// cut ends the connection in the middle of the body.
func cut(w http.ResponseWriter, e exchange) {
	w.Header().Set("Content-Length", strconv.Itoa(len(e.Body)))
	_, _ = w.Write([]byte(e.Body[:len(e.Body)/2]))
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler)
}

// Whatever happens to a list, its checks are named as not run, the audit is not complete and never clean, and the
// checks that do not need the list still run.
func TestUnreadableLists(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	for name, f := range faults() {
		for _, r := range readings() { // created again for each fault: some of them count
			t.Run(r.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				answer := auditRecorded(t, r.service, r.matches, f)
				wantNotRun(t, r, answer, found(whole))
			})
		}
	}
}

// Nothing depends on the answers about candidates: without them usages and inventories are read one by one.
func TestUnreadableCandidates(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	for name, f := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := auditRecorded(t, "placement", has("/allocation_candidates"), f)
			if answer["complete"] != true || !slices.Equal(fingerprints(answer), fingerprints(whole)) {
				t.Errorf("found %v, want %v, not run %v", fingerprints(answer), fingerprints(whole), notRun(answer))
			}
		})
	}
}

func wantNotRun(t *testing.T, r reading, answer map[string]any, whole []string) {
	t.Helper()
	if answer["failed"] == true {
		t.Fatalf("the task failed: %v", answer["msg"])
	}
	if answer["complete"] != false || answer["clean"] != false {
		t.Errorf("complete %v, clean %v: want both false", answer["complete"], answer["clean"])
	}
	reasons := notRun(answer)
	without := r.checksWithout(whole)
	if got := slices.Sorted(maps.Keys(reasons)); !slices.Equal(got, without) {
		t.Errorf("not run: %v, want exactly %v: %v", got, without, reasons)
	}
	want := slices.DeleteFunc(slices.Clone(whole), func(id string) bool { return slices.Contains(without, id) })
	if got := found(answer); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// A server that the list left out, but that exists and is not new, shows that the list is only a part.
func TestListLeavesServersOut(t *testing.T) {
	var hidden string
	answer := auditRecorded(t, "compute", has("/servers/detail"), func(w http.ResponseWriter, e exchange) {
		var list struct {
			Servers []map[string]any `json:"servers"`
		}
		if err := json.Unmarshal([]byte(e.Body), &list); err != nil {
			t.Error(err)
		}
		at := slices.IndexFunc(list.Servers, func(v map[string]any) bool { return v["name"] == "s3" })
		if at >= 0 {
			hidden, list.Servers = fmt.Sprint(list.Servers[at]["id"]), slices.Delete(list.Servers, at, at+1)
		}
		_ = json.NewEncoder(w).Encode(list)
	})
	if reason := notRun(answer)["PLC101"]; !strings.Contains(reason, "leaves out") || strings.Contains(fmt.Sprint(fingerprints(answer)), hidden) {
		t.Errorf("PLC101: %q, found %v", reason, fingerprints(answer))
	}
}

// A provider that was deleted after it was listed is left out; the rest is judged as ever.
func TestProviderDeletedMeanwhile(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	victim := staleOf(t, whole)
	answer := auditRecorded(t, "placement", has(victim), func(w http.ResponseWriter, e exchange) {
		if strings.Contains(e.Path, "?uuid=") {
			_, _ = w.Write([]byte(`{"resource_providers": []}`))
			return
		}
		faults()["404"](w, e)
	})
	if answer["complete"] != true {
		t.Fatalf("not run: %v", notRun(answer))
	}
	want := slices.DeleteFunc(fingerprints(whole), func(text string) bool { return strings.HasSuffix(text, victim) })
	if got := fingerprints(answer); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// A provider that Placement lists is there, whatever a proxy answers when it is read: nothing acquits it, and the rest is judged.
func TestProxyLosesOneProvider(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	victim := staleOf(t, whole)
	answer := auditRecorded(t, "placement", has("/resource_providers/"+victim), faults()["404"])
	if reason := notRun(answer)["PLC201"]; !strings.Contains(reason, "lists resource provider") || !strings.Contains(reason, victim) {
		t.Errorf("PLC201: %q", reason)
	}
	want := slices.DeleteFunc(fingerprints(whole), func(text string) bool { return strings.HasSuffix(text, victim) })
	if got := fingerprints(answer); !slices.Equal(got, want) || answer["clean"] != false {
		t.Errorf("found %v, want %v", got, want)
	}
}

// One provider that can't be read hides what depends on it, and nothing else.
func TestOneProviderUnread(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	for _, what := range []string{"/allocations", "/usages", "/inventories", "/aggregates"} {
		for _, name := range []string{"cn1", "cn8"} {
			victim := providerNamed(t, name)
			broken := either(exactly("/resource_providers/"+victim+what), has("/allocation_candidates"))
			answer := auditRecorded(t, "placement", broken, faults()["500"])
			if more := beyond(fingerprints(answer), fingerprints(whole)); len(more) > 0 {
				t.Errorf("without %s%s %v is found", name, what, more)
			}
			if answer["complete"] != false || len(notRun(answer)) == 0 || len(found(answer)) < len(found(whole))/2 {
				t.Errorf("without %s%s: complete %v, found %v, not run %v", name, what, answer["complete"], found(answer), notRun(answer))
			}
			if others := beyond(withouts(answer), []string{"[" + name + "]"}); len(others) > 0 {
				t.Errorf("without %s%s: %v", name, what, others)
			}
		}
	}
}

// beyond lists what is in one list and not in another.
func beyond(one, other []string) []string {
	return slices.DeleteFunc(slices.Clone(one), func(text string) bool { return slices.Contains(other, text) })
}

// withouts lists the hosts that each check did without.
func withouts(answer map[string]any) []string {
	var all []string
	list, _ := answer["not_run"].([]any)
	for _, n := range list {
		one, _ := n.(map[string]any)
		if without := one["without"]; without != nil {
			all = append(all, fmt.Sprint(without))
		}
	}
	return all
}

// providerNamed returns the UUID of a recorded provider.
func providerNamed(t *testing.T, name string) string {
	t.Helper()
	for _, e := range conversation(t) {
		var list struct {
			Providers []struct{ UUID, Name string } `json:"resource_providers"`
		}
		if e.Path != "/resource_providers" || json.Unmarshal([]byte(e.Body), &list) != nil {
			continue
		}
		for _, p := range list.Providers {
			if p.Name == name {
				return p.UUID
			}
		}
	}
	t.Fatalf("no provider %s was recorded", name)
	return ""
}

// A proxy that answers 404 to everything about single providers has not deleted them.
func TestProxyLosesProviders(t *testing.T) {
	answer := auditRecorded(t, "placement", has("/resource_providers/"), faults()["404 of a proxy"])
	reasons := notRun(answer)
	for _, id := range []string{"PLC101", "PLC201"} {
		if !strings.Contains(reasons[id], "not from placement") {
			t.Errorf("%s: %q", id, reasons[id])
		}
	}
	for _, id := range []string{"PLC105", "PLC205"} {
		if slices.Contains(found(answer), id) {
			t.Errorf("%s is found, though nobody could read the providers", id)
		}
	}
}

// A Nova whose policy hides where servers are makes the list unread, not all servers hostless.
func TestHiddenHosts(t *testing.T) {
	answer := auditRecorded(t, "compute", has("/servers/detail"), func(w http.ResponseWriter, e exchange) {
		_, _ = w.Write([]byte(strings.ReplaceAll(e.Body, "OS-EXT-SRV-ATTR:host", "hidden")))
	})
	if reason := notRun(answer)["PLC105"]; !strings.Contains(reason, "hides the hosts") {
		t.Errorf("PLC105: %q", reason)
	}
}

// staleOf returns the UUID of a stale provider of which nothing else is said.
func staleOf(t *testing.T, answer map[string]any) string {
	t.Helper()
	for _, text := range fingerprints(answer) {
		uuid, ok := strings.CutPrefix(text, "PLC201:provider:")
		if ok && !slices.Contains(fingerprints(answer), "PLC202:provider:"+uuid) {
			return uuid
		}
	}
	t.Fatal("the recorded cloud has no stale provider")
	return ""
}
