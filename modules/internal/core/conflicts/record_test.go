// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// A place goes wherever its path goes: nothing parses the path again.
func TestPlaceTravels(t *testing.T) {
	const path = "/resource_providers/4f1e2c3d-0a1b-4c2d-8e3f-111111111111/traits"
	know := func(views ...lines.View) *Record {
		return &Record{Path: path, place: catalogue.PlaceOf(path), Views: views}
	}
	line := lines.Event{What: lines.Requested, View: lines.FromPlacement, Path: path, Place: catalogue.PlaceOf(path)}
	said := line
	said.View = lines.FromClient
	for name, made := range map[string]*Record{
		"a line of Placement":              added(&Record{Path: catalogue.Providers}, line),
		"a line of a client":               added(&Record{}, said),
		"a line of an access log":          added(&Record{}, know(lines.FromApache).event()),
		"a record of Placement's":          combined(&Record{Path: catalogue.Providers}, know(lines.FromPlacement)),
		"a record of a client":             combined(&Record{}, know(lines.FromClient)),
		"a client's beside Placement's":    combined(know(lines.FromPlacement), &Record{Path: catalogue.Providers}),
		"Placement's, which has no path":   combined(know(lines.FromClient), &Record{Views: []lines.View{lines.FromPlacement}}),
		"a line of a client beside others": added(know(lines.FromPlacement), lines.Event{View: lines.FromClient, Path: catalogue.Providers}),
	} {
		if made.Path != path || made.place != catalogue.PlaceOf(path) {
			t.Errorf("%s: %s leads to %+v", name, made.Path, made.place)
		}
	}
}

func added(r *Record, e lines.Event) *Record {
	r.add(&e, Origin{})
	return r
}

func combined(r, other *Record) *Record {
	r.combine(other)
	return r
}

// What another host's result says of a request counts by the rules for lines: no time is no time, and a proxy on the same host is
// no client.
func TestCombine(t *testing.T) {
	client := Record{RequestID: onePID, Status: 409, Time: begun(), Views: []lines.View{lines.FromClient}, Client: explained.Client{Address: "10.0.0.5"}}
	served := Record{RequestID: onePID, Status: 409, Views: []lines.View{lines.FromPlacement}, Client: explained.Client{Address: "127.0.0.1"}}
	for _, pair := range [][2]Record{{client, served}, {served, client}} {
		r := pair[0]
		r.combine(&pair[1])
		if !r.Time.Equal(begun()) || r.Client.Address != "10.0.0.5" {
			t.Errorf("%s, %+v", r.Time, r.Client)
		}
	}
}

// A client that tells only the answer tells what it is about if all requests with such an answer are about the same. The provider that an
// answer names is no consumer.
func TestToldAbout(t *testing.T) {
	const provider, consumer = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111", "4f1e2c3d-0a1b-4c2d-8e3f-222222222222"
	full := "Unable to allocate inventory: Unable to create allocation for 'VCPU' on resource provider '" + provider + "'. The requested amount would exceed the capacity."
	for name, c := range map[string]struct {
		detail, uuid, want string
	}{
		"only the provider":         {full, "", ""},
		"the provider as client's":  {full, provider, ""},
		"a consumer":                {full, consumer, "consumer/" + consumer},
		"of allocations and of all": {"consumer generation conflict - expected 3 but got 2", consumer, "consumer/" + consumer},
		"of several requests":       {"Inventory for 'VCPU' on resource provider '" + provider + "' in use.", "", ""},
	} {
		r := Record{Status: 409, Detail: c.detail, UUID: c.uuid, Views: []lines.View{lines.FromClient}}
		if r.judge(); r.match.Entry == nil || r.subject != c.want {
			t.Errorf("%s: %q, want %q", name, r.subject, c.want)
		}
	}
}
