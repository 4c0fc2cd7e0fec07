// SPDX-License-Identifier: Apache-2.0

package nova_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
)

const page = 1000 // Nova's own limit

// cloud is a Nova with that many servers, all made in the same second, which no lab can hold.
type cloud struct {
	uuids   []string // in the order of Nova's own ids
	sorts   bool
	broken  string       // the direction of the list that fails from its second page on
	largest atomic.Int64 // requests for pages
}

func newCloud(n int) *cloud {
	c := &cloud{sorts: true}
	for range n {
		c.uuids = append(c.uuids, fmt.Sprintf("%08x-0000-4000-8000-%012x", rand.Uint32(), rand.Uint64()>>16))
	}
	return c
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		_, _ = w.Write([]byte(`{"version": {"min_version": "2.1", "version": "2.93"}}`))
		return
	}
	c.largest.Add(1)
	q := r.URL.Query()
	if c.broken != "" && q.Get("sort_dir") == c.broken && q.Get("marker") != "" {
		http.Error(w, `{"forbidden": {"code": 403, "message": "no"}}`, http.StatusForbidden)
		return
	}
	list := slices.Clone(c.uuids)
	slices.Reverse(list) // newest first
	if q.Get("sort_key") == "uuid" && c.sorts {
		slices.Sort(list)
		if q.Get("sort_dir") == "desc" {
			slices.SortFunc(list, func(a, b string) int { return cmp.Compare(b, a) })
		}
	}
	from := slices.Index(list, q.Get("marker")) + 1
	list = list[from:min(from+page, len(list))]
	servers := make([]map[string]any, len(list))
	for i, uuid := range list {
		servers[i] = map[string]any{
			"id": uuid, "OS-EXT-SRV-ATTR:host": "cn1", "status": "ACTIVE", "OS-EXT-STS:vm_state": "active", "tenant_id": "p",
			"created": "2026-11-22T10:00:00Z", "flavor": map[string]any{
				"original_name": "f", "vcpus": 1, "ram": 2, "disk": 3, "ephemeral": 0, "swap": 0, "extra_specs": map[string]string{},
			},
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"servers": servers})
}

func (c *cloud) client(t *testing.T) *nova.Client {
	t.Helper()
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	client, err := nova.New(t.Context(), &gophercloud.ServiceClient{
		ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "compute",
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// However many servers there are, each is listed once, whether or not Nova sorts as it is asked to.
func TestServersFromBothEnds(t *testing.T) {
	for _, n := range []int{0, 1, 499, 500, 999, 1000, 1001, 1999, 2000, 2001, 5432} {
		for _, sorts := range []bool{true, false} {
			c := newCloud(n)
			c.sorts = sorts
			servers, err := c.client(t).Servers(t.Context())
			if err != nil {
				t.Fatalf("%d servers: %v", n, err)
			}
			got := make([]string, 0, n)
			for _, s := range servers {
				got = append(got, s.UUID)
			}
			slices.Sort(got)
			slices.Sort(c.uuids)
			if !slices.Equal(got, c.uuids) {
				t.Errorf("%d servers, sorted %v: listed %d, %d different", n, sorts, len(got), len(slices.Compact(got)))
			}
			if most := int64(n/page + 8); c.largest.Load() > most {
				t.Errorf("%d servers, sorted %v: %d pages, want at most %d", n, sorts, c.largest.Load(), most)
			}
		}
	}
}

// Half a list is none.
func TestServersOneEndFails(t *testing.T) {
	for _, direction := range []string{"asc", "desc"} {
		c := newCloud(6000)
		c.broken = direction
		if servers, err := c.client(t).Servers(t.Context()); err == nil {
			t.Errorf("%s fails: %d servers and no error", direction, len(servers))
		}
	}
}
