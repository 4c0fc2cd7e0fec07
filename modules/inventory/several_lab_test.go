// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// lower asks for a capacity of 5 VCPU.
func lower() dict { return dict{"VCPU": dict{"allocation_ratio": 0.5}} }

// All are judged before the first is written: the last one that has to be refused keeps the others from being written.
func TestLabSeveral(t *testing.T) {
	l := controlPlane(t)
	a, b, c := l.make(t, usual()), l.make(t, usual()), l.make(t, usual())
	l.use(t, b, dict{"VCPU": 9})
	consumer := l.use(t, c, dict{"VCPU": 8})
	args := dict{"providers": []string{a.Name, b.UUID, c.Name, a.UUID, strings.ToUpper(a.UUID)}, "inventories": lower()}
	answer, _ := l.thrice(t, args)
	fails(t, answer, "VCPU.allocation_ratio=0.5 of "+b.Name, "VCPU.allocation_ratio=0.5 of "+c.Name, consumer+" 8")
	if refused := text(answer["refused"]); strings.Contains(refused, a.UUID) || !strings.Contains(refused, b.UUID) || !strings.Contains(refused, c.UUID) {
		t.Errorf("refused %s", refused)
	}
	l.free(t, consumer)
	args["below_usage"] = "clamp"
	answer, writes := l.thrice(t, args)
	if len(writes) != 3 || !strings.HasPrefix(fmt.Sprint(answer["msg"]), "3 of 3 resource providers changed; VCPU.allocation_ratio of "+b.Name+" is 0.9 instead of 0.5") {
		t.Errorf("%v, sent %v", answer["msg"], writes)
	}
	for p, want := range map[thing]float64{a: 0.5, b: 0.9, c: 0.5} {
		if got := l.field(t, p, "VCPU", "allocation_ratio"); got != want {
			t.Errorf("%s has %v, want %v", p.Name, got, want)
		}
	}
}

func TestLabUnknownProviders(t *testing.T) {
	l := controlPlane(t)
	a := l.make(t, usual())
	b := thing{newUUID(), a.UUID} // named by the UUID of the other
	l.placement(t, http.MethodPost, "/resource_providers", dict{"uuid": b.UUID, "name": b.Name})
	t.Cleanup(func() { l.placement(t, http.MethodDelete, "/resource_providers/"+b.UUID, nil) })
	answer, _ := l.thrice(t, dict{"providers": []string{a.Name + ".example.org", "nobody", newUUID(), a.UUID}, "inventories": lower()})
	fails(t, answer, "must be the name or UUID of a resource provider (there is "+a.Name+", "+a.UUID+"), got: "+a.Name+".example.org",
		"got: nobody", "must identify one resource provider; it is the UUID of "+a.Name+" and the name of "+b.UUID)
}

// What only the provider tells is refused before anything is written, of all providers at once.
func TestLabFaults(t *testing.T) {
	l := controlPlane(t)
	a, b := l.make(t, usual()), l.make(t, dict{"DISK_GB": dict{"total": 5}})
	answer, _ := l.thrice(t, dict{
		"providers":   []string{a.Name, b.Name},
		"inventories": dict{"VCPU": dict{"max_unit": 2}, "MEMORY_MB": dict{"total": 100}, "DISK_GB": dict{"reserved": 6}},
	})
	fails(t, answer,
		"inventories -> MEMORY_MB -> reserved must not be more than the total of 100 (resource provider "+a.Name+"), got: 512",
		"inventories -> DISK_GB -> total is needed: there is no inventory of this class to amend (resource provider "+a.Name+")",
		"inventories -> DISK_GB -> reserved must not be more than the total of 5 (resource provider "+b.Name+"), got: 6",
		"inventories -> VCPU -> total is needed: there is no inventory of this class to amend (resource provider "+b.Name+")")
}

