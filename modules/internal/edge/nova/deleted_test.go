// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

func TestDeletedTypes(t *testing.T) {
	stricttest.Types(t, "deleted.go", &deletedServers{}, &actions{})
}

const (
	cleaned = "1d978362-ca1c-49d9-83b8-367f2c7ab66b" // deleted at 22:48:35, and its row changed at 22:53:31
	other   = "2d978362-ca1c-49d9-83b8-367f2c7ab66b"
	silent  = "3d978362-ca1c-49d9-83b8-367f2c7ab66b" // Nova shows none of its actions
)

// A row that nova-compute changes minutes after the deletion does not make the server one that was deleted just now. The answers are
// Nova 26's.
func TestDeletedSince(t *testing.T) {
	const list = `{"servers": [{"id": "` + cleaned + `", "name": "churn", "links": []}, {"id": "` + other + `", "name": "", "links": []}, {"id": "` + silent + `", "name": "", "links": []}]}`
	const done = `{"instanceActions": [{"action": "delete", "instance_uuid": "` + cleaned + `", "request_id": "req-8a878e47-d248-4355-8f44-c792415965be",
		"user_id": "f527d478752249eaa4b7dff8c1880b28", "project_id": "637b5f256589419bbb4681675ec9e116", "start_time": "2026-11-30T22:48:31.000000",
		"message": null, "updated_at": "2026-11-30T22:48:35.000000"}, {"action": "migrate", "instance_uuid": "` + cleaned + `",
		"request_id": "req-4e0488bc-f22e-4e9b-917c-ce417a8ebd24", "user_id": "f527d478752249eaa4b7dff8c1880b28", "project_id":
		"637b5f256589419bbb4681675ec9e116", "start_time": "2026-11-30T22:48:27.000000", "message": "Error", "updated_at": "2026-11-30T22:48:37.000000"}]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/servers"):
			_, _ = io.WriteString(w, list)
		case strings.Contains(r.URL.Path, cleaned):
			_, _ = io.WriteString(w, done)
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"itemNotFound": {"code": 404, "message": "Instance could not be found."}}`)
		}
	}))
	t.Cleanup(server.Close)
	c := &Client{sc: &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/"}}
	for since, want := range map[string][]string{
		"2026-11-30T22:48:36Z": {cleaned, silent}, // it was still being moved
		"2026-11-30T22:48:38Z": {silent},
	} {
		at, err := time.Parse(time.RFC3339, since)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.DeletedSince(t.Context(), at, []string{cleaned, silent})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("since %s: %v, %v", since, got, err)
		}
	}
}
