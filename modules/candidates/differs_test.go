// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// cloud is a Placement of some providers with room, which has no candidates all the same: no real one can be made to say so for sure.
func cloud(t *testing.T, providers ...string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body(r, providers))
	}))
	t.Cleanup(server.Close)
	return server
}

func body(r *http.Request, providers []string) dict {
	list := []any{}
	for _, uuid := range providers {
		list = append(list, dict{"uuid": uuid, "name": "cn" + uuid[:1], "generation": 1, "root_provider_uuid": uuid, "parent_provider_uuid": nil})
	}
	path := r.URL.Path
	switch {
	case path == "/":
		return dict{"versions": []any{dict{"id": "v1.0", "min_version": "1.0", "max_version": "1.39", "status": "CURRENT", "links": []any{}}}}
	case path == "/allocation_candidates":
		return dict{"allocation_requests": []any{}, "provider_summaries": dict{}}
	case path == "/traits":
		return dict{"traits": []string{}}
	case path == "/resource_classes":
		return dict{"resource_classes": []any{dict{"name": "VCPU"}}}
	case strings.HasSuffix(path, "/inventories"):
		return dict{"resource_provider_generation": 1, "inventories": dict{"VCPU": dict{
			"total": 4, "reserved": 0, "min_unit": 1, "max_unit": 4, "step_size": 1, "allocation_ratio": 1,
		}}}
	case strings.HasSuffix(path, "/usages"):
		return dict{"resource_provider_generation": 1, "usages": dict{"VCPU": 0}}
	}
	return dict{"resource_providers": list}
}

// Where Placement and what was read of its providers differ, it is unknown whether the request lands, and that is said.
func TestPlacementSaysOtherwise(t *testing.T) {
	const one, two = "10000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000002"
	for want, c := range map[string]struct {
		providers []string
		asked     int
	}{
		"the request: it is unknown whether it lands, because Placement's answer and what was read of the resource providers differ": {[]string{one, two}, 1},
		"the request lands in none of 0 trees: there are no resource providers":                                                      {nil, 1},
		"the request lands in none of 2 trees: 0 with 5 VCPU at once. The nearest: cn1 lacks 1 VCPU (0 of 4 used; capacity = (4 - 0 reserved) x 1); cn1 gives at most 4 VCPU at a time (max_unit), and 5 are asked for": {
			[]string{one, two}, 5,
		},
	} {
		answer := ansibletest.RunAtOnce(t, candidates.Module(), dict{
			"auth_type": "none", "placement_endpoint": cloud(t, c.providers...).URL, "resources": dict{"VCPU": c.asked},
		})
		if answer["msg"] != want || answer["lands"] != false {
			t.Errorf("%v\nwant\n%s", answer["msg"], want)
		}
		if open := fmt.Sprint(answer["not_judged"]); !strings.Contains(open, "whether the compute services are up: Nova is asked for them with flavor or server only") {
			t.Errorf("what was not read is not said: %s", open)
		}
	}
}

// A script can tell nowhere from unknown.
func TestExitCodes(t *testing.T) {
	for want, r := range map[int]candidates.Result{0: {Lands: true, Contradictions: []string{"a"}}, 2: {}, 3: {Contradictions: []string{"a"}}} {
		if got := r.ExitCode(); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
}

// What Placement's answer says of the providers that it offers is not asked for again.
func TestOffersAreReadOnce(t *testing.T) {
	const one = "10000000-0000-4000-8000-000000000001"
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		answer := body(r, []string{one})
		if r.URL.Path == "/allocation_candidates" {
			answer = dict{
				"allocation_requests": []any{dict{"allocations": dict{one: dict{"resources": dict{"VCPU": 1}}}, "mappings": dict{"": []string{one}}}},
				"provider_summaries":  dict{one: dict{"resources": dict{"VCPU": dict{"capacity": 4, "used": 0}}, "traits": []string{}, "parent_provider_uuid": nil, "root_provider_uuid": one}},
			}
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	answer := ansibletest.RunAtOnce(t, candidates.Module(), dict{
		"auth_type": "none", "placement_endpoint": server.URL, "resources": dict{"VCPU": 1},
	})
	all := strings.Join(asked, "\n")
	if answer["lands"] != true || strings.Count(all, "/allocation_candidates") != 1 || strings.Contains(all, "/usages") {
		t.Errorf("%v\n%s", answer["msg"], all)
	}
}
