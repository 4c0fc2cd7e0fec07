// SPDX-License-Identifier: Apache-2.0

package computeid_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

const (
	one   = "772c8a12-cd72-49a5-a646-50cc5bb01e1d"
	two   = "15d22711-af44-4f8b-a472-cce8e2610650"
	alien = "c0000000-0000-4000-8000-000000000009"
	made  = "963e8180-1786-5eb7-a6d8-e435ab16cd04" // what Ansible's filter to_uuid makes of compute-01
)

func TestMade(t *testing.T) {
	if got := computeid.Made("compute-01"); got != made {
		t.Errorf("%s, but Ansible makes %s", got, made)
	}
}

type situation struct {
	name      string
	host      string // in the inventory, if not compute-01
	id        string // in the file
	unread    string
	nodes     []openstack.Hypervisor
	providers []openstack.Provider
	want      computeid.Effect
	safe      bool
	written   string
	says      string
}

func node(uuid, name, host string) openstack.Hypervisor {
	return openstack.Hypervisor{UUID: uuid, Name: name, ServiceHost: host}
}

func situations() []situation {
	own, fqdn := node(one, "compute-01", "compute-01"), node(one, "compute-01.example.com", "compute-01")
	ironic := node(two, "metal-7", "compute-01")
	ironic.Type = "ironic"
	list := func(n ...openstack.Hypervisor) []openstack.Hypervisor { return n }
	left := []openstack.Provider{{UUID: made, RootUUID: made, Name: "compute-01"}}
	return []situation{
		{name: "its own", id: one, nodes: list(own), want: computeid.Keep, safe: true, written: one, says: "keeps its identity " + one},
		{name: "in capitals, with a line end", id: strings.ToUpper(one) + "\n", nodes: list(own), want: computeid.Keep, safe: true, written: one},
		{name: "before it had a file", nodes: list(own), want: computeid.Write, safe: true, written: one},
		{name: "one that Nova does not know", id: alien, nodes: list(own), want: computeid.Write, safe: true, written: one, says: alien},
		{name: "that of another node", id: two, nodes: list(own, node(two, "compute-02", "compute-02")), want: computeid.Replace, written: one, says: "compute-02"},
		{name: "two of the name", id: one, nodes: list(own, node(two, "compute-01", "compute-01")), want: computeid.Stop, says: one + ", " + two},
		{name: "named with a domain", id: one, nodes: list(fqdn), want: computeid.Second, written: made, says: "compute-01.example.com"},
		{name: "named with a domain, no file yet", nodes: list(fqdn), want: computeid.Second, written: made},
		{name: "its service is named with a domain too", nodes: list(node(one, "compute-01.example.com", "compute-01.example.com")), want: computeid.Second, written: made},
		{name: "whose is not clear", nodes: list(node(one, "compute-01.a", "compute-01.a"), node(two, "compute-01.b", "compute-01.b")), want: computeid.Unknown, says: "compute-01.b (" + two + ")"},
		{name: "renamed, and somebody's provider is left", id: one, nodes: list(node(one, "old", "old")), providers: left, want: computeid.Second, written: made, says: "takes over the resource provider " + made},
		{name: "it goes by another name", host: "rack7-3", nodes: list(node(one, "rack7-3.example.com", "rack7-3.example.com")), want: computeid.Second, written: made, says: "rack7-3.example.com"},
		{name: "another case", id: one, nodes: list(node(one, "Compute-01", "Compute-01")), want: computeid.Second, written: made},
		{name: "the damage is done", id: made, nodes: list(fqdn), want: computeid.Second, written: made, says: "already"},
		{name: "made, and the node deleted", id: made, want: computeid.Create, safe: true, written: made},
		{name: "made, and another has the name", id: made, providers: []openstack.Provider{{UUID: alien, RootUUID: alien, Name: "compute-01"}}, want: computeid.Create, written: made, says: "Conflicting resource provider name"},
		{name: "the node of another host, no file", nodes: list(node(one, "compute-01", "old-name")), want: computeid.Replace, written: one, says: "is not the service host old-name"},
		{name: "made before", id: made, nodes: list(node(made, "compute-01.example.com", "compute-01")), want: computeid.Keep, safe: true, written: made},
		{name: "made before, no file", nodes: list(node(made, "compute-01.example.com", "compute-01")), want: computeid.Keep, safe: true, written: made},
		{name: "new", want: computeid.Create, safe: true, written: made, says: "is new to Nova"},
		{name: "new, beside bare metal of its service", nodes: list(ironic), want: computeid.Create, safe: true, written: made},
		{name: "new, over a provider that is left", providers: left, want: computeid.Create, written: made, says: "takes over the resource provider " + made},
		{name: "new, and the name is taken", providers: []openstack.Provider{{UUID: alien, RootUUID: alien, Name: "COMPUTE-01"}}, want: computeid.Create, written: made, says: "Conflicting resource provider name"},
		{name: "its node was deleted", id: alien, want: computeid.Create, written: made, says: "which Nova does not know"},
		{name: "not to be read", unread: "no route to host", nodes: list(own), want: computeid.Unknown, says: "no route to host"},
	}
}

