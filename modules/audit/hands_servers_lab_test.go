// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// moveToTwin moves what is held on a provider to the other one of the same host, consumer by consumer in one request.
func moveToTwin(o *operator, f check.Finding) {
	o.t.Helper()
	from, to := f.Subject.UUID, text(f, "twin_uuid")
	var on struct{ Allocations map[string]any }
	o.send(o.place, http.MethodGet, "/resource_providers/"+from+"/allocations", nil, &on)
	for consumer := range on.Allocations {
		h := o.held(consumer)
		h.Allocations[to] = h.Allocations[from]
		delete(h.Allocations, from)
		o.hold(consumer, h)
	}
}

// restartHost marks the host of a finding for a restart at the end of the round, and looks at what it names.
func restartHost(o *operator, f check.Finding) {
	o.t.Helper()
	if strings.Contains(f.Remedy.Command, " list ") {
		o.run1(f.Remedy.Command)
	}
	host := ""
	for name, uuid := range o.provider {
		if uuid == f.Subject.UUID {
			host = name // a provider may bear another name now
		}
	}
	for _, key := range []string{"host", "source_host"} {
		if named, ok := f.Evidence[key].(string); ok && named != "" && f.ID != "PLC110" {
			host = named
		}
	}
	if list, ok := f.Evidence["violations"].([]any); ok {
		first, _ := list[0].(map[string]any)
		host = fmt.Sprint(first["provider_name"])
	}
	o.restartLater(host)
}

// nameOf is the name of the server that a finding is about.
func (o *operator) nameOf(uuid string) string {
	o.t.Helper()
	o.server = o.servers()
	for name, s := range o.server {
		if s.ID == uuid {
			return name
		}
	}
	o.t.Fatalf("there is no server %s", uuid)
	return ""
}

// backToActive does what makes a server active again.
func backToActive(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	name := o.nameOf(f.Subject.UUID)
	o.until(name+" ACTIVE", func() bool { // until a reboot begins, a server in error stays in error
		s := o.servers()[name]
		return s.Status == "ACTIVE" && s.Task == ""
	})
}

func coldMigrate(o *operator, f check.Finding) {
	o.t.Helper()
	name := o.nameOf(f.Subject.UUID)
	o.run1(f.Remedy.Command)
	o.settle(name, "VERIFY_RESIZE")
	o.run1("openstack server resize confirm " + f.Subject.UUID)
	o.settle(name, "ACTIVE")
}

func confirm(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	o.settle(o.nameOf(text(f, "server_uuid")), "ACTIVE")
}

// abort types the command, and restarts nova-compute if the move stays as it is.
func abort(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	time.Sleep(3 * time.Second) // nobody tells when it was refused
	o.restartLater(text(f, "source_host"))
}

func deleteServer(o *operator, f check.Finding) {
	o.t.Helper()
	name := o.nameOf(f.Subject.UUID)
	o.run1(f.Remedy.Command)
	o.until("end of "+name, func() bool { return o.servers()[name].ID == "" })
}

// mapInstances maps those of the first cell.
func mapInstances(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	o.run1("nova-manage cell_v2 map_instances --reset --cell_uuid " + o.cell1())
}

// cell1 returns the UUID of the first cell.
func (b *bench) cell1() string {
	b.t.Helper()
	cell := regexp.MustCompile(`cell1 \| +([0-9a-f-]{36})`).FindStringSubmatch(b.terminal.Type(b.t, "nova-manage cell_v2 list_cells"))
	if cell == nil {
		b.t.Fatal("nova-manage names no cell1")
	}
	return cell[1]
}

// moveOne moves a server of the test's own away from a host that is nearly full.
func moveOne(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	for name, s := range o.servers() {
		if strings.HasPrefix(name, ours) && s.Host == f.Subject.Name {
			o.server[name] = s
			o.live(name, "cn3")
			return
		}
	}
	o.t.Fatalf("no server of the test is on %s", f.Subject.Name)
}

// backToHost corrects the host and the node of a server in the cell's database.
func backToHost(o *operator, f check.Finding) {
	o.t.Helper()
	node := text(f, "node")
	o.query("UPDATE nova_cell1.instances SET host='" + node + "' WHERE uuid='" + f.Subject.UUID + "'")
}

// endByHand ends a move in the database, and the server's task by the command.
func endByHand(o *operator, f check.Finding) {
	o.t.Helper()
	o.query("UPDATE nova_cell1.migrations SET status='error' WHERE uuid='" + f.Subject.UUID + "'")
	o.run1(f.Remedy.Command)
}
