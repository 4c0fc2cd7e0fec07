// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// ours begins the names of all that these tests make.
const ours = "provoked-"

// usual is the microversion of most requests: the newest that keeps a consumer's type.
const usual = "1.37"

// place is a running lab with clients that may do everything, and all that was refused there.
type place struct {
	*live.Lab

	t               *testing.T
	placement, nova *live.Raw
	begun           time.Time

	mu    sync.Mutex
	shots []shot // refused
}

// request is one request to Placement.
type request struct {
	method, path string
	body         any
	version      string // usual if empty
}

// shot is a request and its answer.
type shot struct {
	catalogue.Answer
	path string
	id   string // request id
	body []byte
}

// placeOf logs in to the lab with Nova of the release that PLACEMENT_LAB_RELEASE names (zed if it names none). A lab that
// does not run fails the test.
func placeOf(t *testing.T) *place {
	t.Helper()
	p := &place{Lab: live.Find(t), t: t, begun: time.Now().Truncate(time.Millisecond)}
	p.placement = p.serviceUser().Raw(t)
	p.nova = p.Nova(p.placement)
	return p
}

// serviceUser is the lab with the login of Nova's own user at Placement: only the role service may reshape.
func (p *place) serviceUser() *live.Lab {
	p.t.Helper()
	text, err := os.ReadFile(p.CloudsFile)
	if err != nil {
		p.t.Fatal(err)
	}
	file := filepath.Join(p.t.TempDir(), "clouds.yaml")
	changed := strings.NewReplacer("username: admin", "username: placement", "project_name: admin", "project_name: service").Replace(string(text))
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		p.t.Fatal(err)
	}
	l := *p.Lab
	l.CloudsFile = file
	return &l
}

// send sends a request and keeps it if it was refused. Clean-up uses it too.
func (p *place) send(r request) shot {
	r.version = cmp.Or(r.version, usual)
	return p.keep(r, p.placement.At(r.version).Do(context.WithoutCancel(p.t.Context()), r.method, r.path, r.body))
}

