// SPDX-License-Identifier: Apache-2.0

package client

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// Clients are compared within one kind of log, by what both sightings have.
func TestRelate(t *testing.T) {
	served := func(address, user string) string {
		return Sighting(&lines.Event{View: lines.FromPlacement, Address: address, User: user}, "ctl1", "placement-api")
	}
	wrote := func(host, service string) string {
		return Sighting(&lines.Event{View: lines.FromClient}, host, service)
	}
	for name, c := range map[string]struct {
		seen []string
		by   string
		want Relation
	}{
		"the same":            {[]string{served("10.0.0.5", "u")}, served("10.0.0.5", "u"), Same},
		"no user":             {[]string{served("10.0.0.5", "")}, served("10.0.0.5", "u"), Same},
		"another user":        {[]string{served("10.0.0.5", "u")}, served("10.0.0.5", "v"), Other},
		"another address":     {[]string{served("10.0.0.5", "u")}, served("10.0.0.9", "u"), Other},
		"one of two":          {[]string{served("10.0.0.5", "u"), wrote("cn1", "nova-compute")}, wrote("cn1", "nova-compute"), Same},
		"another kind":        {[]string{served("10.0.0.5", "u")}, wrote("cn1", "nova-compute"), Unknown},
		"no address":          {[]string{served("", "u")}, served("10.0.0.5", "u"), Unknown},
		"nothing of a writer": {[]string{wrote("", "")}, wrote("cn1", ""), Unknown},
	} {
		if got := Relate(c.seen, c.by); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if got := In(served("10.0.0.5", "v"), []string{served("10.0.0.5", "u")}); got != "10.0.0.5, user v" {
		t.Error(got)
	}
	if got := In(wrote("cn1", "nova-compute"), nil); got != "cn1 nova-compute" {
		t.Error(got)
	}
}
