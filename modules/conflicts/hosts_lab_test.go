// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"encoding/json"
	"net/http"
	"time"
)

// hosts tries to remove hosts that something is on or moving from. Nova-api's log tells what it refused.
func (p *place) hosts() []shot {
	p.t.Helper()
	all := []shot{p.unregister("cn1")}
	p.answer(all[0], "host-has-servers")
	s3 := p.server("s3")
	p.act(s3, "migrate", map[string]any{"host": "cn4"})
	p.settle(s3, "VERIFY_RESIZE")
	all = append(all, p.unregister("cn3"))
	p.answer(all[1], "host-has-migrations")
	p.act(s3, "revertResize", nil)
	p.settle(s3, "ACTIVE")
	result := p.explain(nil, p.log("nova-api"))
	for i, entry := range []string{"host-has-servers", "host-has-migrations"} {
		if n := result.Summary.ByConflict[entry]; n != 1 {
			p.t.Errorf("nova-api's log tells of %d %s, want 1 (%s): %+v", n, entry, all[i].id, result.Conflicts)
		}
	}
	return all
}

// unregister is openstack compute service delete; it must be refused.
func (p *place) unregister(host string) shot {
	p.t.Helper()
	path := "/os-services/" + p.service(host)
	return p.keep(request{method: "DELETE", path: path}, p.nova.Do(p.t.Context(), http.MethodDelete, path, nil))
}

// labServer is what these tests need to know of a server.
type labServer struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Task   string `json:"OS-EXT-STS:task_state"`
}

func (p *place) servers() []labServer {
	p.t.Helper()
	var list struct{ Servers []labServer }
	a := p.nova.Do(p.t.Context(), http.MethodGet, "/servers/detail?all_tenants=1", nil)
	if err := json.Unmarshal(a.Body, &list); err != nil {
		p.t.Fatalf("servers: %d %s %v", a.Status, a.Body, a.Err)
	}
	return list.Servers
}

// server returns the UUID of one of the lab's servers.
func (p *place) server(name string) string {
	p.t.Helper()
	for _, s := range p.servers() {
		if s.Name == name {
			return s.ID
		}
	}
	p.t.Fatalf("the lab has no server %s", name)
	return ""
}

func (p *place) act(server, action string, with any) {
	p.t.Helper()
	a := p.nova.Do(p.t.Context(), http.MethodPost, "/servers/"+server+"/action", map[string]any{action: with})
	if a.Err != nil || a.Status != http.StatusAccepted {
		p.t.Fatalf("%s %s: %d %s %v", action, server, a.Status, a.Body, a.Err)
	}
}

// settle waits until a server has a status and nothing is done with it.
func (p *place) settle(server, status string) {
	p.t.Helper()
	p.until(server+" to be "+status, 4*time.Minute, func() bool {
		for _, s := range p.servers() {
			if s.ID == server {
				return s.Status == status && s.Task == ""
			}
		}
		return false
	})
}

// until waits for something, but not forever.
func (p *place) until(what string, limit time.Duration, is func() bool) {
	p.t.Helper()
	for end := time.Now().Add(limit); !is(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("waited %s for %s", limit, what)
		}
	}
}
