// SPDX-License-Identifier: Apache-2.0

// Package changetest is what the tests of the writer of inventories share: a provider of one's own on a running lab,
// clients that allocate and free, a checker that knows what must never be read, and a proxy that does harm.
package changetest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// Lab is a running control plane, as `tests/lab/lab env` describes it.
type Lab struct {
	Running    bool              `json:"running"`
	Cloud      string            `json:"cloud"`
	CloudsFile string            `json:"clouds_file"`
	Endpoints  map[string]string `json:"endpoints"`
}

// Find returns the lab with Nova and MariaDB of the release that PLACEMENT_LAB_RELEASE names (zed if it names none). A lab
// that does not run fails the test.
func Find(t testing.TB) Lab {
	t.Helper()
	release := Release()
	cmd := exec.CommandContext(t.Context(), filepath.Join(Root(t), "tests/lab/lab"), "env", "--profile", "nova", "--release", release)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var l Lab
	if err == nil {
		err = json.Unmarshal(out, &l)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !l.Running {
		t.Fatalf("the lab does not run: make lab-up PROFILE=nova RELEASE=%s", release)
	}
	return l
}

// Release is the release to test on.
func Release() string { return cmp.Or(os.Getenv("PLACEMENT_LAB_RELEASE"), "zed") }

// OneIsEnough skips a test on every release but one, for what does not depend on it.
func OneIsEnough(t testing.TB, release string) {
	t.Helper()
	if Release() != release {
		t.Skip("one release of the lab is enough: PLACEMENT_LAB_RELEASE=" + release)
	}
}

// Root is the folder of the repository.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("there is no go.mod above the test")
	return ""
}

// Client logs in as a module does and opens Placement at the endpoint, or at that of the catalogue if it is empty.
func (l Lab) Client(t testing.TB, endpoint string, apiTimeout int) *placement.Client {
	t.Helper()
	o := &config.Options{CloudsFile: l.CloudsFile, Cloud: l.Cloud, PlacementEndpoint: endpoint, APITimeout: apiTimeout}
	session, err := cloud.Connect(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	sc, err := session.Placement()
	if err != nil {
		t.Fatal(err)
	}
	client, err := placement.New(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Raw talks to Placement, or to Nova, past all code of ours.
type Raw struct {
	base, token, version string // version is the microversion with the service it is of
	http                 *http.Client
}

// Raw logs in without any code of ours.
func (l Lab) Raw(t testing.TB) *Raw {
	t.Helper()
	data, err := os.ReadFile(l.CloudsFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Clouds map[string]struct {
			Auth struct {
				Username, Password string
				Project            string `yaml:"project_name"`
			}
		}
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	a, domain := file.Clouds[l.Cloud].Auth, map[string]string{"id": "default"}
	return l.LogIn(t, map[string]any{
		"identity": map[string]any{
			"methods":  []string{"password"},
			"password": map[string]any{"user": map[string]any{"name": a.Username, "password": a.Password, "domain": domain}},
		},
		"scope": map[string]any{"project": map[string]any{"name": a.Project, "domain": domain}},
	})
}

// LogIn logs in with what Keystone calls auth, without any code of ours.
func (l Lab) LogIn(t testing.TB, auth map[string]any) *Raw {
	t.Helper()
	r := &Raw{http: &http.Client{Timeout: 4 * time.Minute}, version: "placement 1.36"}
	answer := r.Do(t.Context(), http.MethodPost, l.Endpoints["keystone"]+"/auth/tokens", map[string]any{"auth": auth})
	r.base, r.token = l.Endpoints["placement"], answer.header.Get("X-Subject-Token")
	if answer.Err != nil || r.token == "" {
		t.Fatalf("log in: %d %s %v", answer.Status, answer.Body, answer.Err)
	}
	return r
}

// Keystone is the same login at Keystone.
func (l Lab) Keystone(r *Raw) *Raw {
	return &Raw{base: l.Endpoints["keystone"], token: r.token, version: "identity 3", http: r.http}
}

// Nova is the same login at Nova, at a microversion that takes the host of a new server and shows the UUIDs of migrations.
func (l Lab) Nova(r *Raw) *Raw {
	return &Raw{base: l.Endpoints["nova"], token: r.token, version: "compute 2.90", http: r.http}
}

// At is the same login at another microversion of the same service.
func (r *Raw) At(microversion string) *Raw {
	service, _, _ := strings.Cut(r.version, " ")
	return &Raw{base: r.base, token: r.token, version: service + " " + microversion, http: r.http}
}

// Answer is what a service said.
type Answer struct {
	Status int
	Body   []byte
	Err    error
	header http.Header
}

// RequestID is the service's name for the request.
func (a Answer) RequestID() string { return a.header.Get("X-Openstack-Request-Id") }

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
	resp, err := r.http.Do(req)
	if err != nil {
		return Answer{Err: err}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return Answer{Status: resp.StatusCode, Body: text, Err: err, header: resp.Header}
}

// UUID makes a random one.
func UUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
