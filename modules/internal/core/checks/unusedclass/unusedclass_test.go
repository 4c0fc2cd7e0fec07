// SPDX-License-Identifier: Apache-2.0

package unusedclass_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unusedclass"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const name = "CUSTOM_GOLD"

// known makes it one of the names of the cloud, before more is changed.
func known(more ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.Custom = &snapshot.Names{Classes: []string{name}, FreeTraits: []string{}}
		for _, change := range more {
			change(s)
		}
	}
}

func flavor(key string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.ServerList[0].Flavor.ExtraSpecs = map[string]string{key: "1"} }
}

func TestUnusedClass(t *testing.T) {
	loud := []string{name}
	checktest.Run(t, unusedclass.Check(), []checktest.Case{
		{Name: "nobody uses it", Change: known(), Want: loud},
		{Name: "a provider offers it", Change: known(func(s *snapshot.Snapshot) { checktest.Offer(s, checktest.Compute, name, 1) })},
		{
			Name: "nothing of it is left to allocate",
			Change: known(func(s *snapshot.Snapshot) {
				checktest.Offer(s, checktest.Compute, name, 0)
			}),
		},
		{
			Name: "it is held although its inventory is gone",
			Change: known(func(s *snapshot.Snapshot) {
				checktest.Hold(s, checktest.Server, checktest.Compute, name, 1)
				delete(s.UsageMap[checktest.Compute], name)
			}),
		},
		{Name: "a flavor asks for it", Change: known(flavor("resources:CUSTOM_GOLD"))},
		{Name: "a group of a flavor asks for it", Change: known(flavor("resources_GPU:CUSTOM_GOLD"))},
		{Name: "a flavor requires a trait of that name", Change: known(flavor("trait:CUSTOM_GOLD")), Want: loud},
	})
}

func TestUnusedClassAtTheSecondLook(t *testing.T) {
	checktest.Run(t, unusedclass.Check(), []checktest.Case{
		{
			Name: "deleted between the looks", Change: known(),
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Customs] = snapshot.Status{Read: true}
				l.Custom = &snapshot.Names{}
			},
		},
	})
}

// Names that could not be read are not none.
func TestUnread(t *testing.T) {
	s, c := checktest.Cloud(), []*check.Check{unusedclass.Check()}
	s.MarkFailed(snapshot.Customs, "503")
	if v := check.Run(s, c, check.Defaults()); v.Complete() || len(v.Findings) != 0 {
		t.Errorf("findings %v, not run %v", v.Findings, v.NotRun)
	}
	known()(s)
	s.MarkRead(snapshot.Customs)
	checktest.LookTwice(s, c...)
	s.Second.Parts[snapshot.Customs] = snapshot.Status{Reason: "503"}
	if v := check.Run(s, c, check.Defaults()); v.Complete() || len(v.Findings) != 0 {
		t.Errorf("second look failed: findings %v, not run %v", v.Findings, v.NotRun)
	}
}
