// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

const ofProvoked = "CUSTOM_PROVOKED" // a resource class of these tests

// Shares in wrong places, and providers that are no compute node.
func TestLabProvokedShares(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b := benchOf(t)
	b.send(b.place, http.MethodPut, "/resource_classes/"+ofProvoked, nil, nil)
	b.bootOf(b.flavorWithGPU("cn4", "cn5"), map[string]string{
		ours + "gpu-lost": "cn4", ours + "gpu-unowned": "cn4", ours + "gpu-paused": "cn5", ours + "gpu-suspended": "cn5", ours + "gpu-rescued": "cn4",
		ours + "gpu-error": "cn5",
	})
	for name, action := range map[string]string{"paused": "pause", "suspended": "suspend", "rescued": "rescue"} {
		b.act(ours+"gpu-"+name, action, nil)
	}
	b.act(ours+"gpu-error", "os-resetState", map[string]string{"state": "error"})
	for name, status := range map[string]string{"paused": "PAUSED", "suspended": "SUSPENDED", "rescued": "RESCUE", "error": "ERROR"} {
		b.settle(ours+"gpu-"+name, status)
	}
	b.boot(map[string]string{
		ours + "returned": "cn2", ours + "misplaced": "cn1", ours + "scattered": "cn1", ours + "lacking": "cn3", ours + "double": "cn3",
		ours + "shelved": "cn5", ours + "holder": "cn5", ours + "pooled": "cn5",
		ours + "borrower": "cn2", ours + "crowded": "cn3",
	})
	b.act(ours+"shelved", "shelve", nil)
	for _, host := range []string{"cn4", "cn2"} {
		b.live(ours+"returned", host)
	}
	b.settle(ours+"shelved", "SHELVED_OFFLOADED")
	b.provoke(slices.Concat(shareFaults(), deviceFaults(), strayFaults(), partFaults(), fullFaults()), nil)
}

// split writes that a server holds these parts of what its flavor asks for.
func (b *bench) split(name string, parts map[string][]string) {
	b.t.Helper()
	s := b.server[name]
	whole := map[string]int{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}
	h := holding{Allocations: map[string]amounts{}, Project: s.Project, User: s.User}
	for host, classes := range parts {
		share := amounts{Resources: map[string]int{}}
		for _, class := range classes {
			share.Resources[class] = whole[class]
		}
		h.Allocations[b.provider[host]] = share
	}
	b.hold(s.ID, h)
}

// shareFaults are of servers that hold something of hosts that they are not on. The servers are those of TestLabProvokedShares.
func shareFaults() []provocation {
	all := []string{"VCPU", "MEMORY_MB", "DISK_GB"}
	shares := func(id, name string, parts map[string][]string) provocation {
		return provocation{checks: id, provoke: func(b *bench) []string {
			b.split(ours+name, parts)
			return []string{id + ":server:" + b.server[ours+name].ID}
		}}
	}
	return []provocation{
		shares("PLC104", "misplaced", map[string][]string{"cn4": all}),
		shares("PLC103", "scattered", map[string][]string{"cn4": {"VCPU"}, "cn5": {"MEMORY_MB", "DISK_GB"}}),
		shares("PLC103", "lacking", map[string][]string{"cn3": {"VCPU", "MEMORY_MB"}, "cn4": {"DISK_GB"}}),
		shares("PLC103", "double", map[string][]string{"cn3": all, "cn5": {"VCPU"}}),
		{checks: "PLC103 PLC107", provoke: func(b *bench) []string {
			server := b.server[ours+"shelved"].ID
			b.split(ours+"shelved", map[string][]string{"cn4": all, "cn5": {"VCPU"}})
			return []string{"PLC103:server:" + server, "PLC107:server:" + server}
		}},
		{checks: "PLC102 PLC105", provoke: func(b *bench) []string {
			server, move := b.server[ours+"returned"].ID, b.moveFrom(ours+"returned", "cn2")
			b.unset(server)
			b.hold(move, b.on(b.provider["cn2"]))
			return []string{"PLC102:consumer:" + move, "PLC105:server:" + server}
		}},
	}
}

