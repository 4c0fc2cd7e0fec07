// SPDX-License-Identifier: Apache-2.0

package usageinfo_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/usageinfo"
)

// What makes no sense is refused before a cloud is asked, all of it at once.
func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		args map[string]any
		says []string
	}{
		"nothing":         {map[string]any{}, []string{"one of the following is required: provider, providers, aggregate, pattern, zone, projects"}},
		"empty":           {map[string]any{"projects": []string{" "}, "provider": " "}, []string{"projects[0] must not be empty", "provider must not be empty"}},
		"no projects":     {map[string]any{"projects": []string{}}, []string{"must name at least one project"}},
		"a user alone":    {map[string]any{"providers": []string{"a"}, "user": "u"}, []string{"user must be given with projects"}},
		"two selections":  {map[string]any{"aggregate": "a", "zone": "b"}, []string{"parameters are mutually exclusive: aggregate|zone"}},
		"no pattern":      {map[string]any{"pattern": "[a"}, []string{"value of pattern must be a shell pattern"}},
		"a user of blank": {map[string]any{"projects": []string{"a"}, "user": " "}, []string{"user must not be empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.args["auth_type"], c.args["placement_endpoint"] = "none", "http://127.0.0.1:1"
			answer := ansibletest.RunAtOnce(t, usageinfo.Module(), c.args)
			msg, _ := answer["msg"].(string)
			for _, words := range c.says {
				if answer["failed"] != true || !strings.Contains(msg, words) {
					t.Errorf("it does not say %q: %s", words, msg)
				}
			}
		})
	}
}

// A Placement before 1.38 knows no types of consumers, and what can't be read is an error.
func TestOldAndUnreadable(t *testing.T) {
	newest, status := "1.37", http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/" {
			_, _ = w.Write([]byte(`{"versions": [{"id": "v1.0", "max_version": "` + newest + `", "min_version": "1.0", "status": "CURRENT", "links": []}]}`))
			return
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"usages": {"VCPU": 6, "MEMORY_MB": 12288}}`))
	}))
	defer server.Close()
	run := func() map[string]any {
		return ansibletest.RunAtOnce(t, usageinfo.Module(), map[string]any{"auth_type": "none", "placement_endpoint": server.URL, "projects": []string{"p"}})
	}
	answer := run()
	raw, _ := json.Marshal(answer["projects"])
	if want := `[{"by_type":[],"consumers":null,"differs":[],"id":"p","nova":null,"resources":{"MEMORY_MB":12288,"VCPU":6}}]`; string(raw) != want {
		t.Errorf("%s\nwant\n%s", raw, want)
	}
	if answer["msg"] != "usages of 1 project" {
		t.Error(answer["msg"])
	}
	for _, newest = range []string{"1.37", "1.39"} {
		if newest == "1.37" {
			status = http.StatusForbidden
		} else {
			status = http.StatusOK // an answer of another form
		}
		if answer := run(); answer["failed"] != true || answer["projects"] != nil {
			t.Errorf("%s: %v", newest, answer)
		}
	}
}
