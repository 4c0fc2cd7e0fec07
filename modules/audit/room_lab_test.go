// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Servers whose own host has no room for what they hold elsewhere, and one whose host is down.
func TestLabProvokedRoom(t *testing.T) {
	live.OneIsEnough(t, "zed")
	takesMinutes(t)
	b := benchOf(t)
	fresh := "cn-" + live.UUID()[:8] // Nova moves nothing from a host of which it has an older, deleted service: it may look at that one
	b.addHost(fresh)
	b.bootOf(b.flavorWithGPU("cn4", "cn5", fresh), map[string]string{ours + "gpu": "cn5", ours + "gpu-down": fresh})
	b.bootOf("3", map[string]string{ours + "large1": "cn1", ours + "large2": "cn2"})
	b.boot(map[string]string{
		ours + "small1": "cn1", ours + "small2": "cn2", ours + "one": "cn1", ours + "two": "cn2", ours + "amounts": "cn3",
	})
	b.provoke(roomFaults(), nil)
}

// roomFaults are of servers that hold what is not their host's. The servers are those of TestLabProvokedRoom.
func roomFaults() []provocation {
	all := []string{"VCPU", "MEMORY_MB", "DISK_GB"}
	return []provocation{{
		checks: "PLC104", // each host is full until the other's server is gone
		provoke: func(b *bench) []string {
			b.exchange(ours+"one", ours+"two")
			return []string{"PLC104:server:" + b.server[ours+"one"].ID, "PLC104:server:" + b.server[ours+"two"].ID}
		},
	}, {
		checks: "PLC101 PLC103", // a device that is full
		provoke: func(b *bench) []string {
			server, consumer := b.server[ours+"gpu"].ID, live.UUID()
			b.know()
			own, other := b.provider[ours+"gpu-cn5"], b.provider[ours+"gpu-cn4"]
			h := b.held(server)
			h.Allocations[other] = h.Allocations[own]
			delete(h.Allocations, own)
			b.hold(server, h)
			b.holdClass(consumer, own, "VGPU", 4)
			b.holdClass(consumer, b.provider["cn5"], "VCPU", 1) // who holds a device alone may be another service's
			return []string{"PLC101:consumer:" + consumer, "PLC103:server:" + server}
		},
	}, {
		checks: "PLC104 PLC106",
		provoke: func(b *bench) []string {
			server := b.server[ours+"amounts"].ID
			b.split(ours+"amounts", map[string][]string{"cn4": all})
			h := b.held(server)
			h.Allocations[b.provider["cn4"]].Resources["VCPU"] = 2
			b.hold(server, h)
			return []string{"PLC104:server:" + server, "PLC106:server:" + server}
		},
	}, {
		checks: "PLC105", // no server is moved away from a host that is down
		provoke: func(b *bench) []string {
			server := b.server[ours+"gpu-down"].ID
			b.unset(server)
			b.die(b.server[ours+"gpu-down"].Host)
			return []string{"PLC105:server:" + server}
		},
	}}
}

// exchange has two servers hold each what the other does, in one request.
func (b *bench) exchange(one, two string) {
	b.t.Helper()
	first, second := b.held(b.server[one].ID), b.held(b.server[two].ID)
	first.Allocations, second.Allocations = second.Allocations, first.Allocations
	b.send(b.place, http.MethodPost, "/allocations", map[string]holding{b.server[one].ID: first, b.server[two].ID: second}, nil)
}

// swapShares gives the server of a finding, and those that it names beside it, in one request what each is to hold: what a small
// server does, on its own host.
func swapShares(o *operator, f check.Finding) {
	o.t.Helper()
	body := map[string]holding{}
	for _, named := range regexp.MustCompile(`server \S+ \(([0-9a-f-]{36})\)`).FindAllStringSubmatch(f.Remedy.Text, -1) {
		s := o.server[o.nameOf(named[1])]
		h := o.on(o.provider[s.Host])
		h.Project, h.User, h.Generation = s.Project, s.User, o.held(s.ID).Generation
		body[s.ID] = h
	}
	if len(body) < 2 {
		o.t.Fatalf("it names %d servers: %s", len(body), f.Remedy.Text)
	}
	if !o.typed[f.ID+" at once"] {
		o.send(o.place.At("1.28"), http.MethodPost, "/allocations", body, nil)
	}
	o.typed[f.ID+" at once"] = true
}
