// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// spare is a host of TestLabProvokedHosts alone.
const spare = "cn12"

// Hosts whose nova.conf is wrong, that came back after an evacuation, and that Nova has lost.
func TestLabProvokedHosts(t *testing.T) {
	live.OneIsEnough(t, "zed")
	takesMinutes(t)
	b := benchOf(t)
	b.addHost(spare)
	b.configure(map[string]string{spare: "DEFAULT.reserved_host_memory_mb=7000", "cn4": "DEFAULT.host=CN4"})
	b.boot(map[string]string{ours + "left": "cn3"})
	b.provoke(hostFaults(), nil)
	b.boot(map[string]string{ours + "stranded": spare})
	b.provoke([]provocation{lostHost()}, nil)
}

// addHost makes a host that is retired when the test ends.
func (b *bench) addHost(name string) {
	b.t.Helper()
	b.Command(b.t, "host", "add", name)
	b.t.Cleanup(func() {
		b.sweep() // Nova keeps a host that has servers
		b.Command(b.t, "host", "retire", name)
	})
	b.know()
}

// know learns which provider each name has.
func (b *bench) know() {
	b.t.Helper()
	for _, p := range b.providers() {
		b.provider[p.Name] = p.UUID
	}
}

// configure restarts hosts with something else in their nova.conf, and waits until they report. What is left of it goes when the test ends.
func (b *bench) configure(options map[string]string) {
	b.t.Helper()
	beats := map[string]string{}
	for host, option := range options {
		name, _, _ := strings.Cut(option, "=")
		b.t.Cleanup(func() {
			if b.saysConf(host, strings.TrimPrefix(name, "DEFAULT.")+" = ") {
				b.restart(host, name+"=")
			}
		})
		b.restart(host, option)
		beats[host] = b.serviceOf(host).Beat
	}
	for host, beat := range beats {
		b.until("report of "+host, func() bool { return b.serviceOf(host).Beat != beat })
	}
}

// saysConf reports whether what is set in a host's nova.conf has a text.
func (b *bench) saysConf(host, text string) bool {
	b.t.Helper()
	conf, err := os.ReadFile(filepath.Join(b.ConfigDir, "nova", "host-"+host+"-set.conf"))
	if err != nil && !os.IsNotExist(err) {
		b.t.Fatal(err)
	}
	return strings.Contains(string(conf), text)
}

// serviceOf returns the nova-compute of a host.
func (b *bench) serviceOf(host string) labService {
	b.t.Helper()
	all := b.services()
	at := slices.IndexFunc(all, func(s labService) bool { return s.Host == host })
	if at < 0 {
		b.t.Fatalf("%s has no nova-compute", host)
	}
	return all[at]
}

// hostFaults have a host each to themselves. What nova.conf says is in TestLabProvokedHosts; a service keeps its name.
func hostFaults() []provocation {
	return []provocation{{
		checks:  "PLC307",
		provoke: func(b *bench) []string { return []string{"PLC307:provider:" + b.provider[spare]} },
	}, {
		checks: "PLC111",
		provoke: func(b *bench) []string {
			s := b.server["s4"]
			b.t.Cleanup(func() { b.query("UPDATE nova_cell1.instances SET host=node WHERE uuid='" + s.ID + "'") })
			b.query("UPDATE nova_cell1.instances SET host='CN4' WHERE uuid='" + s.ID + "'")
			return []string{"PLC111:server:" + s.ID}
		},
	}, {
		checks: "PLC103",
		provoke: func(b *bench) []string {
			b.evacuate(ours+"left", "cn1")
			return []string{"PLC103:server:" + b.server[ours+"left"].ID}
		},
	}}
}

// evacuate has a server leave a host whose nova-compute was taken for dead and runs on.
func (b *bench) evacuate(name, to string) {
	b.t.Helper()
	from := b.server[name].Host
	lift := func() {
		b.query("UPDATE nova_cell1.services SET forced_down=0 WHERE deleted=0 AND host='" + from + "'")
	}
	b.t.Cleanup(lift) // Nova does so only once nova-compute has started
	b.send(b.nova, http.MethodPut, "/os-services/"+b.serviceOf(from).ID, map[string]any{"forced_down": true}, nil)
	b.until("end of "+from, func() bool { return b.serviceOf(from).State == "down" })
	b.act(name, "evacuate", map[string]any{"host": to})
	b.until("evacuation of "+name, func() bool {
		b.server = b.servers()
		return b.server[name].Host == to && b.server[name].Task == "" && b.server[name].Status == "ACTIVE"
	})
	lift()
	b.until("return of "+from, func() bool { return b.serviceOf(from).State == "up" })
}

// lostHost is a host with a server that is down and mapped to no cell.
func lostHost() provocation {
	return provocation{
		checks: "PLC111 PLC201",
		provoke: func(b *bench) []string {
			b.die(spare)
			b.query("DELETE FROM nova_api.host_mappings WHERE host='" + spare + "'")
			return []string{"PLC201:provider:" + b.provider[spare], "PLC111:server:" + b.server[ours+"stranded"].ID}
		},
	}
}

// die ends a host's nova-compute, which Nova calls down from then on.
func (b *bench) die(host string) {
	b.t.Helper()
	b.Command(b.t, "host", "kill", host)
	b.query("UPDATE nova_cell1.services SET last_seen_up='2020-01-01 00:00:00' WHERE deleted=0 AND host='" + host + "'")
}

// reserveLess takes what is reserved too much out of a host's nova.conf, under the option that the remedy names.
func reserveLess(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	const option = "reserved_host_memory_mb"
	if !strings.Contains(f.Remedy.Text, "[DEFAULT]"+option) {
		o.t.Fatal(f.Remedy.Text)
	}
	o.restartLater(text(f, "host"), "DEFAULT."+option+"=")
}

// nameAsService writes the name of the service in the cell's database, and in nova.conf if that has the other case.
func nameAsService(o *operator, f check.Finding) {
	o.t.Helper()
	backToHost(o, f)
	similar, _ := f.Evidence["similar_hosts"].([]any)
	host := fmt.Sprint(similar[0])
	if o.saysConf(host, "host = "+text(f, "host")) {
		o.restartLater(host, "DEFAULT.host=") // the lab's own line names it as its service
	}
}

// restartNamed restarts the host that the text names.
func restartNamed(o *operator, f check.Finding) {
	o.t.Helper()
	host, _, _ := strings.Cut(strings.TrimPrefix(f.Remedy.Text, "Restart nova-compute on "), ":")
	o.restartLater(host)
}

// startAgain starts a host that still exists, once a round. Another finding then maps it to its cell.
func startAgain(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	host := spare
	if f.ID != "PLC201" {
		host = text(f, "host")
	}
	if o.typed["start "+host] {
		return
	}
	o.typed["start "+host] = true
	beat := o.serviceOf(host).Beat
	o.Command(o.t, "host", "start", host)
	o.until("report of "+host, func() bool { now := o.serviceOf(host); return now.Beat != beat && now.State == "up" })
}
