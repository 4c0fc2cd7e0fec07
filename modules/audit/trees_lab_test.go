// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

const sharing = "MISC_SHARES_VIA_AGGREGATE"

// Storage that shares with nobody, and storage that lost the trait by which it shares.
func TestLabCutOffSharing(t *testing.T) {
	benchOf(t).provoke(storageFaults(), nil)
}

// storageFaults are of providers that share a disk with hosts.
func storageFaults() []provocation {
	pool := func(b *bench, name string, aggregates ...string) string {
		p := labProvider{UUID: live.UUID(), Name: ours + name}
		b.newPart(p, map[string]inventory{"DISK_GB": {"total": 1000}})
		b.put(p.UUID, "traits", []string{sharing})
		b.put(p.UUID, "aggregates", append([]string{}, aggregates...))
		return p.UUID
	}
	return []provocation{{
		checks: "PLC405",
		provoke: func(b *bench) []string {
			b.aggregate("storage", "cn1")
			return []string{"PLC405:provider:" + pool(b, "shared")}
		},
	}, {
		checks: "PLC405",
		provoke: func(b *bench) []string {
			lost := pool(b, "traitless", b.aggregate("disks", "cn1"))
			b.holdOf("s1", map[string]amounts{
				b.provider["cn1"]: {Resources: map[string]int{"VCPU": 1, "MEMORY_MB": 2048}}, lost: {Resources: map[string]int{"DISK_GB": 20}},
			})
			b.setTrait(lost, sharing, false)
			return []string{"PLC405:provider:" + lost}
		},
	}}
}

// holdOf makes this all that a server holds.
func (b *bench) holdOf(name string, shares map[string]amounts) {
	b.t.Helper()
	s := b.server[name]
	b.hold(s.ID, holding{Allocations: shares, Project: s.Project, User: s.User})
}

// joinHosts adds a provider to the aggregates of the hosts that use it, which somebody knows who reads where a host is.
func joinHosts(o *operator, f check.Finding) {
	o.t.Helper()
	const program = "openstack --os-placement-api-version 1.19 resource provider aggregate "
	set := ""
	for _, command := range []string{f.Remedy.Command, program + "list " + o.provider["cn1"]} {
		var listed struct{ Aggregates []string }
		if err := json.Unmarshal([]byte(o.terminal.Type(o.t, command)), &listed); err != nil {
			o.t.Fatal(err)
		}
		for _, uuid := range listed.Aggregates {
			set += " --aggregate " + uuid
		}
	}
	o.run1(fmt.Sprintf("%sset%s --generation %d %s", program, set, o.generation(f.Subject.UUID), f.Subject.UUID))
}

// addTrait sets the list of a provider's traits with the one that the remedy names.
func addTrait(o *operator, f check.Finding) {
	o.t.Helper()
	var listed struct{ Traits []string }
	if err := json.Unmarshal([]byte(o.terminal.Type(o.t, f.Remedy.Command)), &listed); err != nil {
		o.t.Fatal(err)
	}
	_, named, _ := strings.Cut(f.Remedy.Text, "the trait ")
	named, _, _ = strings.Cut(named, ":")
	set := " --trait " + strings.Join(append(listed.Traits, named), " --trait ")
	o.run1("openstack --os-placement-api-version 1.6 resource provider trait set" + set + " " + f.Subject.UUID)
}
