// SPDX-License-Identifier: Apache-2.0

package providerinfo_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/providerinfo"
)

const (
	compute = "772c8a12-cd72-49a5-a646-50cc5bb01e1d"
	child   = "15d22711-af44-4f8b-a472-cce8e2610650"
)

// service answers as Placement 8.0.0 does, from two providers: a compute node and its child.
func service(t *testing.T, broken map[string]int) string {
	t.Helper()
	provider := func(uuid, name, parent string) string {
		return fmt.Sprintf(`{"uuid": %q, "name": %q, "generation": 3, "links": [], "parent_provider_uuid": %s, "root_provider_uuid": %q}`,
			uuid, name, parent, compute)
	}
	root, nested := provider(compute, "cn3", "null"), provider(child, compute, `"`+compute+`"`) // named like a UUID
	list := func(all ...string) string { return `{"resource_providers": [` + strings.Join(all, ", ") + `]}` }
	answers := map[string]string{
		"/":                                   `{"versions": [{"id": "v1.0", "max_version": "1.39", "min_version": "1.0", "status": "CURRENT", "links": []}]}`,
		"/resource_providers":                 list(root, nested),
		"/resource_providers?uuid=" + compute: list(root),
		"/resource_providers?name=cn3":        list(root),
		"/resource_providers?name=nobody":     list(),
		"/resource_providers?uuid=" + child:   list(),
		"/resource_providers?name=" + compute: list(), "/resource_providers?name=" + strings.ToUpper(compute): list(),
		"/resource_providers?name=" + strings.ReplaceAll(compute, "-", ""): list(),
		"/resource_providers?name=" + child:                                list(nested),
		"/resource_providers?in_tree=" + compute:                           list(root, nested),
		"/resource_providers/" + compute:                                   root,
		"/resource_providers/" + compute + "/usages":                       `{"resource_provider_generation": 3, "usages": {"VCPU": 1}}`,
		"/resource_providers/" + compute + "/aggregates":                   `{"resource_provider_generation": 3, "aggregates": []}`,
		"/resource_providers/" + child + "/usages":                         `{"resource_provider_generation": 1, "usages": {}}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body, known := answers[r.URL.RequestURI()]
		if code := broken[r.URL.RequestURI()]; code != 0 || !known {
			w.WriteHeader(cmp.Or(code, http.StatusNotFound))
			body = `{"errors": [{"status": 404, "title": "Not Found", "detail": "The resource could not be found.\n\n "}]}`
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func run(t *testing.T, args map[string]any, broken map[string]int) map[string]any {
	t.Helper()
	args["auth_type"], args["auth"] = "admin_token", map[string]any{"token": "t0ken"}
	args["placement_endpoint"] = service(t, broken)
	return ansibletest.RunAtOnce(t, providerinfo.Module(), args)
}

func names(answer map[string]any) string {
	list, ok := answer["providers"].([]any)
	if !ok {
		return fmt.Sprint("failed: ", answer["msg"])
	}
	out := []string{}
	for _, p := range list {
		provider, _ := p.(map[string]any)
		out = append(out, fmt.Sprint(provider["uuid"]))
	}
	return strings.Join(out, " ")
}

func TestFind(t *testing.T) {
	for provider, want := range map[string]string{
		"":                                   compute + " " + child,
		"cn3":                                compute,
		compute:                              compute,
		strings.ToUpper(compute):             compute,
		strings.ReplaceAll(compute, "-", ""): compute,
		child:                                child, // found by its name only
		"nobody":                             "",
	} {
		args := map[string]any{"details": []string{"usages"}}
		if provider != "" {
			args["provider"] = provider
		}
		if got := names(run(t, args, nil)); got != want {
			t.Errorf("%q: %q, want %q", provider, got, want)
		}
	}
	answer := run(t, map[string]any{"provider": "cn3", "tree": true, "details": []string{}}, nil)
	if got := names(answer); got != compute+" "+child || answer["msg"] != "2 resource providers" {
		t.Errorf("tree: %q %v", got, answer["msg"])
	}
}

// The name of a host finds root providers only, in any case, and their trees with them.
func TestFindOfHost(t *testing.T) {
	for host, want := range map[string]string{
		"cn3": compute + " " + child, "CN3": compute + " " + child, child: compute + " " + child, "cn": "", "nobody": "",
	} {
		args := map[string]any{"provider": host, "match": "host", "tree": true, "details": []string{}}
		if got := names(run(t, args, nil)); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
	for host, want := range map[string]string{"Cn3": compute, strings.ToUpper(child): child} {
		if got := names(run(t, map[string]any{"provider": host, "match": "host", "details": []string{}}, nil)); got != want {
			t.Errorf("%q without its tree: %q", host, got)
		}
	}
	if got := names(run(t, map[string]any{"provider": "cn3", "match": "host"}, map[string]int{"/resource_providers": 403})); !strings.HasPrefix(got, "failed: list resource providers: 403") {
		t.Error(got)
	}
}

// A tree is one provider's, and a host has a name.
func TestTreeOfNoProvider(t *testing.T) {
	answer := run(t, map[string]any{"tree": true}, nil)
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "tree is true but all of the following are missing: provider") {
		t.Errorf("tree without provider is not refused by Constraints: %v", answer)
	}
	answer = run(t, map[string]any{"match": "host"}, nil)
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "match is host but all of the following are missing: provider") {
		t.Errorf("match=host without provider is not refused by Constraints: %v", answer)
	}
	if answer = run(t, map[string]any{"tree": false, "details": []string{}}, nil); answer["failed"] != false {
		t.Errorf("%v", answer["msg"])
	}
}

// Details that were asked for are there even when empty, the others are not.
func TestDetails(t *testing.T) {
	answer := run(t, map[string]any{"provider": "cn3", "details": "usages,aggregates"}, nil)
	raw, _ := json.Marshal(answer["providers"])
	want := `[{"aggregates":[],"generation":3,"name":"cn3","root_uuid":"` + compute + `","usages":{"VCPU":1},"uuid":"` + compute + `"}]`
	if string(raw) != want {
		t.Errorf("%s\nwant\n%s", raw, want)
	}
}

// Filters that Placement has are asked of it, the others are ours; what no filter can be is refused.
func TestFilters(t *testing.T) {
	none := []string{}
	for want, args := range map[string]map[string]any{
		compute:                {"pattern": "cn?", "details": none},
		child:                  {"pattern": "7*-*1d", "details": none},
		compute + " " + child:  {"pattern": "*", "provider": "cn3", "tree": true, "details": none},
		"":                     {"pattern": "cn", "details": none},
		"failed: ":             {"resources": map[string]any{"vcpu": 0}, "required": "gold", "forbidden": "a-b", "member_of": " ", "zone": " ", "pattern": "[a"},
		"failed: list resourc": {"resources": map[string]any{"VCPU": 2, "DISK_GB": 1}, "required": "A,B", "forbidden": "C"},
	} {
		if got := names(run(t, args, nil)); got != want && (want == "" || want[0] != 'f' || !strings.HasPrefix(got, want)) {
			t.Errorf("%v: %q, want %q", args, got, want)
		}
	}
	said := names(run(t, map[string]any{"resources": map[string]any{"vcpu": 0}, "required": "gold", "forbidden": "a-b", "member_of": " ", "zone": " ", "pattern": "[a"}, nil))
	for _, words := range []string{
		"resources[0] must be capitals", "resources -> vcpu must be at least 1", "required[0] must be one trait, of capitals, digits and underscores, or in: and several of them with commas", "forbidden[0] must be capitals, digits and underscores, such as A_B",
		"member_of[0] must not be empty", "zone must not be empty", "value of pattern must be a shell pattern",
	} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q: %s", words, said)
		}
	}
}

// Faults come in the order of the options, each time: a text that changes by itself looks like another fault.
func TestFaultsInOrder(t *testing.T) {
	for range 20 {
		said := names(run(t, map[string]any{"pattern": " ", "zone": " "}, nil))
		if at := strings.Index(said, "pattern must not be empty"); at < 0 || at > strings.Index(said, "zone must not be empty") {
			t.Fatal(said)
		}
	}
}

// What can't be read is an error, never an empty list. A provider that is gone itself is left out.
func TestUnreadable(t *testing.T) {
	usages := "/resource_providers/" + compute + "/usages"
	for name, c := range map[string]struct {
		broken map[string]int
		want   string
	}{
		"the list":                          {map[string]int{"/resource_providers": 403}, "failed: list resource providers: 403"},
		"the list is not there":             {map[string]int{"/resource_providers": 404}, "failed: list resource providers: 404"},
		"a detail":                          {map[string]int{usages: 500}, "failed: read usages of resource provider " + compute + ": 500"},
		"a detail of one that exists":       {map[string]int{usages: 404}, "failed: read usages of resource provider " + compute + ": 404"},
		"the provider is deleted meanwhile": {map[string]int{usages: 404, "/resource_providers/" + compute: 404}, child},
	} {
		if got := names(run(t, map[string]any{"details": "usages"}, c.broken)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
