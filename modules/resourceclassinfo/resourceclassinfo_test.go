// SPDX-License-Identifier: Apache-2.0

package resourceclassinfo_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/resourceclassinfo"
)

// What is no pattern is refused before a cloud is asked, and a list that can't be read is an error.
func TestRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/" {
			_, _ = w.Write([]byte(`{"versions": [{"id": "v1.0", "max_version": "1.39", "min_version": "1.0", "status": "CURRENT", "links": []}]}`))
			return
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	defer server.Close()
	for pattern, says := range map[string]string{"[a": "value of pattern must be a shell pattern", "": "pattern must be a shell pattern", "*": "the answer is not what this service sends"} {
		answer := ansibletest.RunAtOnce(t, resourceclassinfo.Module(), map[string]any{"auth_type": "none", "placement_endpoint": server.URL, "pattern": pattern})
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, says) {
			t.Errorf("%q: %v", pattern, answer)
		}
	}
}
