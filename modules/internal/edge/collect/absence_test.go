// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
)

// novaWithout is a Nova that answers 404 for each single server and lists those of listed.
func novaWithout(t *testing.T, listed ...string) *nova.Client {
	t.Helper()
	const server = `{"id": %q, "OS-EXT-SRV-ATTR:host": "cn1", "status": "ACTIVE", "OS-EXT-STS:vm_state": "active", "tenant_id": "p",
		"created": "2026-11-22T10:00:00Z", "flavor": {"original_name": "f", "vcpus": 1, "ram": 2, "disk": 3, "ephemeral": 0, "swap": 0,
		"extra_specs": {}}}`
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wanted := r.URL.Query().Get("uuid")
		switch {
		case r.URL.Path == "/":
			_, _ = w.Write([]byte(`{"version": {"min_version": "2.1", "version": "2.93"}}`))
		case slices.Contains(listed, wanted):
			_, _ = fmt.Fprintf(w, `{"servers": [%s]}`, fmt.Sprintf(server, wanted))
		case strings.HasSuffix(r.URL.Path, "/servers/detail"):
			_, _ = w.Write([]byte(`{"servers": []}`))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"itemNotFound": {"code": 404, "message": "Instance could not be found."}}`))
		}
	}))
	t.Cleanup(fake.Close)
	client, err := nova.New(t.Context(), &gophercloud.ServiceClient{
		ProviderClient: &gophercloud.ProviderClient{}, Endpoint: fake.URL + "/", Type: "compute",
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// A server of the first list that answers 404 alone is gone only if Nova's list has it no more.
func TestStillListed(t *testing.T) {
	for name, listed := range map[string][]string{"mapping lost": {checktest.Server}, "deleted": nil} {
		l := &looker{
			Source: Source{Compute: novaWithout(t, listed...), Admin: true, Concurrency: 2},
			first:  checktest.Cloud(), look: &snapshot.Look{},
		}
		found, absent, err := l.servers(t.Context(), []string{checktest.Server, "never listed"})
		if err != nil || len(found) != 0 || len(absent) != 2 {
			t.Fatalf("%s: found %v, absent %v: %v", name, found, absent, err)
		}
		absent, err = l.stillListed(t.Context(), found, absent)
		_, there := found[checktest.Server]
		if lost := len(listed) > 0; err != nil || there != lost || !slices.Equal(l.look.Lost, listed) || slices.Contains(absent, checktest.Server) == lost {
			t.Errorf("%s: found %v, absent %v, lost %v: %v", name, found, absent, l.look.Lost, err)
		}
	}
}

// Some of many may fail; more, or all, are the service.
func TestBearable(t *testing.T) {
	for _, c := range []struct{ n, bad, want int }{{1, 1, 0}, {2, 1, 1}, {10, 2, 2}, {10, 3, 0}, {1000, 20, 20}, {1000, 21, 0}} {
		keys := make([]string, c.n)
		for i := range keys {
			keys[i] = fmt.Sprintf("%04d", i)
		}
		r := &reader{Source: Source{Concurrency: 4}, s: &snapshot.Snapshot{}}
		var target map[string]openstack.Provider
		err := perProvider(t.Context(), r, keys, func(_ context.Context, key string) (openstack.Provider, error) {
			if key < fmt.Sprintf("%04d", c.bad) {
				return openstack.Provider{}, errors.New("500")
			}
			return openstack.Provider{UUID: key}, nil
		}, &target)
		if c.want > 0 && (!inPart(err) || len(r.s.Blind.Providers) != c.want || len(target) != c.n-c.bad) || c.want == 0 && !fatal(err) {
			t.Errorf("%d of %d: %v, blind %v", c.bad, c.n, err, r.s.Blind)
		}
	}
}
