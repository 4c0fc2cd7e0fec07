// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

const web = "6f2a0f0e-9d0c-4b5a-8d51-0a3a5d6b7c01"

// evacuated is a server that was evacuated from cn1 to cn2 and holds something there.
func evacuated(change func(*openstack.Holder)) openstack.Holder {
	h := openstack.Holder{
		UUID: web, Kind: openstack.KindServer, Name: "web", Status: "ACTIVE", Host: "cn2", EvacuatedFrom: []string{"cn1"}, HoldsAtHost: true,
	}
	change(&h)
	return h
}

// holds is a removal of a host that one consumer holds.
func holds(who openstack.Holder, change func(*verdict.Removal)) *verdict.Removal {
	return removal(false, func(r *verdict.Removal) {
		r.Trees, r.Nova.Holders = []verdict.Held{held("cn1", root, 2, who.UUID)}, []openstack.Holder{who}
		change(r)
	})
}

func empty(removed bool, change func(*verdict.Removal)) *verdict.Removal {
	return removal(removed, func(r *verdict.Removal) {
		if !removed {
			r.Trees = []verdict.Held{held("cn1", root, 0)}
		}
		change(r)
	})
}

func on(s ...openstack.Resident) func(*verdict.Removal) {
	return func(r *verdict.Removal) { r.Nova.On.Servers = s }
}

type telling struct {
	of   *verdict.Removal
	ok   bool
	text []string
}

func TestNovaHasServers(t *testing.T) {
	resident := openstack.Resident{UUID: web, Name: "web", Status: "ACTIVE", Host: "cn1"}
	move := openstack.Move{Migration: openstack.Migration{UUID: "m", ServerUUID: web, Type: "resize", Status: "finished", SourceHost: "cn1", DestHost: "cn2"}, Name: "web"}
	tells(t, map[string]telling{
		"a server that holds nothing": {empty(false, on(resident)), false, []string{
			"cn1 can't be removed yet: 1 server is on it without an allocation there; migrate or delete it",
			"    server web (" + web + "), ACTIVE on cn1, holds nothing of its resource providers",
		}},
		"a server on a host without provider": {removal(false, on(resident)), false, []string{
			"cn1 can't be removed yet: 1 server is on it without an allocation there", "no resource provider is named cn1",
		}},
		"a move": {empty(false, func(r *verdict.Removal) { r.Nova.On.Moves = []openstack.Move{move} }), false, []string{
			"1 move from or to it is in progress; wait until it ended, or confirm, revert or abort it", "resize m of server web (" + web + ") from cn1 to cn2: finished",
		}},
		"a contradiction": {
			empty(false, on(openstack.Resident{UUID: web, Name: "web", Status: "ACTIVE", Host: "cn1", Contradiction: "nova lists it, but answers 404 for it"})), false,
			[]string{"cn1 can't be removed yet: nova lists it, but answers 404 for it", "Command on a host with a nova-api:\n    $ nova-manage cell_v2 verify_instance --uuid " + web},
		},
	})
}

func TestNovaHasLeftovers(t *testing.T) {
	as := func(*verdict.Removal) {}
	same := func(*openstack.Holder) {}
	resident := openstack.Resident{UUID: web, Name: "web", Status: "ACTIVE", Host: "cn1"}
	const heldYet = "cn1 can't be removed yet: resource provider cn1 (" + root + ") is held by 1 consumer; migrate or delete what holds it"
	tells(t, map[string]telling{
		"a leftover": {holds(evacuated(same), as), true, []string{
			"is held only by the leftover of evacuated server web (" + web + "), which is now on cn2; Nova clears it when the compute service is deleted",
			"server web (" + web + "), ACTIVE on cn2, holds DISK_GB 10, VCPU 2 on " + root + ": the leftover of its evacuation",
		}},
		"a leftover of a server that holds nothing else": {holds(evacuated(func(h *openstack.Holder) { h.HoldsAtHost = false }), as), false, []string{heldYet}},
		"evacuated from elsewhere":                       {holds(evacuated(func(h *openstack.Holder) { h.EvacuatedFrom = []string{"cn3"} }), as), false, []string{heldYet}},
		"evacuated, and here again":                      {holds(evacuated(func(h *openstack.Holder) { h.Host = "cn1" }), on(resident)), false, []string{heldYet, "server web (" + web + "), ACTIVE on cn1, holds"}},
		"evacuated, and Nova contradicts itself":         {holds(evacuated(func(h *openstack.Holder) { h.Contradiction = "nova says no" }), as), false, []string{heldYet, "can't be removed yet: nova says no", "verify_instance --uuid " + web}},
		"a leftover on a provider of no compute node":    {holds(evacuated(same), func(r *verdict.Removal) { r.Nova.On.Nodes = nil }), false, []string{heldYet}},
		"a leftover, and more in use":                    {holds(evacuated(same), func(r *verdict.Removal) { (*r.Trees[0].Usages)["VCPU"] = 3 }), false, []string{"is in use by allocations that can't be seen"}},
	})
}

