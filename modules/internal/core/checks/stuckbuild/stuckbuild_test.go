// SPDX-License-Identifier: Apache-2.0

package stuckbuild_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/stuckbuild"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// building has the server in BUILD on a host, or on none, since then.
func building(host string, age time.Duration) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		server := &s.ServerList[0]
		server.Status, server.VMState, server.Host, server.Node, server.LaunchedAt = "BUILD", "building", host, host, nil
		server.Created, server.Updated = checktest.Taken().Add(-age-time.Hour), checktest.Taken().Add(-age)
	}
}

func TestStuckBuild(t *testing.T) {
	const long = 48 * time.Hour
	server := []string{checktest.Server}
	checktest.Run(t, stuckbuild.Check(), []checktest.Case{
		{Name: "for two days on a host", Change: building("cn1", long), Want: server},
		{Name: "for two days on no host", Change: building("", long), Want: server},
		{Name: "and holds nothing", Change: func(s *snapshot.Snapshot) {
			building("", long)(s)
			checktest.Release(s, checktest.Server)
		}, Want: server},
		{Name: "for a minute on no host", Change: building("", time.Minute), NotJudged: server},
		{Name: "for a minute on a host", Change: building("cn1", time.Minute)},
		{
			Name: "it is built between the looks", Change: building("cn1", long),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Status = "ACTIVE" },
		},
	})
}

func TestWords(t *testing.T) {
	s, c := checktest.Cloud(), stuckbuild.Check()
	building("", 48*time.Hour)(s)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	if !strings.Contains(f.Message, "on no host has been building for 48h0m0s, and holds DISK_GB 20 on ceph") {
		t.Error(f.Message)
	}
	if f.Remedy.Command != "openstack server delete "+checktest.Server || !strings.Contains(f.Remedy.Text, checktest.Server) {
		t.Errorf("%+v", f.Remedy)
	}
}