// flavorWithGPU makes a flavor that asks for a virtual GPU, and these hosts have some.
func (b *bench) flavorWithGPU(hosts ...string) string {
	b.t.Helper()
	const id = ours + "gpu"
	b.send(b.nova, http.MethodPost, "/flavors", map[string]any{
		"flavor": map[string]any{"id": id, "name": id, "vcpus": 1, "ram": 512, "disk": 1},
	}, nil)
	b.t.Cleanup(func() { b.send(b.nova, http.MethodDelete, "/flavors/"+id, nil, nil) })
	b.send(b.nova, http.MethodPost, "/flavors/"+id+"/os-extra_specs", map[string]any{"extra_specs": map[string]string{"resources:VGPU": "1"}}, nil)
	for _, host := range hosts {
		b.newPart(labProvider{UUID: live.UUID(), Name: ours + "gpu-" + host, Parent: b.provider[host]},
			map[string]inventory{"VGPU": {"total": 4, "max_unit": 4}})
	}
	return id
}

// deviceFaults are of servers that heal_allocations refuses.
func deviceFaults() []provocation {
	return []provocation{{
		checks: "PLC105",
		provoke: func(b *bench) []string {
			var found []string
			for _, name := range []string{"lost", "paused", "suspended", "rescued", "error"} {
				server := b.server[ours+"gpu-"+name].ID
				b.unset(server)
				found = append(found, "PLC105:server:"+server)
			}
			return found
		},
	}, {
		checks: "PLC108",
		provoke: func(b *bench) []string {
			server := b.server[ours+"gpu-unowned"].ID
			h := b.held(server)
			h.Project, h.User = incompleteOwner, incompleteOwner
			b.hold(server, h)
			return []string{"PLC108:consumer:" + server}
		},
	}}
}

// fullFaults are of a server that holds another host's resources, and whose own host a consumer without an owner fills.
func fullFaults() []provocation {
	return []provocation{{
		checks: "PLC101 PLC104",
		provoke: func(b *bench) []string {
			b.split(ours+"crowded", map[string][]string{"cn4": {"VCPU", "MEMORY_MB", "DISK_GB"}})
			h, consumer := b.on(b.provider["cn3"]), live.UUID()
			h.Allocations[b.provider["cn3"]] = amounts{Resources: map[string]int{"MEMORY_MB": 4096}}
			b.hold(consumer, h)
			return []string{"PLC101:consumer:" + consumer, "PLC104:server:" + b.server[ours+"crowded"].ID}
		},
	}}
}

// moveFrom returns the UUID of a server's migration away from a host.
func (b *bench) moveFrom(name, host string) string {
	b.t.Helper()
	var list struct {
		Migrations []struct {
			UUID   string
			Source string `json:"source_compute"`
		}
	}
	b.send(b.nova, http.MethodGet, "/os-migrations?instance_uuid="+b.server[name].ID, nil, &list)
	for _, m := range list.Migrations {
		if m.Source == host {
			return m.UUID
		}
	}
	b.t.Fatalf("%s was not moved away from %s", name, host)
	return ""
}

// strayFaults are of consumers that are nobody's, on roots that are nobody's.
func strayFaults() []provocation {
	root, child := labProvider{UUID: live.UUID(), Name: ours + "held"}, labProvider{UUID: live.UUID(), Name: ours + "held-child"}
	child.Parent = root.UUID
	other, first, second, third := labProvider{UUID: live.UUID(), Name: ours + "units"}, live.UUID(), live.UUID(), live.UUID()
	custom := map[string]inventory{ofProvoked: {"total": 4, "max_unit": 4}}
	return []provocation{{
		checks: "PLC101 PLC201 PLC206",
		provoke: func(b *bench) []string {
			b.makeProvider(root)
			b.newPart(child, map[string]inventory{"VCPU": {"total": 4, "max_unit": 4}})
			b.holdClass(first, child.UUID, "VCPU", 1)
			return []string{"PLC101:consumer:" + first, "PLC201:provider:" + root.UUID, "PLC206:provider:" + child.UUID}
		},
	}, {
		checks: "PLC101 PLC110 PLC201",
		provoke: func(b *bench) []string {
			b.makeProvider(other)
			b.put(other.UUID, "inventories", custom)
			b.holdClass(second, other.UUID, ofProvoked, 2)
			b.amend(other.UUID, ofProvoked, inventory{"min_unit": 3})
			return []string{"PLC101:consumer:" + second, "PLC110:consumer:" + second, "PLC201:provider:" + other.UUID}
		},
	}, {
		checks: "PLC101 PLC110",
		provoke: func(b *bench) []string {
			b.holdLost(third, "cn3")
			return []string{"PLC101:consumer:" + third, "PLC110:consumer:" + third}
		},
	}}
}

