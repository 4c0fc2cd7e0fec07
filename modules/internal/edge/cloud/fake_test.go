// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// fakeKeystone issues tokens and remembers what it was asked. It stands in for what a real one cannot be made to do
// in time: tokens that expire at once, answers that never come.
type fakeKeystone struct {
	*httptest.Server
	mu        sync.Mutex
	asked     []map[string]any
	catalogue []map[string]any
	answer    http.HandlerFunc // instead of a token
}

func newKeystone(t *testing.T) *fakeKeystone {
	t.Helper()
	k := &fakeKeystone{}
	k.catalogue = []map[string]any{{"type": "placement", "name": "placement", "id": "1", "endpoints": exampleEndpoints("placement")}}
	k.Server = httptest.NewServer(http.HandlerFunc(k.serve))
	t.Cleanup(k.Close)
	return k
}

func (k *fakeKeystone) serve(w http.ResponseWriter, r *http.Request) {
	if k.answer != nil {
		k.answer(w, r)
		return
	}
	if r.URL.Path != "/v3/auth/tokens" {
		http.NotFound(w, r)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.Method == http.MethodGet {
		k.issue(w, r.Header.Get("X-Subject-Token"), http.StatusOK)
		return
	}
	var body map[string]map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	k.asked = append(k.asked, body["auth"])
	k.issue(w, fmt.Sprintf("token-%d", len(k.asked)), http.StatusCreated)
}

func (k *fakeKeystone) issue(w http.ResponseWriter, token string, status int) {
	w.Header().Set("X-Subject-Token", token)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"token": map[string]any{
		"expires_at": "2100-01-01T00:00:00.000000Z", "issued_at": "2026-01-01T00:00:00.000000Z", "catalog": k.catalogue,
	}})
}

func (k *fakeKeystone) logins() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.asked)
}

func (k *fakeKeystone) last() map[string]any {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.asked) == 0 {
		return nil
	}
	return k.asked[len(k.asked)-1]
}

func exampleEndpoints(kind string) []map[string]any {
	var all []map[string]any
	for _, region := range []string{"RegionOne", "RegionTwo"} {
		for _, iface := range []string{"public", "internal", "admin"} {
			all = append(all, map[string]any{
				"id": "e", "region": region, "region_id": region, "interface": iface,
				"url": fmt.Sprintf("http://%s.%s.%s.example/%s", kind, iface, strings.ToLower(region), kind),
			})
		}
	}
	return all
}

// options log in at the fake, with Placement at address.
func (k *fakeKeystone) options(address string) *config.Options {
	return &config.Options{
		Auth: map[string]any{
			"auth_url": k.URL, "username": "u", "password": "hunter2", "project_name": "p", "user_domain_name": "D", "project_domain_name": "D",
		},
		PlacementEndpoint: address,
	}
}

// nowhere is a place without files and variables.
func nowhere(t *testing.T) *config.Place {
	t.Helper()
	dir := t.TempDir()
	return &config.Place{Env: map[string]string{}, Home: dir, Current: dir + "/elsewhere", Own: []string{dir}, Kolla: dir + "/kolla/clouds.yaml"}
}

func mustConnect(t *testing.T, o *config.Options) *Session {
	t.Helper()
	s, err := connect(t.Context(), o, nil, nowhere(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}
