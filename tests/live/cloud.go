// SPDX-License-Identifier: Apache-2.0

package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"go.yaml.in/yaml/v3"
)

const (
	// computeVersion is old enough that an evacuated server is started on its new host, and asks for hosts by name.
	computeVersion = "compute 2.90"
	// placementVersion keeps a consumer's type when its allocations are written; from 1.38 on the type has to be sent.
	placementVersion = "placement 1.36"
)

// Cloud sends requests as the lab's administrator.
type Cloud struct {
	compute, placement, image *gophercloud.ServiceClient

	Project, User string // ids of the administrator's
}

// Login logs in.
func (l *Lab) Login(t testing.TB) *Cloud {
	t.Helper()
	name, password, project := l.credentials(t)
	provider, err := openstack.NewClient(l.Endpoints["keystone"])
	if err != nil {
		t.Fatal(err)
	}
	provider.HTTPClient = http.Client{Timeout: 2 * time.Minute}
	err = openstack.Authenticate(t.Context(), provider, gophercloud.AuthOptions{
		IdentityEndpoint: l.Endpoints["keystone"], Username: name, Password: password, TenantName: project,
		DomainID: "default", AllowReauth: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	client := func(service string) *gophercloud.ServiceClient {
		return &gophercloud.ServiceClient{ProviderClient: provider, Endpoint: l.Endpoints[service]}
	}
	c := &Cloud{compute: client("nova"), placement: client("placement"), image: client("glance")}
	c.placement.MoreHeaders = map[string]string{"OpenStack-API-Version": placementVersion}
	c.compute.MoreHeaders = map[string]string{"OpenStack-API-Version": computeVersion}
	var server struct {
		Servers []struct {
			Tenant string `json:"tenant_id"`
			User   string `json:"user_id"`
		}
	}
	if err := c.Nova(t.Context(), http.MethodGet, "/servers/detail?limit=1", nil, &server); err != nil || len(server.Servers) == 0 {
		t.Fatalf("the lab's servers: %d, %v", len(server.Servers), err)
	}
	c.Project, c.User = server.Servers[0].Tenant, server.Servers[0].User
	return c
}

func (l *Lab) credentials(t testing.TB) (name, password, project string) {
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
	a := file.Clouds[l.Cloud].Auth
	return a.Username, a.Password, a.Project
}

// Nova sends a request to Nova and decodes the answer into out unless that is nil.
func (c *Cloud) Nova(ctx context.Context, method, path string, body, out any) error {
	return send(ctx, c.compute, call{method, path, body, out})
}

// Placement sends one to Placement.
func (c *Cloud) Placement(ctx context.Context, method, path string, body, out any) error {
	return send(ctx, c.placement, call{method, path, body, out})
}

// Image returns the id of the lab's image.
func (c *Cloud) Image(t testing.TB) string {
	t.Helper()
	var answer struct {
		Images []struct{ ID string }
	}
	if err := send(t.Context(), c.image, call{http.MethodGet, "/v2/images?name=lab", nil, &answer}); err != nil || len(answer.Images) == 0 {
		t.Fatalf("the lab's image: %d, %v", len(answer.Images), err)
	}
	return answer.Images[0].ID
}

// MakeImage makes an image without content, with these properties, and returns its id.
func (c *Cloud) MakeImage(ctx context.Context, name string, properties map[string]any) (string, error) {
	body := map[string]any{"name": name, "disk_format": "raw", "container_format": "bare"}
	maps.Copy(body, properties)
	var made struct{ ID string }
	err := send(ctx, c.image, call{http.MethodPost, "/v2/images", body, &made})
	return made.ID, err
}

// FillImage gives an image some content: only then is it active.
func (c *Cloud) FillImage(ctx context.Context, uuid string) error {
	resp, err := c.image.Request(ctx, http.MethodPut, c.image.Endpoint+"/v2/images/"+uuid+"/file", &gophercloud.RequestOpts{
		RawBody: bytes.NewReader(make([]byte, 512)), MoreHeaders: map[string]string{"Content-Type": "application/octet-stream"}, OkCodes: []int{http.StatusNoContent},
	})
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// DeleteImage deletes an image.
func (c *Cloud) DeleteImage(ctx context.Context, uuid string) error {
	return send(ctx, c.image, call{http.MethodDelete, "/v2/images/" + uuid, nil, nil})
}

// call is one request, and where its answer goes.
type call struct {
	method, path string
	body, out    any
}

func send(ctx context.Context, sc *gophercloud.ServiceClient, c call) error {
	options := &gophercloud.RequestOpts{JSONBody: c.body, KeepResponseBody: true, OkCodes: []int{200, 201, 202, 204}}
	resp, err := sc.Request(ctx, c.method, sc.Endpoint+c.path, options)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || c.out == nil {
		return err
	}
	return json.Unmarshal(text, c.out)
}

// Refused reports whether a service refused with this status.
func Refused(err error, status int) bool { return gophercloud.ResponseCodeIs(err, status) }

// Held is what a consumer holds.
type Held struct {
	Allocations map[string]Share `json:"allocations"` // by provider
	Generation  *int             `json:"consumer_generation"`
	Project     string           `json:"project_id"`
	User        string           `json:"user_id"`
}

// Share is what it holds of one provider.
type Share struct {
	Resources map[string]int `json:"resources"`
}

// Held reads what a consumer holds.
func (c *Cloud) Held(ctx context.Context, consumer string) (Held, error) {
	var h Held
	err := c.Placement(ctx, http.MethodGet, "/allocations/"+consumer, nil, &h)
	return h, err
}

// Hold makes a consumer hold this, and nothing else. To hold nothing is to be forgotten.
func (c *Cloud) Hold(ctx context.Context, consumer string, shares map[string]Share) error {
	now, err := c.Held(ctx, consumer)
	if err != nil || len(now.Allocations)+len(shares) == 0 {
		return err
	}
	if len(now.Allocations) == 0 {
		now.Project, now.User, now.Generation = c.Project, c.User, nil
	}
	now.Allocations = map[string]Share{} // null is refused
	maps.Copy(now.Allocations, shares)
	return c.Placement(ctx, http.MethodPut, "/allocations/"+consumer, now, nil)
}

// HoldAs makes a new consumer of a type, as another service than Nova writes it.
func (c *Cloud) HoldAs(ctx context.Context, consumer, kind string, shares map[string]Share) error {
	typed := *c.placement
	typed.MoreHeaders = map[string]string{"OpenStack-API-Version": "placement 1.38"}
	body := map[string]any{
		"allocations": shares, "project_id": c.Project, "user_id": c.User, "consumer_generation": nil, "consumer_type": kind,
	}
	return send(ctx, &typed, call{http.MethodPut, "/allocations/" + consumer, body, nil})
}

// Providers returns the UUIDs of the resource providers by name.
func (c *Cloud) Providers(ctx context.Context) (map[string]string, error) {
	var answer struct {
		Providers []struct{ UUID, Name string } `json:"resource_providers"`
	}
	err := c.Placement(ctx, http.MethodGet, "/resource_providers", nil, &answer)
	byName := map[string]string{}
	for _, p := range answer.Providers {
		byName[p.Name] = p.UUID
	}
	return byName, err
}

// SQL runs statements on the lab's first database server, behind the services' backs.
func (l *Lab) SQL(ctx context.Context, statements string) error {
	_, err := l.Query(ctx, statements)
	return err
}

// Query is SQL that returns rows, one a line, with tabs between the columns.
func (l *Lab) Query(ctx context.Context, statements string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "mariadb", "--no-defaults", "-uroot", "-N", "-S", l.Sockets["mysql"])
	cmd.Stdin = strings.NewReader(statements)
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s%s", err, out.String(), fault.String())
	}
	return strings.FieldsFunc(out.String(), func(r rune) bool { return r == '\n' }), nil
}