// keep makes a shot of an answer.
func (p *place) keep(r request, a live.Answer) shot {
	if a.Err != nil {
		p.t.Errorf("%s %s: %v", r.method, r.path, a.Err)
	}
	s := shot{path: r.path, Answer: catalogue.Answer{Method: r.method, Place: catalogue.PlaceOf(r.path), Status: a.Status, Microversion: r.version, Length: len(a.Body)}, body: a.Body}
	if a.Status < http.StatusBadRequest || a.Err != nil {
		return s
	}
	s.id, s.Code, s.Detail = a.RequestID(), "", ""
	var said struct {
		Errors []struct{ Code, Detail string }
		Nova   struct{ Message string } `json:"conflictingRequest"`
	}
	if err := json.Unmarshal(a.Body, &said); err != nil {
		p.t.Errorf("%s %s: %d %s", r.method, r.path, a.Status, a.Body)
		return s
	}
	s.Detail = said.Nova.Message
	if len(said.Errors) > 0 {
		s.Code, s.Detail = said.Errors[0].Code, said.Errors[0].Detail
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shots = append(p.shots, s)
	return s
}

// must sends a request that must go through; into takes the answer, if it is not nil.
func (p *place) must(r request, into any) {
	p.t.Helper()
	s := p.send(r)
	if s.Status >= http.StatusMultipleChoices {
		p.t.Fatalf("%s %s %v: %d %s", r.method, r.path, r.body, s.Status, s.body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(s.body, into); err != nil {
		p.t.Fatalf("%s %s: %v\n%s", r.method, r.path, err, s.body)
	}
}

// eight is an inventory of which little is needed to fill it.
func eight(classes ...string) map[string]any {
	all := map[string]any{}
	for _, class := range classes {
		all[class] = map[string]any{"total": 8}
	}
	return all
}

// provider makes a resource provider with eight of each class, which is gone when the test ends.
func (p *place) provider(classes ...string) string {
	p.t.Helper()
	uuid := live.UUID()
	p.must(request{method: "POST", path: "/resource_providers", body: named(uuid)}, nil)
	p.t.Cleanup(func() { p.remove(uuid) })
	if len(classes) > 0 {
		p.must(p.putInventories(uuid, 0, eight(classes...)), nil)
	}
	return uuid
}

// named is the body that makes a provider.
func named(uuid string) map[string]any { return map[string]any{"uuid": uuid, "name": ours + uuid[:8]} }

// below makes a provider below another.
func (p *place) below(parent string) string {
	p.t.Helper()
	uuid := live.UUID()
	body := named(uuid)
	body["parent_provider_uuid"] = parent
	p.must(request{method: "POST", path: "/resource_providers", body: body}, nil)
	p.t.Cleanup(func() { p.remove(uuid) })
	return uuid
}

// remove deletes a provider with all that is allocated on it, unless it is gone already.
func (p *place) remove(uuid string) {
	var held struct{ Allocations map[string]any }
	s := p.send(request{method: "GET", path: "/resource_providers/" + uuid + "/allocations"})
	if s.Status == http.StatusNotFound {
		return
	}
	if err := json.Unmarshal(s.body, &held); err != nil {
		p.t.Errorf("clean up: %v", err)
	}
	for consumer := range held.Allocations {
		p.send(request{method: "DELETE", path: "/allocations/" + consumer})
	}
	if s := p.send(request{method: "DELETE", path: "/resource_providers/" + uuid}); s.Status != http.StatusNoContent {
		p.t.Errorf("provider %s could not be removed: %d %s", uuid, s.Status, s.body)
	}
}

func (p *place) generation(uuid string) int {
	p.t.Helper()
	var now struct{ Generation int }
	p.must(request{method: "GET", path: "/resource_providers/" + uuid}, &now)
	return now.Generation
}

func (p *place) putInventories(uuid string, generation int, inventories map[string]any) request {
	return request{method: "PUT", path: "/resource_providers/" + uuid + "/inventories", body: map[string]any{
		"resource_provider_generation": generation, "inventories": inventories,
	}}
}

// claim writes what a consumer holds of one class of a provider; generation is nil for a new one.
func claim(consumer string, generation any, provider, class string, amount int) request {
	return request{method: "PUT", path: "/allocations/" + consumer, body: holding(generation, provider, class, amount)}
}

func holding(generation any, provider, class string, amount int) map[string]any {
	return map[string]any{
		"allocations":         map[string]any{provider: map[string]any{"resources": map[string]int{class: amount}}},
		"consumer_generation": generation, "project_id": "provoked", "user_id": "provoked",
	}
}

// consumer makes one that holds some of a class of a provider, and returns its UUID. It goes with the provider.
func (p *place) consumer(provider, class string, amount int) string {
	p.t.Helper()
	uuid := live.UUID()
	p.must(claim(uuid, nil, provider, class, amount), nil)
	return uuid
}

// log is the path of one of the lab's logs.
func (p *place) log(name string) string { return filepath.Join(p.LogDir, name+".log") }

// since is the option for all that was logged since the test began.
func (p *place) since() string { return p.begun.Format(time.RFC3339Nano) }

// explain runs placement_conflicts as Ansible does, over what these logs say since the test began.
func (p *place) explain(options map[string]any, files ...string) conflicts.Result {
	p.t.Helper()
	args := map[string]any{"files": files, "since": p.since(), "max_records": 100000, "max_conflicts": 100000}
	maps.Copy(args, options)
	in, err := json.Marshal(args)
	if err != nil {
		p.t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	ansible.Main([]*ansible.Module{conflicts.Module()}, ansible.Process{
		Args: []string{"placement", "placement_conflicts"}, Stdin: bytes.NewReader(in), Stdout: &out, Stderr: &stderr,
		StdinIsPipe: func() bool { return true }, Setenv: func(string, string) error { return nil },
	})
	var answer struct {
		conflicts.Result
		Failed bool `json:"failed"`
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil || answer.Failed || !answer.Complete || answer.Export == nil {
		p.t.Fatalf("placement_conflicts: %v %s\n%s\n%s", err, answer.Msg, out.String(), stderr.String())
	}
	return answer.Result
}

// byID returns the exported records by Placement's request id, of which there must be one each.
func (p *place) byID(r conflicts.Result) map[string]known.Record {
	p.t.Helper()
	all := map[string]known.Record{}
	for _, record := range r.Export.Records {
		if _, twice := all[record.RequestID]; twice && record.RequestID != "" {
			p.t.Errorf("%s is two records: %+v and %+v", record.RequestID, all[record.RequestID], record)
		}
		all[record.RequestID] = record
	}
	return all
}

// of is what the module says that a record is.
func of(r known.Record) catalogue.Match {
	return catalogue.Classify(catalogue.Answer{
		Method: r.Method, Place: catalogue.PlaceOf(r.Path), Status: r.Status, Code: r.Code, Detail: r.Detail, Length: r.Length, Microversion: r.Microversion,
	})
}

func nameOf(m catalogue.Match) string {
	if m.Entry == nil {
		return ""
	}
	return m.Entry.Name
}
