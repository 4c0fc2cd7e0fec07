// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
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

// provider is the entry with this name of a list of resource providers; empty if it has none.
func provider(t *testing.T, list, name string) string {
	t.Helper()
	var all struct {
		Entries []json.RawMessage `json:"resource_providers"`
	}
	if err := json.Unmarshal([]byte(list), &all); err != nil {
		t.Error(err)
	}
	for _, one := range all.Entries {
		if strings.Contains(string(one), fmt.Sprintf(`"name": %q`, name)) {
			return string(one)
		}
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
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		path := regexp.MustCompile(`changes-since=[^&]*`).ReplaceAllString(r.URL.RequestURI(), "changes-since=")
		for _, one := range said {
			if r.Method == http.MethodGet && one.Service == service && one.Path == path {
				w.WriteHeader(one.Status)
				_, _ = w.Write([]byte(one.Body))
				return
			}
		}
		if name := r.URL.Query().Get("name"); r.URL.Path == "/resource_providers" && name != "" {
			_, _ = w.Write([]byte(fmt.Sprintf(`{"resource_providers": [%s]}`, provider(t, said[slices.IndexFunc(said, isProviders)].Body, name))))
			return
		}
		if r.URL.Path == "/traits" {
			_, _ = w.Write([]byte(`{"traits": ["COMPUTE_NODE", "CUSTOM_GOLD"]}`))
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"errors": [{"status": 404, "title": "Not Found", "detail": "nobody asked for ` + r.Method + ` when this was recorded"}]}`))
	}))
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
		`[0-9a-f]{12}\.$`:                                     "DIGEST.",
		`(digest of the plan: )[0-9a-f]{12}`:                  "${1}DIGEST",
		`(Plan )[0-9a-f]{8}`:                                  "${1}ID",
	} {
		text = regexp.MustCompile(`(?m)`+pattern).ReplaceAllString(text, word)
	}
	text = strings.NewReplacer(ts.Getenv("PLACEMENT"), "http://placement", ts.Getenv("COMPUTE"), "http://compute", ts.Getenv("WORK"), "/work").Replace(text)
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), "screen"), []byte(text), 0o600))
}
