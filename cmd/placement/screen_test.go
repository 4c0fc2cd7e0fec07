// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// answer is what a service said.
type answer struct {
	Service, Path, Body string
	Status              int
}

func isProviders(a answer) bool { return a.Path == "/resource_providers" }

func isTraits(a answer) bool { return strings.HasSuffix(a.Path, "/traits") }

func isServers(a answer) bool { return a.Path == "/servers/detail?all_tenants=True" }

// provider is the entry of a list of resource providers with this value in a field; empty if it has none.
func provider(t *testing.T, list, field, value string) string {
	t.Helper()
	var all struct {
		Entries []json.RawMessage `json:"resource_providers"`
	}
	if err := json.Unmarshal([]byte(list), &all); err != nil {
		t.Error(err)
	}
	for _, one := range all.Entries {
		if strings.Contains(string(one), fmt.Sprintf(`%q: %q`, field, value)) {
			return string(one)
		}
	}
	return ""
}

// servers is what Nova lists of its servers when it is asked for these UUIDs alone, as text of the list of all.
func servers(t *testing.T, list string, uuids []string) string {
	t.Helper()
	var all struct{ Servers []json.RawMessage }
	if err := json.Unmarshal([]byte(list), &all); err != nil {
		t.Error(err)
	}
	found := slices.DeleteFunc(all.Servers, func(one json.RawMessage) bool {
		var server struct{ ID string }
		if err := json.Unmarshal(one, &server); err != nil {
			t.Error(err)
		}
		return !slices.Contains(uuids, server.ID)
	})
	text, err := json.Marshal(map[string]any{"servers": append([]json.RawMessage{}, found...)})
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// withGeneration is the traits of a provider, as text, at the generation of another one's entry.
func withGeneration(t *testing.T, traits, entry string) string {
	t.Helper()
	var body map[string]any
	var of struct{ Generation int }
	if err := cmp.Or(json.Unmarshal([]byte(traits), &body), json.Unmarshal([]byte(entry), &of)); err != nil {
		t.Error(err)
	}
	body["resource_provider_generation"] = of.Generation
	text, err := json.Marshal(body)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// filtered answers what is asked for by name or UUID from the recorded list of all. It is empty for any other request, and
// below /mute.
func filtered(t *testing.T, said []answer, r *http.Request) string {
	t.Helper()
	recorded := func(is func(answer) bool) string { return said[slices.IndexFunc(said, is)].Body }
	switch q := r.URL.Query(); {
	case strings.HasPrefix(r.RequestURI, "/mute/"):
	case r.URL.Path == "/resource_providers" && q.Get("name") != "":
		return fmt.Sprintf(`{"resource_providers": [%s]}`, provider(t, recorded(isProviders), "name", q.Get("name")))
	case strings.HasPrefix(r.URL.Path, "/resource_providers/") && strings.Count(r.URL.Path, "/") == 2:
		return provider(t, recorded(isProviders), "uuid", path.Base(r.URL.Path))
	case strings.HasPrefix(r.URL.Path, "/resource_providers/") && path.Base(r.URL.Path) == "traits":
		entry := provider(t, recorded(isProviders), "uuid", path.Base(path.Dir(r.URL.Path)))
		return withGeneration(t, recorded(isTraits), entry)
	case r.URL.Path == "/servers/detail" && q.Has("marker"):
		return `{"servers": []}`
	case r.URL.Path == "/servers/detail" && q.Has("uuid"):
		return servers(t, recorded(isServers), q["uuid"])
	}
	return ""
}

// replay serves what the real services answered when they were recorded. A path that nobody asked for then is not there.
func replay(t *testing.T, service string) string {
	t.Helper()
	text, err := os.ReadFile("../../tests/recorded/conversation.json")
	if err != nil {
		t.Fatal(err)
	}
	var said []answer
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		asked := regexp.MustCompile(`changes-since=[^&]*`).ReplaceAllString(r.URL.RequestURI(), "changes-since=")
		for _, one := range said {
			if r.Method == http.MethodGet && one.Service == service && one.Path == asked {
				w.WriteHeader(one.Status)
				_, _ = w.Write([]byte(one.Body))
				return
			}
		}
		if body := filtered(t, said, r); body != "" {
			_, _ = w.Write([]byte(body))
			return
		}
		if r.URL.Path == "/traits" {
			_, _ = w.Write([]byte(`{"traits": ["COMPUTE_NODE", "CUSTOM_GOLD"]}`))
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"errors": [{"status": 404, "title": "Not Found", "detail": "nobody asked for ` + r.Method + ` when this was recorded"}]}`))
	})
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	mux.Handle("/mute/", http.StripPrefix("/mute", handler))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// screen runs a program as exits does, and keeps what it says in the file screen, without what differs from run to run: addresses,
// how long it took, and the time.
func screen(ts *testscript.TestScript, negated bool, words []string) {
	exits(ts, negated, words)
	text := ts.ReadFile("stdout")
	for pattern, word := range map[string]string{
		`\b[0-9]+(\.[0-9]+)? s$`:                              "N s",
		`20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9:]{5,8}( UTC|Z)`: "NOW",
		`(--confirm )[0-9a-f]{12}$`:                           "${1}DIGEST",
		`(digest of the plan: )[0-9a-f]{12}`:                  "${1}DIGEST",
		`(Plan )[0-9a-f]{8}`:                                  "${1}ID",
	} {
		text = regexp.MustCompile(`(?m)`+pattern).ReplaceAllString(text, word)
	}
	text = strings.NewReplacer(ts.Getenv("PLACEMENT"), "http://placement", ts.Getenv("COMPUTE"), "http://compute", ts.Getenv("WORK"), "/work").Replace(text)
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), "screen"), []byte(text), 0o600))
}
