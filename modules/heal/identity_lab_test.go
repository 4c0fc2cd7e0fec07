// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// A provider that keeps its host's nova-compute from registering makes way, the allocations move to the new one, the old one goes.
func TestLabHealLostIdentity(t *testing.T) {
	b := bed(t)
	b.clean()
	healthy := b.records()
	t.Cleanup(b.restoreIdentity(healthy))
	usurper := b.loseIdentity()
	for until := time.Now().Add(4 * time.Minute); ; time.Sleep(2 * time.Second) {
		found := b.found()
		if slices.Contains(found, "PLC203:provider:"+usurper) && slices.Contains(found, "PLC104:server:"+b.server["s3"]) {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("found %v", found)
		}
	}
	answer := b.heal(nil)
	if answer["failed"] != false || answer["changed"] != true {
		t.Fatalf("%v\n%s", answer["msg"], text(answer["steps"]))
	}
	b.proven(answer)
	if left := differences(healthy, b.records()); len(left) > 0 {
		t.Errorf("healed, but not as before:\n%s", strings.Join(left, "\n"))
	}
	if again := b.heal(nil); again["changed"] != false || again["failed"] != false {
		t.Errorf("again: %v", again["msg"])
	}
}

// loseIdentity gives cn3 a provider that is not its own, with the allocation of its server, and returns its UUID.
// The nova-compute of cn3 tries every 5 s to make its own, as one of life does every minute.
func (b *sickbed) loseIdentity() string {
	b.t.Helper()
	cn3, s3, usurper := b.provider["cn3"], b.server["s3"], live.UUID()
	was := b.held(s3).Allocations[cn3]
	b.Command(b.t, "host", "kill", "cn3")
	b.hold(s3, nil)
	b.do("DELETE", "/resource_providers/"+cn3, nil, nil)
	b.makeProvider(usurper, "cn3", "")
	b.hold(s3, map[string]live.Share{usurper: was})
	started := time.Now()
	b.Command(b.t, "host", "start", "cn3", "--interval", "5")
	b.eventually("cn3 reports", func() bool { return b.reports("cn3", started) })
	return usurper
}

// reports reports whether Nova has heard of a host's nova-compute since a time. Nova tells it in whole seconds.
func (b *sickbed) reports(host string, since time.Time) bool {
	b.t.Helper()
	var answer struct {
		Services []struct {
			State   string
			Updated string `json:"updated_at"`
		}
	}
	if err := b.cloud.Nova(b.ctx(), http.MethodGet, "/os-services?binary=nova-compute&host="+host, nil, &answer); err != nil {
		b.t.Fatal(err)
	}
	for _, s := range answer.Services {
		at, err := time.Parse("2006-01-02T15:04:05.999999", s.Updated)
		if err == nil && s.State == "up" && at.After(since) {
			return true
		}
	}
	return false
}

// restoreIdentity returns what brings cn3 back by hand, if healing failed: the lab is others' too.
func (b *sickbed) restoreIdentity(healthy map[string]string) func() {
	was := b.held(b.server["s3"]).Allocations
	return func() {
		if len(differences(healthy, b.records())) > 0 {
			b.takeBack(was)
		}
		b.Command(b.t, "host", "kill", "cn3")
		b.Command(b.t, "host", "start", "cn3")
		b.eventually("cn3 is up", func() bool { return len(b.found()) == 0 })
	}
}

// takeBack deletes every provider of cn3 but its own, and gives its server what it had.
func (b *sickbed) takeBack(was map[string]live.Share) {
	b.t.Helper()
	b.hold(b.server["s3"], nil)
	names, err := b.cloud.Providers(b.ctx())
	if err != nil {
		b.t.Fatal(err)
	}
	for name, uuid := range names {
		if strings.HasPrefix(name, "cn3") && uuid != b.provider["cn3"] {
			b.do("DELETE", "/resource_providers/"+uuid, nil, nil)
		}
	}
	b.eventually("cn3 has its provider", func() bool {
		names, err := b.cloud.Providers(b.ctx())
		return err == nil && names["cn3"] == b.provider["cn3"]
	})
	b.hold(b.server["s3"], was)
}