func TestJudge(t *testing.T) {
	for _, c := range situations() {
		t.Run(c.name, func(t *testing.T) {
			host := computeid.Host{Host: cmp.Or(c.host, "compute-01"), Nodename: "compute-01", ComputeID: c.id, Unread: c.unread}
			got := computeid.Judge([]computeid.Host{host}, c.nodes, c.providers, "")[0]
			if got.Effect != c.want || got.Safe != c.safe || got.Written != c.written || !strings.Contains(got.Message, c.says) {
				t.Errorf("%+v", got)
			}
			if got.Safe != (got.Remedy == "") {
				t.Errorf("safe %v, but the remedy is %q", got.Safe, got.Remedy)
			}
		})
	}
}

// Where not everything could be read, nobody is told that all is well.
func TestJudgeUnread(t *testing.T) {
	host := computeid.Host{Host: "compute-01", Nodename: "compute-01", ComputeID: one}
	got := computeid.Judge([]computeid.Host{host}, []openstack.Hypervisor{node(one, "compute-01", "compute-01")}, nil, "a cell does not answer")[0]
	if got.Effect != computeid.Unknown || got.Safe || !strings.Contains(got.Message, "a cell does not answer") {
		t.Errorf("%+v", got)
	}
}

// Hosts that name themselves alike would get one identity.
func TestJudgeShared(t *testing.T) {
	got := computeid.Judge([]computeid.Host{{Host: "a", Nodename: "ubuntu"}, {Host: "b", Nodename: "ubuntu"}, {Host: "c", Nodename: "c"}, {Host: "d", Unread: "gone"}}, nil, nil, "")
	for i, want := range []computeid.Effect{computeid.Shared, computeid.Shared, computeid.Create, computeid.Unknown} {
		if got[i].Effect != want || got[i].Safe != (want == computeid.Create) {
			t.Errorf("%+v, want %s", got[i], want)
		}
	}
	if !strings.Contains(got[0].Message, "a, b all get the identity "+computeid.Made("ubuntu")) {
		t.Error(got[0].Message)
	}
}

// A compute in wrong hands says what it likes of itself.
func TestHostileHost(t *testing.T) {
	const hostile = "cn2\nCRITICAL\x1b[2J\u202e"
	for name, host := range map[string]computeid.Host{
		"its name":     {Host: "cn2", Nodename: hostile},
		"its identity": {Host: "cn2", Nodename: "cn2", ComputeID: hostile + strings.Repeat("x", 1000)},
		"its answer":   {Host: "cn2", Unread: hostile + strings.Repeat("x", 1000)},
	} {
		got := computeid.Judge([]computeid.Host{host}, nil, nil, "")[0]
		for _, text := range []string{got.Message, got.Nodename, got.ComputeID} {
			if text != foreign.Line(text) || len(text) > 500 {
				t.Errorf("%s: %q", name, text)
			}
		}
		if strings.Contains(host.Nodename, "\n") && got.Effect != computeid.Unknown {
			t.Errorf("%s: %s of a name that nobody can write", name, got.Effect)
		}
	}
}
