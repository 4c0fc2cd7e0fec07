// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// ours begins the names of all that these tests make.
const ours = "provoked-"

// bench is a running lab on which faults are provoked, and the administrator's clients for it.
type bench struct {
	lab
	t           *testing.T
	place, nova *live.Raw
	terminal    *live.Terminal
	followed    map[string]bool      // rows of docs/remedies.md
	provider    map[string]string    // UUID by name
	server      map[string]labServer // by name
}

// labServer is what these tests need to know of a server.
type labServer struct {
	ID, Name, Status string
	Project          string `json:"tenant_id"`
	User             string `json:"user_id"`
	Task             string `json:"OS-EXT-STS:task_state"`
	Host             string `json:"OS-EXT-SRV-ATTR:host"`
	Image            struct{ ID string }
}

// benchOf logs in, and sees to it that the lab is afterwards what it is now.
func benchOf(t *testing.T) *bench {
	t.Helper()
	access := live.Find(t)
	place := access.Raw(t)
	b := &bench{lab: labOf(t, "nova"), t: t, place: place, nova: access.Nova(place), terminal: access.Terminal(place), provider: map[string]string{}, followed: map[string]bool{}}
	t.Cleanup(b.prove)
	b.sweep()
	b.scrap()
	for _, p := range b.providers() {
		b.provider[p.Name] = p.UUID
	}
	b.server = b.servers()
	b.keep()
	return b
}

// send sends one request; into takes the answer, if it is not nil. Any refusal fails the test.
func (b *bench) send(client *live.Raw, method, path string, body, into any) {
	b.t.Helper()
	answer := client.Do(context.WithoutCancel(b.t.Context()), method, path, body) // clean-up uses it too
	if answer.Err != nil || answer.Status >= http.StatusMultipleChoices {
		b.t.Fatalf("%s %s %v: %d %s %v", method, path, body, answer.Status, answer.Body, answer.Err)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		b.t.Fatalf("%s %s: %v\n%s", method, path, err, answer.Body)
	}
}

// run runs a command of the lab, such as nova-manage, which must end with one of the codes.
func (b *bench) run(codes []int, program string, args ...string) string {
	b.t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(context.WithoutCancel(b.t.Context())), filepath.Join(b.Root, "bin", program), args...)
	out, err := cmd.CombinedOutput()
	for _, code := range codes {
		if cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == code {
			return string(out)
		}
	}
	b.t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	return ""
}

// until waits for something that a service does by itself.
func (b *bench) until(what string, done func() bool) {
	b.t.Helper()
	const patience, pause = 4 * time.Minute, 200 * time.Millisecond
	for end := time.Now().Add(patience); !done(); time.Sleep(pause) {
		if time.Now().After(end) {
			b.t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// servers returns all servers by name.
func (b *bench) servers() map[string]labServer {
	b.t.Helper()
	var list struct{ Servers []labServer }
	b.send(b.nova, http.MethodGet, "/servers/detail?all_tenants=1", nil, &list)
	out := map[string]labServer{}
	for _, s := range list.Servers {
		out[s.Name] = s
	}
	return out
}

// boot asks for one small server on each of the hosts, by name, and waits for them.
func (b *bench) boot(hosts map[string]string) {
	b.t.Helper()
	b.bootOf("2", hosts)
}

// bootOf asks for servers of a flavor.
func (b *bench) bootOf(flavor string, hosts map[string]string) {
	b.t.Helper()
	for name, host := range hosts {
		b.send(b.nova, http.MethodPost, "/servers", map[string]any{"server": map[string]any{
			"name": name, "imageRef": b.server["s1"].Image.ID, "flavorRef": flavor, "networks": "none", "host": host,
		}}, nil)
	}
	for name := range hosts {
		b.settle(name, "ACTIVE")
	}
}

// act tells a server to do something.
func (b *bench) act(name, action string, parameters any) {
	b.t.Helper()
	b.send(b.nova, http.MethodPost, "/servers/"+b.server[name].ID+"/action", map[string]any{action: parameters}, nil)
}

// settle waits until a server has reached a state and nothing is done with it any more.
func (b *bench) settle(name, status string) {
	b.t.Helper()
	b.until(name+" "+status, func() bool {
		b.server = b.servers()
		s := b.server[name]
		if s.Status == "ERROR" && status != "ERROR" {
			b.t.Fatalf("server %s is in ERROR", name)
		}
		return s.Status == status && s.Task == ""
	})
}

// moveOf returns the UUID of a server's newest migration.
func (b *bench) moveOf(name string) string {
	b.t.Helper()
	var list struct{ Migrations []struct{ UUID string } }
	b.send(b.nova, http.MethodGet, "/os-migrations?instance_uuid="+b.server[name].ID, nil, &list)
	if len(list.Migrations) == 0 {
		b.t.Fatalf("server %s has no migration", name)
	}
	return list.Migrations[0].UUID
}

// live migrates a server to a host and waits until it is there.
func (b *bench) live(name, host string) {
	b.t.Helper()
	b.act(name, "os-migrateLive", map[string]any{"host": host, "block_migration": "auto"})
	b.settle(name, "ACTIVE")
	if b.server[name].Host != host {
		b.t.Fatalf("server %s is on %s", name, b.server[name].Host)
	}
}

// enable sets whether the nova-compute of a host takes new servers.
func (b *bench) enable(host, status string) {
	b.t.Helper()
	for _, s := range b.services() {
		if s.Host == host && s.Status != status {
			b.send(b.nova, http.MethodPut, "/os-services/"+s.ID, map[string]any{"status": status}, nil)
		}
	}
}

type labService struct {
	ID, Host, Status, State string
	Beat                    string `json:"updated_at"`
}

func (b *bench) services() []labService {
	b.t.Helper()
	var list struct{ Services []labService }
	b.send(b.nova, http.MethodGet, "/os-services?binary=nova-compute", nil, &list)
	return list.Services
}

// aggregate makes a host aggregate of these hosts and returns its UUID.
func (b *bench) aggregate(name string, hosts ...string) string {
	b.t.Helper()
	var made struct{ Aggregate labAggregate }
	b.send(b.nova, http.MethodPost, "/os-aggregates", map[string]any{"aggregate": map[string]any{"name": ours + name}}, &made)
	for _, host := range hosts {
		b.send(b.nova, http.MethodPost, made.Aggregate.path("/action"), map[string]any{"add_host": map[string]any{"host": host}}, nil)
	}
	return made.Aggregate.UUID
}

type labAggregate struct {
	ID         json.Number
	UUID, Name string
	Hosts      []string
}

func (a labAggregate) path(rest string) string { return "/os-aggregates/" + a.ID.String() + rest }

// restart ends a host's nova-compute as a crash does, and starts it again, from then on with these options in its nova.conf
// (SECTION.OPTION=VALUE). It is not waited for.
func (b *bench) restart(host string, options ...string) {
	b.t.Helper()
	start := []string{"start", host}
	for _, option := range options {
		start = append(start, "--set", option)
	}
	b.Command(b.t, "host", "kill", host)
	b.Command(b.t, "host", start...)
}
