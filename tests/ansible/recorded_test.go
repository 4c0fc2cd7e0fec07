// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// recorded is the recorded cloud with other names in it, by service and path below the endpoint.
type recorded map[string]string

// recordedCloud serves the recorded cloud, in which renamed has new names for old ones; those of computes alone have the
// prefix "compute/". Each nova-compute is down. It returns what the modules take for a cloud.
func recordedCloud(t *testing.T, root string, renamed map[string]string) map[string]any {
	t.Helper()
	answers := recorded{}
	var all []struct{ Service, Path, Body string }
	if err := json.Unmarshal([]byte(read(t, filepath.Join(root, "tests/recorded/conversation.json"))), &all); err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		key := "/" + e.Service + e.Path
		if _, known := answers[key]; !known && !strings.Contains(e.Body, "itemNotFound") {
			answers[key] = strings.ReplaceAll(rename(t, e.Service, e.Body, renamed), `"state": "up"`, `"state": "down"`)
		}
	}
	answers.addSingles(t)
	server := httptest.NewServer(answers)
	t.Cleanup(server.Close)
	return map[string]any{
		"auth_type": "none", "auth": map[string]any{"endpoint": server.URL + "/placement"}, "compute_endpoint_override": server.URL + "/compute",
	}
}

func rename(t *testing.T, service, body string, renamed map[string]string) string {
	t.Helper()
	for old, name := range renamed {
		of, bare, found := strings.Cut(old, "/")
		if found && of != service {
			continue
		}
		if !found {
			bare = old
		}
		text, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		body = strings.ReplaceAll(body, `"`+bare+`"`, string(text))
	}
	return body
}

// addSingles answers reads of one thing as the lists do.
func (a recorded) addSingles(t *testing.T) {
	t.Helper()
	for list, wrap := range map[string]string{"/placement/resource_providers": "", "/compute/servers/detail?all_tenants=True": "server"} {
		var all map[string][]map[string]any
		if err := json.Unmarshal([]byte(a[list]), &all); err != nil {
			t.Fatal(err)
		}
		folder, _, _ := strings.Cut(list, "/detail")
		for _, things := range all {
			for _, thing := range things {
				a.addSingle(t, folder, thing, wrap)
			}
		}
	}
}

func (a recorded) addSingle(t *testing.T, folder string, thing map[string]any, wrap string) {
	t.Helper()
	id, isServer := thing["id"].(string)
	if wrap != "" {
		thing = map[string]any{wrap: thing}
	}
	text, err := json.Marshal(thing)
	if err != nil {
		t.Fatal(err)
	}
	if isServer {
		a[folder+"/"+id] = string(text)
		return
	}
	id, _ = thing["uuid"].(string)
	a[folder+"/"+id] = string(text)
	for what, none := range map[string]string{"traits": "[]", "aggregates": "[]", "inventories": "{}", "usages": "{}", "allocations": "{}"} {
		if path := folder + "/" + id + "/" + what; a[path] == "" {
			a[path] = `{"` + what + `": ` + none + `, "resource_provider_generation": 1}`
		}
	}
}

// ServeHTTP answers as the services do, and refuses to write.
func (a recorded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	path := r.URL.RequestURI()
	if before, after, timed := strings.Cut(path, "changes-since="); timed {
		_, after, _ = strings.Cut(after, "&")
		path = before + "changes-since=&" + after
	}
	w.Header().Set("Content-Type", "application/json")
	answer, known := a[path]
	switch {
	case known:
	case strings.HasPrefix(path, "/placement/allocations/"):
		answer = `{"allocations": {}}`
	case r.URL.Query().Has("uuid") && r.URL.Path == "/compute/servers/detail":
		answer = a.servers(r.URL.Query().Get("uuid"))
	case r.URL.Query().Has("host") && r.URL.Path == "/compute/servers/detail":
		answer = a.serversOn(r.URL.Query().Get("host"), r.URL.Query().Get("marker"))
	case r.URL.Path == "/compute/flavors/detail":
		answer = a.flavors(r.URL.Query().Get("marker"))
	case r.URL.Path == "/placement/traits":
		answer = `{"traits": []}`
	case r.URL.Path == "/placement/resource_providers":
		answer = a.providers(r.URL.Query())
	default:
		w.WriteHeader(http.StatusNotFound)
		answer = `{"itemNotFound": {"code": 404, "message": "none"}}`
	}
	_, _ = w.Write([]byte(answer))
}

// servers lists the one with an id, if there is one.
func (a recorded) servers(id string) string {
	one := strings.TrimPrefix(a["/compute/servers/"+id], `{"server":`)
	return `{"servers": [` + strings.TrimSuffix(one, "}") + `]}`
}

// serversOn lists those on a host, on one page.
func (a recorded) serversOn(host, marker string) string {
	var all struct{ Servers []map[string]any }
	_ = json.Unmarshal([]byte(a["/compute/servers/detail?all_tenants=True"]), &all)
	found := []any{}
	for _, s := range all.Servers {
		if marker == "" && s["OS-EXT-SRV-ATTR:host"] == host {
			found = append(found, s)
		}
	}
	text, _ := json.Marshal(map[string]any{"servers": found})
	return string(text)
}

// flavors lists those of the servers, on one page.
func (a recorded) flavors(marker string) string {
	var all struct {
		Servers []struct{ Flavor map[string]any }
	}
	_ = json.Unmarshal([]byte(a["/compute/servers/detail?all_tenants=True"]), &all)
	found := map[any]any{}
	for _, s := range all.Servers {
		if f := s.Flavor; marker == "" {
			found[f["original_name"]] = map[string]any{
				"id": strconv.Itoa(len(found)), "name": f["original_name"], "vcpus": f["vcpus"], "ram": f["ram"], "disk": f["disk"], "swap": f["swap"],
				"OS-FLV-EXT-DATA:ephemeral": f["ephemeral"], "extra_specs": f["extra_specs"],
			}
		}
	}
	text, _ := json.Marshal(map[string]any{"flavors": append([]any{}, slices.Collect(maps.Values(found))...)})
	return string(text)
}

// providers lists those that a query asks for.
func (a recorded) providers(query url.Values) string {
	var all map[string][]map[string]any
	_ = json.Unmarshal([]byte(a["/placement/resource_providers"]), &all)
	found := []any{}
	for _, p := range all["resource_providers"] {
		if p["uuid"] == query.Get("uuid") || p["name"] == query.Get("name") || p["root_provider_uuid"] == query.Get("in_tree") {
			found = append(found, p)
		}
	}
	text, _ := json.Marshal(map[string]any{"resource_providers": found})
	return string(text)
}
