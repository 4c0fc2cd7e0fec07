// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
)

// exchange is one answer of a real service.
type exchange struct {
	Service string `json:"service"`
	Path    string `json:"path"` // below the endpoint, with its query
	Status  int    `json:"status"`
	Body    string `json:"body"`
}

// replay serves the recorded conversation of one service. Where broken says so, the fault answers. A path that was
// never recorded is a fault of the test.
func replay(t *testing.T, service string, broken func(path string) bool, f fault) string {
	t.Helper()
	answers := map[string][]exchange{}
	for _, e := range conversation(t) {
		if e.Service == service {
			answers[e.Path] = append(answers[e.Path], e)
		}
	}
	for path, e := range singles(t, service, answers) {
		if len(answers[path]) == 0 {
			answers[path] = []exchange{e}
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list := answers[timeless(r.URL.RequestURI())]
		if len(list) == 0 {
			list = lastPage(answers, r.URL.RequestURI())
		}
		if len(list) == 0 {
			t.Errorf("%s %s was never recorded: make record", r.Method, r.URL.RequestURI())
			http.Error(w, "not recorded", http.StatusTeapot)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if broken(r.URL.RequestURI()) {
			f(w, list[0])
			return
		}
		w.WriteHeader(list[0].Status)
		_, _ = w.Write([]byte(list[0].Body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// lastPage returns what was recorded behind the last page of a list, for a list whose last entries a fault has left out.
func lastPage(answers map[string][]exchange, path string) []exchange {
	before, _, paged := strings.Cut(path, "marker=")
	for other, list := range answers {
		if start, _, _ := strings.Cut(other, "marker="); paged && start == before && strings.Contains(list[0].Body, ": []") {
			return list
		}
	}
	return nil
}

// timeless leaves out of a path what differs from audit to audit.
func timeless(path string) string {
	before, after, timed := strings.Cut(path, "changes-since=")
	if !timed {
		return path
	}
	_, rest, _ := strings.Cut(after, "&")
	return before + "changes-since=&" + rest
}

// listed is how a server of another project is looked for.
const listed = "/servers/detail?all_tenants=True&soft_deleted=True&uuid="

// singles makes the answers to reads of one thing from the recorded lists: Placement and Nova write a thing alike in both.
func singles(t *testing.T, service string, answers map[string][]exchange) map[string]exchange {
	t.Helper()
	list, key, folder, wrap := "/resource_providers", "resource_providers", "/resource_providers/", "%s"
	if service == "compute" {
		list, key, folder, wrap = "/servers/detail?all_tenants=True", "servers", "/servers/", `{"server": %s}`
	}
	var all map[string][]json.RawMessage
	if err := json.Unmarshal([]byte(answers[list][0].Body), &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]exchange{}
	for _, raw := range all[key] {
		var thing struct{ UUID, ID string }
		if err := json.Unmarshal(raw, &thing); err != nil {
			t.Fatal(err)
		}
		path := folder + thing.UUID + thing.ID
		out[path] = exchange{service, path, http.StatusOK, fmt.Sprintf(wrap, raw)}
		out[listed+thing.ID] = exchange{service, listed + thing.ID, http.StatusOK, fmt.Sprintf(`{"servers": [%s]}`, raw)}
		if service == "placement" {
			alone := list + "?uuid=" + thing.UUID
			out[alone] = exchange{service, alone, http.StatusOK, fmt.Sprintf(`{"resource_providers": [%s]}`, raw)}
			out[path+"/traits"] = exchange{service, path + "/traits", http.StatusOK, traits(answers, thing.UUID)}
		}
	}
	for path, list := range answers {
		if uuid, server := strings.CutPrefix(path, "/servers/"); server && list[0].Status == http.StatusNotFound {
			out[listed+uuid] = exchange{service, listed + uuid, http.StatusOK, `{"servers": []}`}
		}
	}
	for path, held := range consumers(t, answers) {
		out[path] = exchange{service, path, http.StatusOK, held}
	}
	return out
}

// traits makes the answer to a read of a provider's traits from the lists of those that have each.
func traits(answers map[string][]exchange, provider string) string {
	held := []string{}
	for path, list := range answers {
		trait, isList := strings.CutPrefix(path, "/resource_providers?required=")
		if isList && strings.Contains(list[0].Body, `"uuid": "`+provider+`"`) {
			held = append(held, `"`+trait+`"`)
		}
	}
	return `{"traits": [` + strings.Join(held, ", ") + `], "resource_provider_generation": 1}`
}

// consumers makes the answers to GET /allocations/{consumer} from what is recorded of the providers. Placement does not tell
// project and user there, so these are made up.
func consumers(t *testing.T, answers map[string][]exchange) map[string]string {
	t.Helper()
	type held struct {
		Resources  map[string]int `json:"resources"`
		Generation int            `json:"consumer_generation"`
	}
	byConsumer, generation := map[string]map[string]held{}, map[string]int{}
	for path, list := range answers {
		provider, isOne := strings.CutPrefix(strings.TrimSuffix(path, "/allocations"), "/resource_providers/")
		var answer struct{ Allocations map[string]held }
		if !isOne || !strings.HasSuffix(path, "/allocations") || json.Unmarshal([]byte(list[0].Body), &answer) != nil {
			continue
		}
		for consumer, h := range answer.Allocations {
			if byConsumer[consumer] == nil {
				byConsumer[consumer] = map[string]held{}
			}
			byConsumer[consumer][provider], generation[consumer] = h, h.Generation
		}
	}
	out := map[string]string{}
	for consumer, all := range byConsumer {
		raw, err := json.Marshal(map[string]any{
			"allocations": all, "consumer_generation": generation[consumer], "consumer_type": "unknown",
			"project_id": "4d1e8f0a5b6c4d7e8f90a1b2c3d4e5f6", "user_id": "5e2f9a1b6c7d4e8f90a1b2c3d4e5f607",
		})
		if err != nil {
			t.Fatal(err)
		}
		out["/allocations/"+consumer] = string(raw)
	}
	return out
}

// recorded reads the conversation once for all tests: hundreds of them replay it.
var recorded = sync.OnceValues(func() ([]exchange, error) {
	raw, err := os.ReadFile(conversationFile)
	if err != nil {
		return nil, err
	}
	var all []exchange
	return all, json.Unmarshal(raw, &all)
})

func conversation(t *testing.T) []exchange {
	t.Helper()
	all, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
