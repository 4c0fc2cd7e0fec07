// SPDX-License-Identifier: Apache-2.0

//go:build hostile

// Package hostile_test runs the built program against services that answer with anything but what they should.
package hostile_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
)

// exchange is an answer of the recorded cloud, as modules/audit records it.
type exchange struct {
	Service string `json:"service"`
	Path    string `json:"path"`
	Status  int    `json:"status"`
	Body    string `json:"body"`
}

// recorded returns the bodies of the recorded cloud by service and path, without what differs from audit to audit.
func recorded(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../recorded/conversation.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []exchange
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, e := range all {
		bodies[e.Service+e.Path] = e.Body
	}
	return bodies
}

// answers is what a hostile service does to some requests: it reports whether it has answered one.
type answers func(w http.ResponseWriter, r *http.Request) bool

// cloud serves Keystone, Placement and Nova below /identity, /placement and /compute, as recorded but for the hostile answers.
type cloud struct {
	*httptest.Server
	bodies  map[string]string
	hostile answers
	mu      sync.Mutex
	flying  int
	most    int // requests at the same time
}

func newCloud(t *testing.T, hostile answers) *cloud {
	t.Helper()
	c := &cloud{bodies: recorded(t), hostile: hostile}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.CloseClientConnections)
	t.Cleanup(c.Close)
	return c
}

func (c *cloud) count(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flying += n
	c.most = max(c.most, c.flying)
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.count(1)
	defer c.count(-1)
	w.Header().Set("Content-Type", "application/json")
	if c.hostile(w, r) {
		return
	}
	service, path, _ := strings.Cut(strings.TrimPrefix(r.URL.RequestURI(), "/"), "/")
	body, known := c.bodies[service+"/"+path]
	switch {
	case service == "identity":
		c.login(w)
	case known:
		_, _ = w.Write([]byte(body))
	case strings.HasPrefix(r.URL.Path, "/compute/servers/"):
		http.Error(w, `{"itemNotFound": {"code": 404, "message": "no"}}`, http.StatusNotFound)
	case strings.HasPrefix(r.URL.Path, "/compute/servers"):
		_, _ = w.Write([]byte(`{"servers": []}`))
	case strings.HasPrefix(r.URL.Path, "/placement/allocations/"):
		_, _ = w.Write([]byte(`{"allocations": {}}`))
	default:
		http.Error(w, `{"errors": [{"status": 404, "title": "Not Found", "detail": "nobody recorded this"}]}`, http.StatusNotFound)
	}
}

func (c *cloud) login(w http.ResponseWriter) {
	var catalogue []any
	for _, kind := range []string{"placement", "compute"} {
		catalogue = append(catalogue, map[string]any{"type": kind, "endpoints": []any{
			map[string]any{"interface": "public", "region": "R", "region_id": "R", "url": c.URL + "/" + kind},
		}})
	}
	w.Header().Set("X-Subject-Token", "the-t0ken-of-the-cloud")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{"token": map[string]any{
		"catalog": catalogue, "roles": []any{map[string]any{"name": "admin"}}, "expires_at": "2100-01-01T00:00:00.000000Z",
	}})
}

// args are the options of an audit of the cloud.
func (c *cloud) args(more map[string]any) map[string]any {
	args := map[string]any{
		"auth": map[string]any{
			"auth_url": c.URL + "/identity/v3", "username": "u", "password": "Y6Q7xZ9K4J8V3", "project_name": "p",
			"user_domain_name": "D", "project_domain_name": "D",
		},
		"grace": 0,
	}
	for key, value := range more {
		args[key] = value
	}
	return args
}

// providers is a list of so many resource providers.
func providers(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = provider(i, fmt.Sprintf("cn%d", i))
	}
	return `{"resource_providers": [` + strings.Join(list, ",") + `]}`
}

func provider(i int, name string) string {
	uuid := fmt.Sprintf("%08x-0000-4000-8000-000000000000", i)
	return fmt.Sprintf(`{"uuid": %q, "name": %q, "generation": 1, "parent_provider_uuid": null, "root_provider_uuid": %q}`, uuid, name, uuid)
}
