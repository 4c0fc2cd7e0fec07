// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// control is a running control plane, as `tests/lab/lab env` describes it.
type control struct {
	Running    bool              `json:"running"`
	Root       string            `json:"root"`
	Cloud      string            `json:"cloud"`
	CloudsFile string            `json:"clouds_file"`
	Endpoints  map[string]string `json:"endpoints"`
	token      string
}

// thing is a resource provider that a test has made for itself.
type thing struct{ UUID, Name string }

// controlPlane returns the lab with Nova, of the release that PLACEMENT_LAB_RELEASE names (zed if it names none). A lab
// that does not run fails the test.
func controlPlane(t *testing.T) control {
	t.Helper()
	release := os.Getenv("PLACEMENT_LAB_RELEASE")
	if release == "" {
		release = "zed"
	}
	out, err := exec.CommandContext(t.Context(), "../../tests/lab/lab", "env", "--profile", "nova", "--release", release).Output()
	l := control{}
	if err != nil || json.Unmarshal(out, &l) != nil || !l.Running {
		t.Fatalf("the lab does not run (%v): make lab-up PROFILE=nova RELEASE=%s", err, release)
	}
	password, err := os.ReadFile(filepath.Join(l.Root, "password"))
	if err != nil {
		t.Fatal(err)
	}
	domain := dict{"name": "Default"}
	header, _ := l.send(t, http.MethodPost, l.Endpoints["keystone"]+"/auth/tokens", dict{"auth": dict{
		"identity": dict{"methods": []string{"password"}, "password": dict{"user": dict{
			"name": "admin", "domain": domain, "password": strings.TrimSpace(string(password)),
		}}},
		"scope": dict{"project": dict{"name": "admin", "domain": domain}},
	}}, http.StatusCreated)
	l.token = header.Get("X-Subject-Token")
	return l
}

// send sends one request and fails the test if the answer has not one of these statuses.
func (l control) send(t *testing.T, method, address string, body any, want ...int) (http.Header, dict) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{
		"Content-Type": "application/json", "X-Auth-Token": l.token, "OpenStack-API-Version": "placement 1.36", "X-OpenStack-Nova-API-Version": "2.87",
	} {
		request.Header.Set(key, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer dict
	_ = json.NewDecoder(response.Body).Decode(&answer) // some have no body
	if !slices.Contains(want, response.StatusCode) {
		t.Fatalf("%s %s: %d %v", method, address, response.StatusCode, answer)
	}
	return response.Header, answer
}

// placement sends a request to Placement and returns the answer.
func (l control) placement(t *testing.T, method, path string, body any) dict {
	t.Helper()
	_, answer := l.send(t, method, l.Endpoints["placement"]+path, body, http.StatusOK, http.StatusCreated, http.StatusNoContent)
	return answer
}

// newUUID makes a random one.
func newUUID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // version 4
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// usual are inventories as a compute node has them.
func usual() dict {
	return dict{
		"VCPU":      dict{"total": 10, "max_unit": 10, "allocation_ratio": 4.0},
		"MEMORY_MB": dict{"total": 8192, "max_unit": 8192, "reserved": 512, "allocation_ratio": 1.5},
	}
}

// make makes a provider with these inventories, which ends with the test.
func (l control) make(t *testing.T, inventories dict) thing {
	t.Helper()
	p := thing{newUUID(), "inventory-" + newUUID()}
	l.placement(t, http.MethodPost, "/resource_providers", dict{"uuid": p.UUID, "name": p.Name})
	t.Cleanup(func() { l.placement(t, http.MethodDelete, "/resource_providers/"+p.UUID, nil) })
	l.put(t, p, inventories)
	return p
}

// put sets the inventories of a provider without the module.
func (l control) put(t *testing.T, p thing, inventories dict) {
	t.Helper()
	l.placement(t, http.MethodPut, "/resource_providers/"+p.UUID+"/inventories",
		dict{"resource_provider_generation": l.has(t, p)["resource_provider_generation"], "inventories": inventories})
}

// use lets a new consumer hold these resources of a provider until the test ends, and returns it.
func (l control) use(t *testing.T, p thing, resources dict) string {
	t.Helper()
	consumer := newUUID()
	l.placement(t, http.MethodPut, "/allocations/"+consumer, dict{
		"allocations": dict{p.UUID: dict{"resources": resources}}, "project_id": newUUID(), "user_id": newUUID(), "consumer_generation": nil,
	})
	t.Cleanup(func() { l.free(t, consumer) })
	return consumer
}

func (l control) free(t *testing.T, consumer string) {
	t.Helper()
	l.send(t, http.MethodDelete, l.Endpoints["placement"]+"/allocations/"+consumer, nil, http.StatusNoContent, http.StatusNotFound)
}

// has is what Placement says that a provider has, with the generation.
func (l control) has(t *testing.T, p thing) dict {
	t.Helper()
	return l.placement(t, http.MethodGet, "/resource_providers/"+p.UUID+"/inventories", nil)
}

// field is one number of one class of a provider.
func (l control) field(t *testing.T, p thing, class, name string) any {
	t.Helper()
	all, _ := l.has(t, p)["inventories"].(dict)
	one, _ := all[class].(dict)
	return one[name]
}

// gate stands before Placement, counts what would change something, and may answer instead.
type gate struct {
	url    string
	mu     sync.Mutex
	writes []string
	// instead answers in place of Placement if it returns true.
	instead func(w http.ResponseWriter, r *http.Request) bool
}

func (l control) gate(t *testing.T) *gate {
	t.Helper()
	target, err := url.Parse(l.Endpoints["placement"])
	if err != nil {
		t.Fatal(err)
	}
	g, pass := &gate{}, httputil.NewSingleHostReverseProxy(target)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			g.mu.Lock()
			g.writes = append(g.writes, r.Method+" "+r.URL.Path)
			g.mu.Unlock()
		}
		if g.instead == nil || !g.instead(w, r) {
			pass.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

// run runs the module on the lab through the gate, and returns its answer and the writes that it sent.
func (l control) run(t *testing.T, g *gate, args dict) (answer dict, writes []string) {
	t.Helper()
	all := dict{"cloud": l.Cloud, "clouds_file": l.CloudsFile, "placement_endpoint": g.url, "timeout": 60}
	maps.Copy(all, args)
	if all["journal"] == nil {
		all["journal"] = newJournal(t)
	}
	before := len(g.writes)
	answer = runModule(t, all)
	return answer, g.writes[before:]
}

func newJournal(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "folder", "journal.jsonl")
}

// entries returns the lines of a journal, without what changes each time.
func entries(t *testing.T, path string) []string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.FieldsFuncSeq(string(raw), func(r rune) bool { return r == '\n' }) {
		var e dict
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%v %v %v", e["op"], e["name"], e["state"]))
	}
	return out
}
