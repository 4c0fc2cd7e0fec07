// SPDX-License-Identifier: Apache-2.0

package openstack_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

func TestShortName(t *testing.T) {
	for host, want := range map[string]string{
		"cn1": "cn1", "CN1.Example.org": "cn1", "10.0.0.5": "10.0.0.5", "fd00::5": "fd00::5", "": "", "10.example": "10", "node-1.": "node-1",
	} {
		if got := openstack.ShortName(host); got != want {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}

func TestStands(t *testing.T) {
	const uuid = "772c8a12-cd72-49a5-a646-50cc5bb01e1d"
	for host, c := range map[string]struct{ root, child bool }{
		"cn1": {true, false}, "CN1": {true, false}, "cn1.example.org": {true, false}, "cn1.example": {true, false},
		"cn": {}, "cn11": {}, "cn1.example.or": {}, "cn1_": {}, "": {}, "c.1": {},
		uuid: {true, true}, "772C8A12CD7249A5A64650CC5BB01E1D": {true, true}, "772c8a12": {},
	} {
		root := openstack.Provider{UUID: uuid, Name: "cn1.Example.org"}
		child := root
		child.ParentUUID = "15d22711-af44-4f8b-a472-cce8e2610650"
		if root.Stands(host) != c.root || child.Stands(host) != c.child {
			t.Errorf("%q: root %v, child %v", host, root.Stands(host), child.Stands(host))
		}
	}
}

// A cloud is told from others by its endpoints and its region, whatever somebody's clouds.yaml calls it: a lock has that name.
func TestNameOfCloud(t *testing.T) {
	here := openstack.Cloud{Endpoints: []string{"http://192.0.2.1"}, Region: "RegionOne"}
	named := here
	named.Name = "lab"
	if named.String() != here.String() || !named.Is(here) {
		t.Errorf("%s is not %s", named, here)
	}
	for want, c := range map[string]openstack.Cloud{"lab / RegionOne": named, "http://192.0.2.1 / RegionOne": here, "lab": {Name: "lab"}, "": {}} {
		if got := c.Title(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A fenced compute service is not merely down.
func TestWordsOfService(t *testing.T) {
	for want, s := range map[string]openstack.ComputeService{
		"up, enabled": {State: "up", Status: "enabled"}, "forced down, enabled": {State: "down", Status: "enabled", ForcedDown: true},
	} {
		if got := s.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
