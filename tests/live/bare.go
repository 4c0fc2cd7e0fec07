// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// Bare is Placement's administrator in a lab without Keystone, which takes the user's name for a token.
func (l *Lab) Bare() *Raw {
	return &Raw{base: l.Endpoints["placement"], token: "admin", version: "placement 1.36", http: &http.Client{Timeout: 4 * time.Minute}}
}

// Must sends a request that has to go through, and decodes the answer into out unless that is nil.
func (r *Raw) Must(t testing.TB, method, path string, body, out any) {
	t.Helper()
	answer := r.Do(context.WithoutCancel(t.Context()), method, path, body)
	if answer.Err != nil || answer.Status >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d %s %v", method, path, answer.Status, answer.Body, answer.Err)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer.Body, out); err != nil {
		t.Fatal(err)
	}
}

// Make makes a resource provider that is deleted when the test ends, and returns its UUID.
func (r *Raw) Make(t testing.TB, name string) string {
	t.Helper()
	uuid := UUID()
	r.Must(t, http.MethodPost, "/resource_providers", map[string]any{"uuid": uuid, "name": name}, nil)
	t.Cleanup(func() { r.Do(context.WithoutCancel(t.Context()), http.MethodDelete, "/resource_providers/"+uuid, nil) })
	return uuid
}
