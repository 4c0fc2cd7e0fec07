// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

type scopeCase struct {
	args map[string]any
	want []string
}

func TestScope(t *testing.T) {
	first, other := "PLC101:consumer:"+orphan, "PLC101:consumer:"+orphan2
	keepsToScope(t, map[string]scopeCase{
		"the whole cloud":  {map[string]any{}, []string{first, other}},
		"empty lists":      {map[string]any{"hosts": []string{}, "providers": []string{}}, []string{first, other}},
		"a provider":       {map[string]any{"providers": "cn2"}, []string{other}},
		"as it is cleaned": {map[string]any{"providers": []string{" cn2\n"}}, []string{other}},
		"its UUID":         {map[string]any{"providers": []string{second}}, []string{other}},
		"a host":           {map[string]any{"hosts": "cn1"}, []string{first}},
		"an aggregate":     {map[string]any{"aggregates": 1}, []string{first}},
		"both":             {map[string]any{"aggregates": "rack1", "hosts": "cn2"}, []string{first, other}},
		"elsewhere":        {map[string]any{"providers": "ceph"}, []string{}},
	})
}

func keepsToScope(t *testing.T, cases map[string]scopeCase) {
	t.Helper()
	from := saved(t, twoHosts, holds(orphan, checktest.Compute), holds(orphan2, second))
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.args["snapshot"], c.args["checks"] = from, "PLC101,PLC301,PLC501"
			answer := runModule(t, c.args)
			wanted(t, answer, c.want...)
			if answer["clean"] != (len(c.want) == 0) || dig(answer, "summary", "findings") != float64(len(c.want)) {
				t.Errorf("%v, %v", answer["msg"], answer["summary"])
			}
			if whole := dig(answer, "summary", "scope") == nil; whole != (len(c.want) == 2 && name != "both") {
				t.Errorf("scope %v", dig(answer, "summary", "scope"))
			}
		})
	}
}

// A cell that is down concerns everybody; and what tells who is in the scope was not read then, so nothing is quiet.
func TestScopeWithCellDown(t *testing.T) {
	down := func(s *snapshot.Snapshot) {
		s.ServiceList[0].Status = openstack.Unknown
		for _, part := range []snapshot.Part{snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations} {
			s.MarkFailed(part, "a cell does not answer")
		}
	}
	look := func(s *snapshot.Snapshot) { s.Second = nil }
	answer := runModule(t, map[string]any{"snapshot": saved(t, down, look), "hosts": "cn1", "checks": "PLC101,PLC301,PLC501"})
	if got := prints(answer); answer["failed"] != false || answer["complete"] != false || len(got) != 1 || got[0] != "PLC501:cell:" {
		t.Errorf("found %v: %v", got, answer["msg"])
	}
	if ran, _ := dig(answer, "summary", "checks_run").([]any); len(ran) != 1 || ran[0] != "PLC501" {
		t.Errorf("ran %v", ran)
	}
}

// Over HTTP a scope costs no second look at what is outside of it, reads what it needs to tell, and says the same.
func TestScopeOfCloud(t *testing.T) {
	live := func(more map[string]any) map[string]any {
		args := map[string]any{
			"auth_type": "admin_token", "auth": map[string]any{"token": secret}, "grace": 0,
			"placement_endpoint": replay(t, "placement", never, nil), "compute_endpoint": replay(t, "compute", never, nil),
		}
		for key, value := range more {
			args[key] = value
		}
		return runModule(t, args)
	}
	whole, host := live(nil), live(map[string]any{"hosts": "cn8"})
	if len(prints(host)) == 0 || len(prints(host)) >= len(prints(whole)) {
		t.Errorf("found %v of %v: %v", prints(host), prints(whole), host["msg"])
	}
	wanted(t, host, prints(runModule(t, map[string]any{"snapshot": snapshotFile, "hosts": "cn8"}))...)
	all, _ := dig(whole, "requests", "GET").(float64)
	if got, _ := dig(host, "requests", "GET").(float64); got == 0 || got >= all {
		t.Errorf("%v requests with a scope, %v without", got, all)
	}
	wanted(t, live(map[string]any{"hosts": "cn4", "checks": "PLC301"}), prints(live(map[string]any{"checks": "PLC301"}))...)
	refused(t, live(map[string]any{"hosts": "cn99"}), "hosts", "cn99")
}

func TestBadScope(t *testing.T) {
	from := saved(t, twoHosts)
	refused(t, runModule(t, map[string]any{
		"snapshot": from, "providers": []string{"cn1", "cn8", "cn9"}, "hosts": "cn7", "aggregates": []string{"rack1", "rack9"},
	}), "providers must be names or UUIDs", "cn8, cn9", "hosts must be", "cn7", "aggregates must be", "rack9")
	refused(t, runModule(t, map[string]any{"snapshot": from, "providers": []string{"cn1", " "}, "hosts": ""}),
		"2 faults", "providers[1] must not be empty", "hosts[0] must not be empty")
}
