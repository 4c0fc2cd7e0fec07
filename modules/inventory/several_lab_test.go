// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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

// A failure half way says what was written and what was not, and the journal has both.
func TestLabHalfway(t *testing.T) {
	l := controlPlane(t)
	a, b, c, total := l.make(t, usual()), l.make(t, usual()), l.make(t, usual()), 20
	for name, deny := range map[string]func(w http.ResponseWriter){
		"409 that stays": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, `{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n update conflict: Inventory for 'VCPU' on resource provider '`+b.UUID+`' in use.  ", "code": "placement.inventory.inuse", "request_id": "req-1"}]}`)
		},
		"403 of a proxy": func(w http.ResponseWriter) { http.Error(w, "not today", http.StatusForbidden) },
	} {
		g, path := l.gate(t), newJournal(t)
		g.instead = func(w http.ResponseWriter, r *http.Request) bool {
			hit := r.Method == http.MethodPut && strings.Contains(r.URL.Path, b.UUID)
			if hit {
				deny(w)
			}
			return hit
		}
		total++
		answer, writes := l.run(t, g, dict{"providers": []string{a.Name, b.Name, c.Name}, "journal": path, "inventories": dict{"VCPU": dict{"total": total}}})
		want := fmt.Sprintf("; written: %s; not written: %s, %s; what was there before is in %s", a.Name, b.Name, c.Name, path)
		if answer["failed"] != true || answer["changed"] != true || !strings.HasSuffix(fmt.Sprint(answer["msg"]), want) {
			t.Errorf("%s: changed %v: %v", name, answer["changed"], answer["msg"])
		}
		if got, want := entries(t, path), []string{
			"inventories " + a.Name + " intended", "inventories " + a.Name + " written",
			"inventories " + b.Name + " intended", "inventories " + b.Name + " not written",
		}; !slices.Equal(got, want) || len(writes) != 2 {
			t.Errorf("%s: sent %v, journal %v", name, writes, got)
		}
		if diff := text(answer["diff"]); !strings.Contains(diff, a.Name) || strings.Contains(diff, b.Name) || strings.Contains(diff, c.Name) {
			t.Errorf("%s: diff %s", name, diff)
		}
		if l.field(t, a, "VCPU", "total") != float64(total) || l.field(t, b, "VCPU", "total") != 10.0 {
			t.Errorf("%s: not as it says", name)
		}
	}
}

// If it is unknown what became of a write, the message doesn't say that it was not done, nor does the journal.
func TestLabHalfwayUnknown(t *testing.T) {
	l := controlPlane(t)
	a, b, c := l.make(t, usual()), l.make(t, usual()), l.make(t, usual())
	g, path := l.gate(t), newJournal(t)
	lost := false
	g.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if !lost && r.Method == http.MethodPut && strings.Contains(r.URL.Path, b.UUID) {
			lost = true
			interrupt(t)
		}
		if lost {
			http.Error(w, "down", http.StatusServiceUnavailable)
		}
		return lost
	}
	answer, _ := l.run(t, g, dict{"providers": []string{a.Name, b.Name, c.Name}, "journal": path, "inventories": lower()})
	want := fmt.Sprintf("; written: %s; perhaps written: %s; not written: %s; what was there before is in %s", a.Name, b.Name, c.Name, path)
	if msg := fmt.Sprint(answer["msg"]); answer["failed"] != true || answer["changed"] != true || !strings.Contains(msg, "it is unknown") || !strings.HasSuffix(msg, want) {
		t.Errorf("changed %v: %s", answer["changed"], msg)
	}
	if got := entries(t, path); !slices.Contains(got, "inventories "+b.Name+" unknown") {
		t.Errorf("journal %v", got)
	}
}

// Usage that grows between the judging and the write is refused then, and the message doesn't claim that nothing was written.
func TestLabRefusedLate(t *testing.T) {
	l := controlPlane(t)
	a, b := l.make(t, usual()), l.make(t, usual())
	g, grown := l.gate(t), ""
	g.instead = func(_ http.ResponseWriter, r *http.Request) bool {
		if grown == "" && r.Method == http.MethodPut && strings.Contains(r.URL.Path, a.UUID) {
			grown = l.use(t, b, dict{"VCPU": 9})
		}
		return false
	}
	answer, _ := l.run(t, g, dict{"providers": []string{a.Name, b.Name}, "inventories": lower()})
	msg := fmt.Sprint(answer["msg"])
	if answer["failed"] != true || answer["changed"] != true || strings.Contains(msg, "nothing was written") ||
		!strings.HasPrefix(msg, "refused: VCPU.allocation_ratio=0.5 of "+b.Name) || !strings.Contains(msg, "; written: "+a.Name+"; not written: "+b.Name) {
		t.Errorf("changed %v: %s", answer["changed"], msg)
	}
	if !strings.Contains(text(answer["refused"]), grown) || l.field(t, b, "VCPU", "allocation_ratio") != 4.0 {
		t.Errorf("refused %s", text(answer["refused"]))
	}
}

// Without a journal nothing is written; check mode knows it too, and makes neither file nor folder.
func TestLabJournalNotWritable(t *testing.T) {
	l := controlPlane(t)
	p := l.make(t, usual())
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(file, "journal.jsonl")} {
		for _, check := range []bool{true, false} {
			answer, writes := l.run(t, l.gate(t), dict{"provider": p.Name, "journal": path, "inventories": lower(), "_ansible_check_mode": check})
			fails(t, answer, "journal must be a file that can be written: nothing is changed without it", "got: "+path)
			if len(writes) > 0 {
				t.Errorf("sent %v", writes)
			}
		}
	}
	path := newJournal(t)
	l.run(t, l.gate(t), dict{"provider": p.Name, "journal": path, "inventories": lower(), "_ansible_check_mode": true})
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("check mode made a folder")
	}
}
