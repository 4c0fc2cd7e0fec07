// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// What an old Placement can't be asked is refused before it is asked, all of it at once. It would take it for something else.
func TestOldPlacement(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Errorf("it is asked for %s", r.URL)
		}
		_, _ = w.Write([]byte(`{"versions": [{"id": "v1.0", "min_version": "1.0", "max_version": "1.31"}]}`))
	}))
	t.Cleanup(server.Close)
	answer := ansibletest.RunAtOnce(t, candidates.Module(), dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": server.URL, "compute_endpoint": server.URL,
		"resources": dict{"VCPU": 1}, "required": "in:A,B", "root_required": []string{"C"},
	})
	msg, _ := answer["msg"].(string)
	for _, want := range []string{
		"a trait of the root (root_required, root_forbidden) needs microversion 1.35 of Placement, which offers microversions up to 1.31",
		"requiring one of several traits (in: in required) needs microversion 1.39 of Placement, which offers microversions up to 1.31",
	} {
		if answer["failed"] != true || !strings.Contains(msg, want) {
			t.Errorf("no %q in %q", want, msg)
		}
	}
}
