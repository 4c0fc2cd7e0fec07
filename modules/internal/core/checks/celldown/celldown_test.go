// SPDX-License-Identifier: Apache-2.0

package celldown_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/celldown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func silent(s *snapshot.Snapshot) {
	s.ServiceList = append(s.ServiceList,
		openstack.ComputeService{Binary: "nova-compute", Host: "cn6", Status: "UNKNOWN"},
		openstack.ComputeService{Binary: "nova-conductor", Host: "cn6", Status: "UNKNOWN"})
}

func TestCellDown(t *testing.T) {
	checktest.Run(t, celldown.Check(), []checktest.Case{
		{Name: "services are UNKNOWN", Change: silent, Want: []string{""}},
		{Name: "a service is down", Change: func(s *snapshot.Snapshot) { s.ServiceList[0].State = "down" }},
		{
			Name: "it answers at the second look", Change: silent,
			Between: func(l *snapshot.Look) { l.Services = l.Services[:1] },
		},
	})
}