func TestNovaHasHolders(t *testing.T) {
	as := func(*verdict.Removal) {}
	same := func(*openstack.Holder) {}
	const heldYet = "cn1 can't be removed yet: resource provider cn1 (" + root + ") is held by 1 consumer; migrate or delete what holds it"
	tells(t, map[string]telling{
		"a migration": {
			holds(openstack.Holder{UUID: "m", Kind: openstack.KindMigration, ServerUUID: web, Name: "web", Status: "confirmed", Host: "cn2"}, as),
			false,
			[]string{heldYet, "migration m (confirmed) of server web (" + web + "), which is on cn2, holds"},
		},
		"nobody":                 {holds(openstack.Holder{UUID: "x", Kind: openstack.KindUnknown}, as), false, []string{heldYet, "x, neither a server nor a migration, holds"}},
		"Nova was not read":      {empty(false, func(r *verdict.Removal) { r.Nova.Unread = "a cell does not answer" }), false, []string{"not everything could be read: it is unknown what Nova has on cn1: a cell does not answer"}},
		"a holder was not named": {holds(evacuated(same), func(r *verdict.Removal) { r.Trees = append(r.Trees, held("gpu", device, 1, "y")) }), false, nil},
	})
}

func TestNovaHasServices(t *testing.T) {
	tells(t, map[string]telling{
		"no compute service": {empty(false, func(r *verdict.Removal) { r.Nova.Services = nil }), false, []string{"Nova has no compute service on cn1; give its service host as decommission_check_host"}},
		"an enabled service": {empty(false, func(r *verdict.Removal) { r.Nova.Services[0].State, r.Nova.Services[0].Status = "up", "enabled" }), true, []string{
			"cn1 can be removed", "MEDIUM  compute service", "new servers may land on it at any time",
		}},
	})
}

func TestNovaStillHas(t *testing.T) {
	resident := openstack.Resident{UUID: web, Name: "web", Status: "ACTIVE", Host: "cn1"}
	tells(t, map[string]telling{
		"it still reports": {empty(true, func(r *verdict.Removal) {
			r.Nova.Services = []verdict.Service{{UUID: service, Host: "cn1", State: "up", Status: "disabled"}}
		}), false, []string{"nova-compute on cn1 still reports; stop it, then delete its compute service", "    $ openstack compute service delete " + service}},
		"its service is left": {empty(true, func(r *verdict.Removal) {
			r.Nova.Services = []verdict.Service{{UUID: service, Host: "cn1", State: "down", Status: "disabled"}}
			r.Trees = []verdict.Held{held("cn1", root, 0)}
		}), false, []string{"the compute service of cn1 is left (down, disabled); delete it", "To do: Delete the compute service first"}},
		"a compute node of that name": {empty(true, func(r *verdict.Removal) {
			r.Nova.On.Nodes = []openstack.Hypervisor{{UUID: root, Name: "cn1.example.org", ServiceHost: "cn1.example.org"}}
		}), false, []string{"Nova still has compute node cn1.example.org (" + root + ") on service host cn1.example.org"}},
		"a server of a removed host":  {empty(true, on(resident)), false, []string{"cn1 is not removed as a whole: 1 server is on it in Nova; evacuate or delete it"}},
		"gone, and Nova was not read": {empty(true, func(r *verdict.Removal) { r.Nova.Unread = "503" }), false, []string{"not everything could be read"}},
	})
}

func tells(t *testing.T, cases map[string]telling) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if name == "a holder was not named" {
				c.of.Nova.Holders = c.of.Nova.Holders[:1]
				c.text = []string{"nothing was read about consumer y\n"}
			}
			reasons, result := c.of.Reasons(), c.of.Remains()
			v := c.of.Judge(usual(), reasons)
			text := strings.Join(c.of.Text(screen.View{}, c.of.Sentence(v, reasons), reasons, usual(), nil), "\n")
			if result.OK != c.ok || (v == verdict.Fail) == c.ok {
				t.Errorf("ok %v, %s:\n%s", result.OK, v, text)
			}
			for _, want := range c.text {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
		})
	}
}

// The text says once what could not be read of Nova.
func TestNovaUnreadOnce(t *testing.T) {
	r := empty(false, func(r *verdict.Removal) { r.Nova.Unread = "a cell does not answer" })
	reasons := r.Reasons()
	text := strings.Join(r.Text(screen.View{}, r.Sentence(verdict.Fail, reasons), reasons, usual(), nil), "\n")
	if strings.Count(text, "a cell does not answer") != 1 || len(reasons) != 1 || !reasons[0].Unread {
		t.Errorf("%v in\n%s", reasons, text)
	}
}

// The result names who holds the host, who is on it and who is on the way.
func TestNovaRemains(t *testing.T) {
	r := holds(evacuated(func(*openstack.Holder) {}), on(openstack.Resident{UUID: "s", Name: "db", Host: "cn1"})).Remains()
	if h := r.Holders[0]; h.Kind != "server" || h.Name != "web" || h.Status != "ACTIVE" || h.Host != "cn2" || h.ConsumerUUID != web {
		t.Errorf("%+v", h)
	}
	if !slices.ContainsFunc(r.Servers, func(s openstack.Resident) bool { return s.Name == "db" }) || r.Moves == nil {
		t.Errorf("%+v", r)
	}
}