// An aggregate of Nova is known by name, number and UUID, and stands for the compute nodes of its hosts. Nothing is written
// to them: check mode tells which they are.
func TestLabHostAggregate(t *testing.T) {
	l := controlPlane(t)
	nova := l.Endpoints["nova"]
	create := func(name string, hosts ...string) dict {
		_, answer := l.send(t, http.MethodPost, nova+"/os-aggregates", dict{"aggregate": dict{"name": name}}, http.StatusOK)
		made, _ := answer["aggregate"].(dict)
		path := fmt.Sprintf("%s/os-aggregates/%v", nova, made["id"])
		t.Cleanup(func() { l.send(t, http.MethodDelete, path, nil, http.StatusOK) })
		for _, host := range hosts {
			l.send(t, http.MethodPost, path+"/action", dict{"add_host": dict{"host": host}}, http.StatusOK)
			t.Cleanup(func() {
				l.send(t, http.MethodPost, path+"/action", dict{"remove_host": dict{"host": host}}, http.StatusOK)
			})
		}
		return made
	}
	name := "inventory-" + newUUID()
	made := create(name, "cn1", "cn2")
	create(fmt.Sprintf("inventory-empty-%v", made["id"]))
	create(text(made["id"])) // named by the number of the first
	g := l.gate(t)
	run := func(aggregate any) dict {
		answer, _ := l.run(t, g, dict{"aggregate": aggregate, "drain": true, "_ansible_check_mode": true})
		return answer
	}
	for _, aggregate := range []any{name, made["uuid"], strings.ToUpper(fmt.Sprint(made["uuid"]))} {
		answer := run(aggregate)
		if msg := fmt.Sprint(answer["msg"]); msg != "2 of 2 resource providers would change" || !strings.Contains(text(answer["providers"]), `"name":"cn2"`) {
			t.Errorf("%v: %s", aggregate, msg)
		}
		if !warned(answer, "cn2 is a compute node", "VCPU.reserved from [DEFAULT]reserved_host_cpus", "MEMORY_MB.reserved from [DEFAULT]reserved_host_memory_mb") {
			t.Errorf("%v: warnings %v", aggregate, answer["warnings"])
		}
	}
	fails(t, run(made["id"]), "aggregate must identify one host aggregate", name)
	fails(t, run(fmt.Sprintf("inventory-empty-%v", made["id"])), "aggregate must have hosts with compute nodes")
	fails(t, run("nobody"), "must be a Nova host aggregate or a Placement aggregate with members, got: nobody")
	fails(t, run(newUUID()), "must be a Nova host aggregate or a Placement aggregate with members")
	if len(g.writes) > 0 {
		t.Errorf("sent %v", g.writes)
	}
}

// The number alone is enough where no aggregate has it for a name.
func TestLabHostAggregateNumber(t *testing.T) {
	l := controlPlane(t)
	_, answer := l.send(t, http.MethodPost, l.Endpoints["nova"]+"/os-aggregates", dict{"aggregate": dict{"name": "inventory-" + newUUID()}}, http.StatusOK)
	made, _ := answer["aggregate"].(dict)
	t.Cleanup(func() {
		l.send(t, http.MethodDelete, fmt.Sprintf("%s/os-aggregates/%v", l.Endpoints["nova"], made["id"]), nil, http.StatusOK)
	})
	answer, _ = l.run(t, l.gate(t), dict{"aggregate": made["id"], "drain": true, "_ansible_check_mode": true})
	fails(t, answer, "aggregate must have hosts with compute nodes")
}

func TestLabPlacementAggregate(t *testing.T) {
	l := controlPlane(t)
	aggregate := newUUID()
	members := []thing{l.make(t, usual()), l.make(t, usual())}
	other := l.make(t, usual())
	for _, p := range members {
		path := "/resource_providers/" + p.UUID + "/aggregates"
		l.placement(t, http.MethodPut, path, dict{"aggregates": []string{aggregate}, "resource_provider_generation": l.has(t, p)["resource_provider_generation"]})
	}
	answer, writes := l.thrice(t, dict{"aggregate": strings.ToUpper(aggregate), "inventories": lower()})
	if answer["msg"] != "2 of 2 resource providers changed" || len(writes) != 2 || l.field(t, other, "VCPU", "allocation_ratio") != 4.0 {
		t.Errorf("%v, sent %v", answer["msg"], writes)
	}
	deaf, _ := l.run(t, l.gate(t), dict{"aggregate": aggregate, "inventories": lower(), "compute_endpoint": "http://127.0.0.1:1/v2.1"})
	if deaf["failed"] != false || !warned(deaf, "aggregate", "Nova could not be asked") {
		t.Errorf("without Nova: %v, warnings %v", deaf["msg"], deaf["warnings"])
	}
	deaf, _ = l.run(t, l.gate(t), dict{"aggregate": "gold", "inventories": lower(), "compute_endpoint": "http://127.0.0.1:1/v2.1"})
	fails(t, deaf, "127.0.0.1:1")
}
