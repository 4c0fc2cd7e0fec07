// SPDX-License-Identifier: Apache-2.0

package nova_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/aggregates"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/hypervisors"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/migrations"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/services"
	"github.com/gophercloud/gophercloud/v2/openstack/utils"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
)

// These tests hold the reasons of docs/decisions/0019-placement-bindings.md. One that fails is good news: gophercloud has changed,
// and the binding may be of use now.

// computing is a client of a service that answers like this.
func computing(t *testing.T, serve http.HandlerFunc) *gophercloud.ServiceClient {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	return &gophercloud.ServiceClient{
		ProviderClient: &gophercloud.ProviderClient{TokenID: "t0ken"}, Endpoint: server.URL + "/", Type: "compute", Microversion: nova.Microversion,
	}
}

func always(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}
}

// bindings read what is read here, and return how much was found.
func bindings() map[string]func(context.Context, *gophercloud.ServiceClient) (int, error) {
	return map[string]func(context.Context, *gophercloud.ServiceClient) (int, error){
		"services.List": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			p, err := services.List(sc, nil).AllPages(ctx)
			if err != nil {
				return 0, err
			}
			all, err := services.ExtractServices(p)
			return len(all), err
		},
		"aggregates.List": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			p, err := aggregates.List(sc).AllPages(ctx)
			if err != nil {
				return 0, err
			}
			all, err := aggregates.ExtractAggregates(p)
			return len(all), err
		},
		"servers.Get": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			s, err := servers.Get(ctx, sc, "s").Extract()
			if s == nil {
				return 0, err
			}
			return len(s.ID), err
		},
	}
}

// An answer without its content is an empty one to these.
func TestBindingsTakeNothingForEmpty(t *testing.T) {
	for name, read := range bindings() {
		if found, err := read(t.Context(), computing(t, always(`{}`))); found != 0 || err != nil {
			t.Errorf("%s: it is %d and %v now", name, found, err)
		}
	}
}

// One cell that does not answer takes the whole list of services: Nova has binary, host and status of those there.
func TestBindingsFailWithACell(t *testing.T) {
	sc := computing(t, always(`{"services": [{"binary": "nova-compute", "host": "cn1", "status": "UNKNOWN"}]}`))
	if _, err := bindings()["services.List"](t.Context(), sc); err == nil {
		t.Error("services.List takes a service of a cell that does not answer")
	}
}

// A host that the policy hides is one that the server does not have.
func TestBindingsDoNotTellHidden(t *testing.T) {
	var hidden, none servers.Server
	if err := json.Unmarshal([]byte(`{"id": "s"}`), &hidden); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{"id": "s", "OS-EXT-SRV-ATTR:host": null}`), &none); err != nil {
		t.Fatal(err)
	}
	if hidden.Host != none.Host {
		t.Errorf("they are %q and %q now", hidden.Host, none.Host)
	}
}

// What Nova leaves out of a hypervisor, as from 2.88 on, is 0.
func TestBindingsTakeNothingForZero(t *testing.T) {
	var h hypervisors.Hypervisor
	if err := json.Unmarshal([]byte(`{"id": "h", "hypervisor_version": 1, "service": {"id": "s", "host": "cn1"}}`), &h); err != nil || h.VCPUs != 0 || h.LocalGB != 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

// Of the migrations only the first page is read: Nova has at most 1,000 on it.
func TestBindingsReadOnePageOfMigrations(t *testing.T) {
	pages := 0
	sc := computing(t, func(w http.ResponseWriter, r *http.Request) {
		pages++
		always(`{"migrations": [{"uuid": "m"}], "migrations_links": [{"rel": "next", "href": "http://`+r.Host+`/os-migrations?marker=m"}]}`)(w, r)
	})
	p, err := migrations.List(sc, nil).AllPages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if all, err := migrations.ExtractMigrations(p); err != nil || len(all) != 1 || pages != 1 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

// An answer says where the next page is, and the token goes there.
func TestBindingsSendTheTokenElsewhere(t *testing.T) {
	for what, read := range map[string]func(*gophercloud.ServiceClient) error{
		"servers": func(sc *gophercloud.ServiceClient) error {
			_, err := servers.List(sc, nil).AllPages(t.Context())
			return err
		},
		"hypervisors": func(sc *gophercloud.ServiceClient) error {
			_, err := hypervisors.List(sc, nil).AllPages(t.Context())
			return err
		},
	} {
		var token string
		elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token = r.Header.Get("X-Auth-Token")
			always(`{"`+what+`": []}`)(w, r)
		}))
		sc := computing(t, always(`{"`+what+`": [{"id": "x", "hypervisor_version": 1, "service": {"id": "s"}}], "`+what+`_links": [{"rel": "next", "href": "`+elsewhere.URL+`/more"}]}`))
		if err := read(sc); err != nil || token != "t0ken" {
			t.Errorf("%s: another host got the token %q, %v", what, token, err)
		}
		elsewhere.Close()
	}
}

// Why the versions can't be read is not told where the endpoint names one.
func TestBindingsHideWhyThereAreNoVersions(t *testing.T) {
	sc := computing(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the database is gone", http.StatusInternalServerError)
	})
	sc.Endpoint += "v2.1/"
	_, err := utils.GetSupportedMicroversions(t.Context(), sc)
	if err == nil || strings.Contains(err.Error(), "500") || strings.Contains(err.Error(), "database") {
		t.Errorf("it is %v now", err)
	}
	if _, err := nova.New(t.Context(), sc); err == nil || !strings.Contains(err.Error(), "500") {
		t.Errorf("here it is %v", err)
	}
}

// The page judges every package for Nova that gophercloud has.
func TestEveryPackageIsJudged(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/decisions/0019-placement-bindings.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Name}}", "github.com/gophercloud/gophercloud/v2/openstack/compute/v2/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for name := range strings.FieldsSeq(string(out)) {
		if name == "testing" {
			continue
		}
		found++
		if !strings.Contains(string(text), "`"+name+"`") && !strings.Contains(string(text), "`"+name+".") {
			t.Errorf("the page does not judge %s", name)
		}
	}
	if found < 15 {
		t.Errorf("only %d packages were found", found)
	}
}