// holdLost has a consumer hold something of a host whose inventory of that class is gone.
func (b *bench) holdLost(consumer, host string) {
	b.t.Helper()
	uuid := b.provider[host]
	all := b.stateOf(uuid).inventories
	all[ofProvoked] = inventory{"total": 4, "max_unit": 4}
	b.put(uuid, "inventories", all)
	b.t.Cleanup(func() { // it can't be emptied; 404 if all went well
		b.place.Do(context.WithoutCancel(b.t.Context()), http.MethodDelete, "/allocations/"+consumer, nil)
	})
	b.holdClass(consumer, uuid, ofProvoked, 1)
	b.query("DELETE FROM placement.inventories WHERE resource_class_id=(SELECT id FROM placement.resource_classes WHERE name='" + ofProvoked + "') " +
		"AND resource_provider_id=(SELECT id FROM placement.resource_providers WHERE uuid='" + uuid + "')")
}

// holdClass has a consumer hold an amount of one class, beside what it holds.
func (b *bench) holdClass(consumer, provider, class string, amount int) {
	b.t.Helper()
	h := b.held(consumer)
	if h.Project == "" {
		h.Project, h.User = b.server["s1"].Project, b.server["s1"].User
		h.Allocations = map[string]amounts{}
	}
	h.Allocations[provider] = amounts{Resources: map[string]int{class: amount}}
	b.hold(consumer, h)
}

// partFaults are of providers that no nova-compute writes.
func partFaults() []provocation {
	device, pool, shape := labProvider{Name: ours + "part"}, labProvider{Name: ours + "pool"}, labProvider{Name: ours + "shape"}
	lent := labProvider{Name: ours + "lent"}
	offer := func(b *bench, p *labProvider) {
		p.UUID = live.UUID()
		b.newPart(*p, map[string]inventory{ofProvoked: {"total": 4, "max_unit": 4}})
	}
	return []provocation{{
		checks: "PLC301",
		provoke: func(b *bench) []string {
			device.Parent = b.provider["cn5"]
			offer(b, &device)
			b.holdClass(b.server[ours+"holder"].ID, device.UUID, ofProvoked, 2)
			b.amend(device.UUID, ofProvoked, inventory{"total": 1})
			return []string{"PLC301:provider:" + device.UUID}
		},
	}, {
		checks: "PLC301",
		provoke: func(b *bench) []string {
			offer(b, &pool)
			b.holdClass(b.server[ours+"pooled"].ID, pool.UUID, ofProvoked, 2)
			b.amend(pool.UUID, ofProvoked, inventory{"total": 1})
			return []string{"PLC301:provider:" + pool.UUID}
		},
	}, {
		checks: "PLC303",
		provoke: func(b *bench) []string {
			offer(b, &shape)
			b.amend(shape.UUID, ofProvoked, inventory{"reserved": 4})
			return []string{"PLC303:provider:" + shape.UUID}
		},
	}, {
		checks: "PLC103",
		provoke: func(b *bench) []string {
			lent.Parent = b.provider["cn5"]
			offer(b, &lent)
			server := b.server[ours+"borrower"].ID
			b.holdClass(server, lent.UUID, ofProvoked, 1)
			return []string{"PLC103:server:" + server}
		},
	}}
}
