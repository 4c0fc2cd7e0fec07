// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// lone is a recorded server, on cn8.
const lone = "6dac9043-15b2-48fd-b76d-7c42d6220377"

// recorded returns the recorded server of a UUID; empty if there is none.
func recorded(t *testing.T, uuid string) string {
	t.Helper()
	var all []exchange
	if err := json.Unmarshal([]byte(read(t, filepath.Join("..", "..", "tests", "recorded", "conversation.json"))), &all); err != nil {
		t.Fatal(err)
	}
	for _, one := range serversWith(t, all, `{"id": "`+uuid+`"`) {
		return one
	}
	return ""
}

// novaOf is the recorded Nova, with another newest microversion, the answers that are given, and one server as it is changed. Each change is a
// text of the record and what stands there instead.
func novaOf(t *testing.T, newest string, answers map[string]string, changes ...string) string {
	t.Helper()
	address, err := url.Parse(replay(t, "compute", false))
	if err != nil {
		t.Fatal(err)
	}
	rest := httputil.NewSingleHostReverseProxy(address)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uuid := r.URL.Query().Get("uuid")
		body := answers[r.URL.RequestURI()]
		switch {
		case r.URL.Path == "/":
			body = `{"version": {"version": "` + newest + `", "min_version": "2.1"}}`
		case uuid != "" && answers["refused"] != "" && r.Header.Get("X-OpenStack-Nova-API-Version") != "2.69":
			body = answers["refused"]
		case uuid != "":
			body = `{"servers": [` + strings.NewReplacer(changes...).Replace(recorded(t, uuid)) + `]}`
		case body == "":
			rest.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(body, `"forbidden"`) {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// askOf asks for a server.
func askOf(t *testing.T, nova string, more dict) (query, open string) {
	t.Helper()
	args := dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": replay(t, "placement", false), "compute_endpoint": nova, "server": lone,
	}
	for option, value := range more {
		args[option] = value
	}
	answer := ansibletest.RunAtOnce(t, candidates.Module(), args)
	if answer["failed"] == true {
		t.Fatal(answer["msg"])
	}
	return fmt.Sprint(answer["query"]), fmt.Sprint(answer["not_judged"])
}

const image = `"image": {"id": "c7609a93-5d90-4420-a544-7d2e4cc25784", `

type serverCase struct {
	newest  string
	changes []string
	more    dict
	query   string   // a part of it
	says    []string // parts of not_judged
	not     []string
}

// A server brings its project, its pinned zone and its image along, where Nova shows them. What it does not show is named.
func TestServerBringsItsRequest(t *testing.T) {
	pinned := []string{`"tags": []`, `"tags": [], "pinned_availability_zone": "az1", "scheduler_hints": {}`, image, image + `"properties": {"hw_sound_model": "virtio"}, `}
	free := []string{`"tags": []`, `"tags": [], "pinned_availability_zone": null, "scheduler_hints": {}`}
	for name, c := range map[string]serverCase{
		"Zed": {
			newest: "2.93", says: []string{
				"whether the server is pinned to the availability zone nova: this Nova does not show it", "Ask with image: c7609a93-5d90-4420-a544-7d2e4cc25784",
			},
		},
		"pinned": {
			newest: "2.104", changes: pinned, query: "COMPUTE_SOUND_MODEL_VIRTIO",
			says: []string{"no host aggregate has the availability zone az1", "OWNER_NOVA", "which traits and which disk_format"}, not: []string{"is pinned"},
		},
		"not pinned": {newest: "2.104", changes: free, not: []string{"availability zone"}},
		"options first": {
			newest: "2.104", changes: pinned, more: dict{"availability_zone": "nova", "image_properties": dict{"hw_tpm_version": "1.2"}},
			query: "COMPUTE_SECURITY_TPM_1_2", says: []string{"availability zone nova"}, not: []string{"az1", "SOUND", "disk_format"},
		},
		"resized": {
			newest: "2.93", changes: []string{`"status": "ACTIVE"`, `"status": "RESIZE"`, `"OS-EXT-STS:task_state": null`, `"OS-EXT-STS:task_state": "resize_prep"`},
			says: []string{"the flavor that the server is being resized to"},
		},
		"to be confirmed": {
			newest: "2.93", changes: []string{`"status": "ACTIVE"`, `"status": "VERIFY_RESIZE"`, `"OS-EXT-STS:vm_state": "active"`, `"OS-EXT-STS:vm_state": "resized"`},
			not: []string{"resized"},
		},
	} {
		query, open := askOf(t, novaOf(t, c.newest, groupless(), c.changes...), c.more)
		if !strings.Contains(query, c.query) {
			t.Errorf("%s: %s", name, query)
		}
		for _, part := range c.says {
			if !strings.Contains(open, part) {
				t.Errorf("%s: no %q in %s", name, part, open)
			}
		}
		for _, part := range c.not {
			if strings.Contains(open, part) {
				t.Errorf("%s: %q in %s", name, part, open)
			}
		}
	}
}

// groupless is what Nova answers where there are no server groups.
func groupless() map[string]string {
	return map[string]string{"/os-server-groups?all_projects=True": `{"server_groups": []}`}
}

// A host aggregate for the project of the server is named.
func TestServerBringsItsProject(t *testing.T) {
	answers := groupless()
	answers["/os-aggregates"] = `{"aggregates": [{"id": 1, "uuid": "a", "name": "ours", "hosts": ["cn1"], "metadata": {"filter_tenant_id": "694b168b53dc4ba9a764707fd03cc9e7"}}]}`
	if _, open := askOf(t, novaOf(t, "2.93", answers), nil); !strings.Contains(open, "host aggregates that name it (ours)") {
		t.Error(open)
	}
	if _, open := askOf(t, novaOf(t, "2.93", groupless()), nil); strings.Contains(open, "the project") {
		t.Error(open)
	}
}

// What host aggregates may decide is named with their hosts, and that they can't be read too.
func TestAggregatesOfAServer(t *testing.T) {
	answers := groupless()
	answers["/os-aggregates"] = `{"aggregates": [{"id": 1, "uuid": "a", "name": "gold", "hosts": ["cn1"], "metadata": {"trait:CUSTOM_GOLD": "required"}}]}`
	if _, open := askOf(t, novaOf(t, "2.93", answers), nil); !strings.Contains(open, "whether the host aggregate gold (cn1) is left out") {
		t.Error(open)
	}
	answers["/os-aggregates"] = `{"forbidden": {"code": 403, "message": "Policy does not allow it."}}`
	if _, open := askOf(t, novaOf(t, "2.93", answers), nil); !strings.Contains(open, "what host aggregates decide: list host aggregates: 403") {
		t.Error(open)
	}
}

// What a server was asked for with can't be read: that is told.
func TestServerHidesItsRequest(t *testing.T) {
	answers := groupless()
	answers["refused"] = `{"forbidden": {"code": 403, "message": "Policy does not allow it."}}`
	_, open := askOf(t, novaOf(t, "2.104", answers), nil)
	if !strings.Contains(open, "what its image asks for, its server group and its scheduler hints: read what server "+lone) || !strings.Contains(open, "403") {
		t.Error(open)
	}
}

// Nova builds in no zone that no nova-compute is in: it is named with those that there are, though no host aggregate decides.
func TestZoneThatIsNone(t *testing.T) {
	answer := ansibletest.RunAtOnce(t, candidates.Module(), dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": replay(t, "placement", false),
		"compute_endpoint": novaOf(t, "2.93", groupless()), "flavor": "big", "availability_zone": "az9",
	})
	msg, _ := answer["msg"].(string)
	silent := groupless()
	silent["/os-services"] = `{"services": [{"id": "5e9e2dd8-0f0a-4b2c-9d3f-6a0e0e1d2c3b", "binary": "nova-compute", "host": "cn1", "status": "enabled", "state": "up", "zone": "nova"},
		{"binary": "nova-compute", "host": "cn6", "status": "UNKNOWN"}]}`
	if _, open := askOf(t, novaOf(t, "2.93", silent), dict{"availability_zone": "az9"}); !strings.Contains(open, "no host aggregate has the availability zone az9") {
		t.Error(open)
	}
	if answer["failed"] != true || !strings.Contains(msg, "availability_zone must be an availability zone with a nova-compute; there are: nova, got: az9") {
		t.Error(msg)
	}
}

// A server that the list lacks may be in a cell that does not answer. Its UUID may be written without dashes.
func TestServerThatIsNotListed(t *testing.T) {
	ask := func(answers map[string]string, server string) string {
		answer := ansibletest.RunAtOnce(t, candidates.Module(), dict{
			"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": replay(t, "placement", false),
			"compute_endpoint": novaOf(t, "2.93", answers), "server": server,
		})
		return fmt.Sprint(answer["msg"])
	}
	silent := groupless()
	silent["/os-services"] = `{"services": [{"binary": "nova-compute", "host": "cn6", "status": "UNKNOWN", "state": "UNKNOWN", "zone": "UNKNOWN"}]}`
	const other = "46c66ef2-f4a7-5190-9deb-c72bf4ed0cc3"
	if msg := ask(silent, other); !strings.Contains(msg, "it is unknown whether there is a server "+other+": a cell does not answer, nova shows the service on cn6") {
		t.Error(msg)
	}
	if msg := ask(groupless(), other); !strings.Contains(msg, "must be the UUID of a server, got: "+other) {
		t.Error(msg)
	}
	if msg := ask(groupless(), strings.ReplaceAll(strings.ToUpper(lone), "-", "")); !strings.Contains(msg, "flavor m1.small (20 DISK_GB") {
		t.Error(msg)
	}
}

// A snapshot has no more than the project.
func TestServerOfASnapshot(t *testing.T) {
	answer := run(t, dict{"snapshot": field("max-unit-below-total"), "server": "46c66ef2f4a751909debc72bf4ed0cc3"})
	if open := fmt.Sprint(answer["not_judged"]); answer["failed"] == true || !strings.Contains(open, "its scheduler hints: the snapshot does not tell") {
		t.Errorf("%v %s", answer["msg"], open)
	}
}
