// SPDX-License-Identifier: Apache-2.0

package trait_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/trait"
)

const uuid = "11111111-2222-4333-8444-555555555555"

// racing is a Placement with one provider, to whom somebody else gives traits once they were read: no real one can be made to do that at
// the right moment.
type racing struct {
	traits, others []string
	reads, puts    int
}

func (f *racing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	var body any
	provider := map[string]any{"uuid": uuid, "name": "p", "generation": 1 + f.puts, "root_provider_uuid": uuid, "parent_provider_uuid": nil}
	if f.reads > 0 && len(f.others) > 0 {
		provider["generation"] = 7
	}
	switch path := r.URL.Path; {
	case r.Method == http.MethodPut:
		f.puts++
		_, _ = fmt.Fprint(w, `{"traits": [], "resource_provider_generation": 9}`)
		return
	case path == "/":
		body = map[string]any{"versions": []any{map[string]any{"id": "v1.0", "min_version": "1.0", "max_version": "1.39", "status": "CURRENT", "links": []any{}}}}
	case path == "/traits":
		body = map[string]any{"traits": []string{"CUSTOM_A", "CUSTOM_B"}}
	case strings.HasSuffix(path, "/traits"):
		if f.reads++; f.reads == 2 {
			f.traits = append(f.traits, f.others...)
		}
		body = map[string]any{"traits": f.traits, "resource_provider_generation": 1}
	case strings.HasSuffix(path, uuid):
		body = provider
	default:
		body = map[string]any{"resource_providers": []any{provider}}
	}
	_ = json.NewEncoder(w).Encode(body)
}

// What somebody else has done meanwhile need not be done, and is told as it is.
func TestDoneByAnother(t *testing.T) {
	f := &racing{traits: []string{"CUSTOM_B"}, others: []string{"CUSTOM_A"}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	answer := run(t, server.URL, map[string]any{"provider": uuid, "traits": []string{"CUSTOM_A"}})
	providers, _ := answer["providers"].([]any)
	if len(providers) != 1 || answer["changed"] != false || f.puts != 0 {
		t.Fatalf("%d PUTs, %v", f.puts, answer)
	}
	p, _ := providers[0].(map[string]any)
	if got := fmt.Sprint(p["traits"]); got != "[CUSTOM_A CUSTOM_B]" || !slices.Equal([]any{p["changed"], p["generation"]}, []any{false, float64(7)}) {
		t.Errorf("%v", p)
	}
}

// Ansible shows a difference of texts and of mappings. A list stops its callback, and nothing is shown.
func TestDiffThatAnsibleShows(t *testing.T) {
	for want, args := range map[string]map[string]any{
		"map[traits:[CUSTOM_B]] map[traits:[CUSTOM_A CUSTOM_B]]": {"provider": uuid, "traits": []string{"CUSTOM_A"}},
		"map[traits:[]] map[traits:[CUSTOM_C]]":                  {"traits": []string{"CUSTOM_C"}},
	} {
		f := &racing{traits: []string{"CUSTOM_B"}}
		server := httptest.NewServer(f)
		t.Cleanup(server.Close)
		args["_ansible_check_mode"], args["_ansible_diff"] = true, true
		list, _ := run(t, server.URL, args)["diff"].([]any)
		if len(list) != 1 || f.puts != 0 {
			t.Fatalf("%v, %d PUTs", list, f.puts)
		}
		if d, _ := list[0].(map[string]any); fmt.Sprint(d["before"], " ", d["after"]) != want {
			t.Errorf("%v, want %s", d, want)
		}
	}
}

func run(t *testing.T, placement string, args map[string]any) map[string]any {
	t.Helper()
	args["auth_type"], args["auth"], args["placement_endpoint"] = "admin_token", map[string]any{"token": "t0ken"}, placement
	args["journal"] = filepath.Join(t.TempDir(), "journal")
	return ansibletest.RunAtOnce(t, trait.Module(), args)
}
