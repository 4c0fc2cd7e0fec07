// SPDX-License-Identifier: Apache-2.0

package incompleteconsumer_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/incompleteconsumer"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const stranger = "e0000000-0000-4000-8000-000000000001"

// nobodys makes Placement know no owner of these consumers.
func nobodys(consumers ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.Hold(s, stranger, checktest.Compute, "VCPU", 1)
		for _, uuid := range consumers {
			s.IncompleteList = append(s.IncompleteList, openstack.Owner{
				ConsumerUUID: uuid, ProjectID: openstack.IncompleteOwner, UserID: openstack.IncompleteOwner,
			})
		}
	}
}

func TestIncompleteConsumer(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, incompleteconsumer.Check(), []checktest.Case{
		{Name: "a server", Change: nobodys(checktest.Server), Want: server},
		{Name: "no server", Change: nobodys(stranger), Want: []string{stranger}},
		{Name: "both, the nameless first", Change: nobodys(checktest.Server, stranger), Want: []string{stranger, checktest.Server}},
		{Name: "all have owners", Change: nobodys()},
		{
			Name: "it holds nothing", Change: func(s *snapshot.Snapshot) {
				nobodys(stranger)(s)
				checktest.Release(s, stranger)
			},
		},
	})
}

func TestIncompleteConsumerAtTheSecondLook(t *testing.T) {
	checktest.Run(t, incompleteconsumer.Check(), []checktest.Case{
		{
			Name: "healed between the looks", Change: nobodys(checktest.Server),
			Between: func(l *snapshot.Look) {
				l.Owners[checktest.Server] = openstack.Owner{ConsumerUUID: checktest.Server, ProjectID: checktest.Project}
			},
		},
		{
			Name: "written again between the looks", Change: nobodys(checktest.Server),
			Between: func(l *snapshot.Look) { l.Consumers[checktest.Server][0].ConsumerGeneration = 2 },
		},
		{
			Name: "gone between the looks", Change: nobodys(stranger),
			Between: func(l *snapshot.Look) {
				l.Consumers[stranger] = nil
				delete(l.Owners, stranger)
			},
		},
	})
}

// A server's finding names the server, its own project and the command that heals it; another consumer's does not.
func TestWhatItSays(t *testing.T) {
	s, c := checktest.Cloud(), incompleteconsumer.Check()
	nobodys(checktest.Server, stranger)(s)
	checktest.LookTwice(s, c)
	found := check.Run(s, []*check.Check{c}, check.Defaults()).Findings
	of, other := found[1], found[0]
	if of.Subject.Name != "s1" || of.Evidence["server_project_id"] != checktest.Project ||
		of.Evidence["project_id"] != openstack.IncompleteOwner {
		t.Errorf("subject %v, evidence %v", of.Subject, of.Evidence)
	}
	if !strings.HasSuffix(of.Remedy.Command, "heal_allocations --instance "+checktest.Server) {
		t.Errorf("remedy %q", of.Remedy.Command)
	}
	if _, named := other.Evidence["server_project_id"]; named || strings.Contains(other.Remedy.Command, "heal_allocations") {
		t.Errorf("evidence %v, remedy %q", other.Evidence, other.Remedy.Text)
	}
}

// Where heal_allocations refuses, the same allocation is written again.
func TestRemedyOfDevices(t *testing.T) {
	s, c := checktest.Cloud(), incompleteconsumer.Check()
	nobodys(checktest.Server)(s)
	s.ServerList[0].UserID, s.ServerList[0].Flavor.ExtraSpecs = "u", map[string]string{"resources:VGPU": "1"}
	checktest.LookTwice(s, c)
	r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
	want := "openstack --os-placement-api-version 1.28 resource provider allocation set --project-id=" + checktest.Project + " --user-id=u"
	for _, share := range []string{"rp=" + checktest.Compute + ",MEMORY_MB=2048,VCPU=1", "rp=" + checktest.Storage + ",DISK_GB=20"} {
		if !strings.HasPrefix(r.Command, want) || !strings.Contains(r.Command, " --allocation="+share+" ") {
			t.Errorf("remedy %q", r.Command)
		}
	}
}
