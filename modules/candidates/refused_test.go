// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inFront serves in front of a service: a flavor with these extra specs, and no answer of Placement to a request of candidates.
func inFront(t *testing.T, service, specs string) string {
	t.Helper()
	behind, err := url.Parse(replay(t, service, false))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(behind)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Query().Has("resources1"):
			t.Error("Placement is asked what it refuses")
			http.Error(w, "refused", http.StatusBadRequest)
		case strings.HasPrefix(r.URL.Path, "/flavors/detail"):
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, strings.Replace(strings.Replace(made("/flavors/detail"), "988", "1", 1), `"extra_specs": {}`, `"extra_specs": {`+specs+`}`, 1))
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Several groups without a policy land nowhere, whatever room there is: Placement refuses the request that Nova makes of them.
func TestGroupsWithoutPolicy(t *testing.T) {
	const why = "the flavor has 2 groups with resources and no group_policy: Placement refuses its request"
	const specs = `"resources1:VCPU": "1", "resources2:VCPU": "1"`
	answer := run(t, dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": inFront(t, "placement", specs),
		"compute_endpoint": inFront(t, "compute", specs), "flavor": "big", "show": true,
	})
	refuses(t, answer, why)
	saved := strings.ReplaceAll(read(t, filepath.Join("..", "..", "tests", "recorded", "snapshot.json")), `"extra_specs": {}`, `"extra_specs": {`+specs+`}`)
	path := filepath.Join(t.TempDir(), "snapshot.json")
	if err := os.WriteFile(path, []byte(saved), 0o600); err != nil {
		t.Fatal(err)
	}
	refuses(t, run(t, dict{"snapshot": path, "flavor": "m1.small", "show": true}), why)
}

func refuses(t *testing.T, answer dict, why string) {
	t.Helper()
	const help = "Set group_policy to none or isolate in the extra specs of the flavor"
	msg, _ := answer["msg"].(string)
	if answer["lands"] != false || answer["refused"] != why || !strings.HasSuffix(msg, " lands nowhere: "+why+". "+help) {
		t.Errorf("%v %v %s", answer["lands"], answer["refused"], msg)
	}
	if got := fmt.Sprint(answer["help"], answer["contradictions"]); got != "["+help+"] []" {
		t.Error(got)
	}
	if fits, _ := answer["fits"].([]any); len(fits) == 0 {
		t.Error("no room is shown")
	}
}
