// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// namesake is another host of TestLabProvokedNames alone.
const namesake = "cn13"

// Names of providers that are in the way of a host, and two hosts with one name. Only the older release lets a host have another name.
func TestLabProvokedNames(t *testing.T) {
	live.OneIsEnough(t, "zed")
	takesMinutes(t)
	b := benchOf(t)
	b.addHost(spare)
	b.addHost(namesake)
	b.provoke(nameFaults(), nil)
	b.provoke([]provocation{twinHosts()}, nil)
	b.boot(map[string]string{ours + "kept": spare})
	b.provoke([]provocation{lostTwin()}, nil)
	b.provoke([]provocation{lostWhileDown()}, nil)
	b.boot(map[string]string{ours + "bare": spare})
	b.provoke([]provocation{emptyHost()}, nil)
}

// nameFaults are of providers that have the names of others.
func nameFaults() []provocation {
	return []provocation{{
		checks: "PLC203 PLC204",
		provoke: func(b *bench) []string { // swapped
			one, two := b.provider["cn1"], b.provider["cn2"]
			b.rename(one, ours+"between")
			b.rename(two, "cn1")
			b.rename(one, "cn2")
			return []string{"PLC203:provider:" + one, "PLC203:provider:" + two, "PLC204:provider:" + one, "PLC204:provider:" + two}
		},
	}, {
		checks: "PLC203 PLC204 PLC205",
		provoke: func(b *bench) []string {
			lost, other := b.provider[spare], b.provider[namesake]
			b.remove(lost)
			b.rename(other, spare)
			return []string{"PLC203:provider:" + other, "PLC204:provider:" + other, "PLC205:provider:" + lost}
		},
	}}
}

// nodes returns the UUIDs of the compute nodes of a name, by host.
func (b *bench) nodes(name string) map[string]string {
	b.t.Helper()
	var list struct {
		Hypervisors []struct {
			ID      string
			Name    string `json:"hypervisor_hostname"`
			Service struct{ Host string }
		}
	}
	b.send(b.nova.At("2.53"), http.MethodGet, "/os-hypervisors/detail", nil, &list) // later ones ask each host how long it is up
	out := map[string]string{}
	for _, h := range list.Hypervisors {
		if h.Name == name {
			out[h.Service.Host] = h.ID
		}
	}
	return out
}

// misname has the other host of the test call its hypervisor as the first one does, and returns the UUID of its new compute node.
func (b *bench) misname() string {
	b.t.Helper()
	b.Command(b.t, "host", "kill", namesake)
	b.Command(b.t, "host", "start", namesake, "--hypervisor", spare)
	b.t.Cleanup(func() { b.restart(namesake) }) // by its own name, whatever comes
	b.until("second hypervisor "+spare, func() bool { return b.nodes(spare)[namesake] != "" && len(b.nodes(namesake)) == 0 })
	beat := b.serviceOf(namesake).Beat
	b.until("report of "+namesake, func() bool { return b.serviceOf(namesake).Beat != beat })
	return b.nodes(spare)[namesake]
}

// twinHosts are two hosts whose hypervisors have one name, of which one was first.
func twinHosts() provocation {
	return provocation{
		checks:  "PLC205",
		provoke: func(b *bench) []string { return []string{"PLC205:provider:" + b.misname()} },
	}
}

// lostTwin is the same, and a provider has the name that is neither's.
func lostTwin() provocation {
	return provocation{
		checks: "PLC104 PLC203 PLC205",
		provoke: func(b *bench) []string {
			lost := b.provider[spare]
			found := b.usurp(ours + "kept")
			return append(found, "PLC205:provider:"+lost, "PLC205:provider:"+b.misname())
		},
	}
}

// lostWhileDown is a host that is down, of which another provider has the name.
func lostWhileDown() provocation {
	return provocation{
		checks: "PLC104 PLC203",
		provoke: func(b *bench) []string {
			found := b.usurp(ours + "kept")
			b.die(spare)
			return found
		},
	}
}

// usurp puts another provider into the place of the spare host's own, with what its server holds, and returns what is found of that.
func (b *bench) usurp(server string) []string {
	b.t.Helper()
	b.know()
	lost, id := b.provider[spare], b.server[server].ID
	stranger, offers := labProvider{UUID: live.UUID(), Name: spare}, b.stateOf(lost).inventories
	b.unset(id)
	b.remove(lost)
	b.makeProvider(stranger)
	b.put(stranger.UUID, "inventories", offers)
	b.provider[spare] = stranger.UUID
	b.split(server, map[string][]string{spare: {"VCPU", "MEMORY_MB", "DISK_GB"}})
	b.provider[spare] = lost
	return []string{"PLC104:server:" + id, "PLC201:provider:" + stranger.UUID, "PLC203:provider:" + stranger.UUID}
}

// emptyHost is a host without inventory, whose server holds what another has.
func emptyHost() provocation {
	return provocation{
		checks: "PLC104 PLC207",
		provoke: func(b *bench) []string {
			b.know()
			b.live(ours+"kept", "cn4")
			b.split(ours+"bare", map[string][]string{"cn5": {"VCPU", "MEMORY_MB", "DISK_GB"}})
			b.put(b.provider[spare], "inventories", map[string]inventory{})
			return []string{"PLC104:server:" + b.server[ours+"bare"].ID, "PLC207:provider:" + b.provider[spare]}
		},
	}
}

// ownName gives the second of two hosts of one name its own again. Its nova-compute ends once, as the remedy says.
func ownName(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	ends := "ValueError: No such provider " + o.nodes(spare)[namesake]
	o.restart(namesake)
	o.until("end of nova-compute on "+namesake, func() bool {
		log, err := os.ReadFile(filepath.Join(o.Root, "log", "nova-compute-"+namesake+".log"))
		return err == nil && strings.Contains(string(log), ends)
	})
	o.restart(namesake)
	o.until("provider of "+namesake, func() bool {
		o.know()
		return o.nodes(namesake)[namesake] == o.provider[namesake] && len(o.nodes(spare)) == 1
	})
	o.complete(namesake)
}

// makeWay has a provider make way for that of a host, which makes its own when it looks again.
func makeWay(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	o.restartLater(text(f, "host"))
}
