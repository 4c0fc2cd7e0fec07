// SPDX-License-Identifier: Apache-2.0

package allocationinfo_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/allocationinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

type dict = map[string]any

type said struct {
	Service, Path, Body string
	Status              int
}

// conversation is what the services of the recorded cloud said, by service and path.
func conversation(t *testing.T) map[string]map[string]said {
	t.Helper()
	raw, err := os.ReadFile("../../tests/recorded/conversation.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []said
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]said{"placement": {}, "compute": {}}
	for _, one := range all {
		out[one.Service][one.Path] = one
	}
	return out
}

// cast are consumers of the recorded cloud.
type cast struct {
	server           string // a server that holds what its flavor asks for
	empty            string // a server that holds nothing
	unknown          string // neither a server nor a migration
	migration, moved string // a migration, which holds nothing, and its server
}

func castOf(t *testing.T) cast {
	t.Helper()
	nova := conversation(t)["compute"]
	var lists struct {
		Servers    []struct{ ID, Name string }
		Migrations []struct {
			UUID   string
			Server string `json:"instance_uuid"`
		}
	}
	for _, path := range []string{"/servers/detail?all_tenants=True", "/os-migrations"} {
		if err := json.Unmarshal([]byte(nova[path].Body), &lists); err != nil {
			t.Fatal(err)
		}
	}
	named := map[string]string{}
	for _, s := range lists.Servers {
		named[s.Name] = s.ID
	}
	c := cast{
		server: named["seed-renamed-host"], empty: named["seed-missing-allocation"],
		migration: lists.Migrations[0].UUID, moved: lists.Migrations[0].Server,
	}
	for path, one := range nova {
		if uuid, single := strings.CutPrefix(path, "/servers/"); single && one.Status == http.StatusNotFound {
			c.unknown = uuid
		}
	}
	return c
}

// recorded answers as a service of the recorded cloud did. broken has other answers, by path.
func recorded(t *testing.T, service string, broken map[string]said) string {
	t.Helper()
	answers, c := conversation(t)[service], castOf(t)
	answers["/allocations/"+c.migration] = said{Status: http.StatusOK, Body: `{"allocations": {}}`}
	for _, uuid := range []string{c.unknown, c.migration} {
		answers["/servers/detail?all_tenants=True&soft_deleted=True&uuid="+uuid] = said{Status: http.StatusOK, Body: `{"servers": []}`}
		answers["/servers/"+uuid] = said{Status: http.StatusNotFound, Body: strings.ReplaceAll(answers["/servers/"+c.unknown].Body, c.unknown, uuid)}
	}
	maps.Copy(answers, broken)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		one, known := answers[r.URL.RequestURI()]
		if !known || r.Method != http.MethodGet {
			t.Errorf("%s: %s %s", service, r.Method, r.URL.RequestURI())
			one.Status = http.StatusTeapot
		}
		w.WriteHeader(one.Status)
		_, _ = w.Write([]byte(one.Body))
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func run(t *testing.T, broken map[string]said, more dict) dict {
	t.Helper()
	args := dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"},
		"placement_endpoint": recorded(t, "placement", broken), "compute_endpoint": recorded(t, "compute", broken),
	}
	maps.Copy(args, more)
	return ansibletest.RunAtOnce(t, allocationinfo.Module(), args)
}

// Each consumer is in the list, in the order of the option, with what it holds and who it is. Check mode does the same.
func TestConsumers(t *testing.T) {
	c := castOf(t)
	for _, check := range []bool{false, true} {
		answer := run(t, nil, dict{"consumer": []string{strings.ToUpper(c.server), c.empty, c.unknown, c.migration}, "_ansible_check_mode": check})
		raw, _ := json.Marshal(answer["consumers"])
		for _, want := range []string{
			`[{"allocations":[{"name":"cn8","resources":{"DISK_GB":20,"MEMORY_MB":2048,"VCPU":1},"uuid":"`,
			`}],"consumer_type":"unknown","generation":1,"host":"cn8","kind":"server","name":"seed-renamed-host","project_id":"`,
			`","server_uuid":"","status":"ACTIVE","user_id":"`, `","uuid":"` + c.server + `"},`,
			`{"allocations":[],"consumer_type":"","generation":null,"host":"cn2","kind":"server","name":"seed-missing-allocation","project_id":"",` +
				`"server_uuid":"","status":"ACTIVE","user_id":"","uuid":"` + c.empty + `"},`,
			`"generation":1,"host":"","kind":"unknown","name":"","project_id":"`,
			`","server_uuid":"","status":"","user_id":"`, `","uuid":"` + c.unknown + `"},`,
			`"kind":"migration","name":"seed-evacuation-leftover","project_id":"","server_uuid":"` + c.moved + `","status":"done","user_id":"","uuid":"` + c.migration + `"}]`,
		} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("no %s in\n%s%v", want, raw, answer["msg"])
			}
		}
		if answer["changed"] != false || answer["msg"] != "4 consumers, 2 with allocations" {
			t.Error(answer["changed"], answer["msg"])
		}
	}
}

// What can't be read is an error: never an empty consumer, never an unknown one.
func TestUnreadable(t *testing.T) {
	unknown := castOf(t).unknown
	down := strings.Replace(conversation(t)["compute"]["/os-services"].Body, `"status": "enabled"`, `"status": "UNKNOWN"`, 1)
	for name, one := range map[string]struct {
		path string
		said said
		want string
	}{
		"what it holds": {"/allocations/" + unknown, said{Status: 403, Body: "{}"}, "read allocations of consumer " + unknown + ": 403"},
		"the names":     {"/resource_providers", said{Status: 500, Body: "{}"}, "list resource providers: 500"},
		"the server":    {"/servers/" + unknown, said{Status: 403, Body: "{}"}, "403"},
		"the moves":     {"/os-migrations", said{Status: 403, Body: "{}"}, "list migrations: 403"},
		"the cells":     {"/os-services", said{Status: 403, Body: "{}"}, "list compute services: 403"},
		"a cell":        {"/os-services", said{Status: 200, Body: down}, "it is unknown who consumer " + unknown + " is: a cell does not answer"},
	} {
		answer := run(t, map[string]said{one.path: one.said}, dict{"consumer": []string{unknown}})
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, one.want) {
			t.Errorf("%s: %v", name, answer["msg"])
		}
	}
}

// All that is no UUID is named at once, before anything is sent.
func TestBadInput(t *testing.T) {
	answer := ansibletest.Run(t, allocationinfo.Module(), dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "consumer": []string{"6dac9043-15b2-48fd-b76d-7c42d6220377", "web-1", "../x"},
	})
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || !strings.Contains(msg, "consumer[1]") || !strings.Contains(msg, "consumer[2]") || strings.Contains(msg, "consumer[0]") {
		t.Errorf("%v", answer)
	}
}
