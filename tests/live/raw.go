// SPDX-License-Identifier: Apache-2.0

package live

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Raw sends requests to one service, with nothing but net/http, and returns whatever it answers.
type Raw struct {
	base, token, version string // version is the microversion with the service it is of
	roles                string // said where no Keystone knows them
	http                 *http.Client
}

// Raw logs in at Placement as the lab's administrator. A lab without Keystone takes any token, and believes what roles it has.
func (l *Lab) Raw(t testing.TB) *Raw {
	t.Helper()
	if l.Endpoints["keystone"] == "" {
		return &Raw{
			http: &http.Client{Timeout: 4 * time.Minute}, version: "placement 1.36", base: l.Endpoints["placement"],
			token: "admin", roles: "admin,member,reader,service",
		}
	}
	name, password, project := l.credentials(t)
	domain := map[string]string{"id": "default"}
	return l.RawAs(t, map[string]any{
		"identity": map[string]any{
			"methods":  []string{"password"},
			"password": map[string]any{"user": map[string]any{"name": name, "password": password, "domain": domain}},
		},
		"scope": map[string]any{"project": map[string]any{"name": project, "domain": domain}},
	})
}

// RawAs logs in at Placement with what Keystone calls auth.
func (l *Lab) RawAs(t testing.TB, auth map[string]any) *Raw {
	t.Helper()
	r := &Raw{http: &http.Client{Timeout: 4 * time.Minute}, version: "placement 1.36"}
	answer := r.Do(t.Context(), http.MethodPost, l.Endpoints["keystone"]+"/auth/tokens", map[string]any{"auth": auth})
	r.base, r.token = l.Endpoints["placement"], answer.Header.Get("X-Subject-Token")
	if answer.Err != nil || r.token == "" {
		t.Fatalf("log in: %d %s %v", answer.Status, answer.Body, answer.Err)
	}
	return r
}

// Keystone is the same login at Keystone.
func (l *Lab) Keystone(r *Raw) *Raw {
	return &Raw{base: l.Endpoints["keystone"], token: r.token, version: "identity 3", http: r.http}
}

// Nova is the same login at Nova, at a microversion that takes the host of a new server and shows the UUIDs of migrations.
func (l *Lab) Nova(r *Raw) *Raw {
	return &Raw{base: l.Endpoints["nova"], token: r.token, version: "compute 2.90", http: r.http}
}

// At is the same login at another microversion of the same service.
func (r *Raw) At(microversion string) *Raw {
	service, _, _ := strings.Cut(r.version, " ")
	return &Raw{base: r.base, token: r.token, roles: r.roles, version: service + " " + microversion, http: r.http}
}

// Answer is what a service said.
type Answer struct {
	Status int
	Body   []byte
	Header http.Header
	Err    error
}

// RequestID is the service's name for the request.
func (a Answer) RequestID() string { return a.Header.Get("X-Openstack-Request-Id") }

// Do sends one request.
func (r *Raw) Do(ctx context.Context, method, path string, body any) Answer {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return Answer{Err: err}
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, content)
	if err != nil {
		return Answer{Err: err}
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-Auth-Token": r.token, "OpenStack-API-Version": r.version,
	} {
		req.Header.Set(name, value)
	}
	if r.roles != "" {
		req.Header.Set("X-Roles", r.roles)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return Answer{Err: err}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return Answer{Status: resp.StatusCode, Body: text, Err: err, Header: resp.Header}
}

// UUID makes a random one.
func UUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
