// SPDX-License-Identifier: Apache-2.0

package stucktask_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/stucktask"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const move = "70000000-0000-4000-8000-000000000001"

// task gives the server a task since then.
func task(name string, age time.Duration) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		server := &s.ServerList[0]
		server.TaskState, server.Created, server.Updated = name, checktest.Taken().AddDate(0, -1, 0), checktest.Taken().Add(-age)
	}
}

// ended adds a move that ended in that state since then.
func ended(status string, age time.Duration) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{
			UUID: move, ServerUUID: checktest.Server, Type: "live-migration", Status: status, SourceHost: "cn1", DestHost: "cn2",
			Updated: checktest.Taken().Add(-age),
		}}
	}
}

func both(changes ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for _, change := range changes {
			change(s)
		}
	}
}

func TestStuckTask(t *testing.T) {
	const day = 24 * time.Hour
	server := []string{checktest.Server}
	checktest.Run(t, stucktask.Check(), []checktest.Case{
		{Name: "for two days", Change: task("powering-off", 2*day), Want: server},
		{Name: "for an hour", Change: task("powering-off", time.Hour)},
		{Name: "its move ended days ago", Change: both(task("migrating", 9*day), ended("completed", 2*day)), Want: server},
		{Name: "its move ended an hour ago", Change: both(task("migrating", 9*day), ended("completed", time.Hour))},
		{Name: "its move is in progress", Change: both(task("migrating", 9*day), ended("running", 2*day))},
		{Name: "it is being built", Change: both(task("spawning", 2*day), func(s *snapshot.Snapshot) { s.ServerList[0].Status = "BUILD" })},
		{Name: "its cell does not answer", Change: both(task("x", 2*day), func(s *snapshot.Snapshot) { s.ServerList[0].Status = openstack.Unknown })},
		{
			Name: "the task ends between the looks", Change: task("powering-off", 2*day),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].TaskState = "" },
		},
	})
}

func TestWords(t *testing.T) {
	s, c := checktest.Cloud(), stucktask.Check()
	both(task("migrating", 99*time.Hour), ended("completed", 48*time.Hour))(s)
	checktest.Hold(s, move, checktest.Compute, "VCPU", 3)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	for _, want := range []string{"on host cn1 has been migrating for 48h0m0s", "VCPU 1 on cn1", move + " from cn1 to cn2, is completed and holds VCPU 3"} {
		if !strings.Contains(f.Message, want) {
			t.Errorf("%q does not say %q", f.Message, want)
		}
	}
	if f.Evidence["host"] != "cn1" || f.Evidence["task_state"] != "migrating" || f.Evidence["since"] != checktest.Taken().Add(-48*time.Hour) {
		t.Errorf("evidence %v", f.Evidence)
	}
	if !strings.Contains(f.Remedy.Text, "on which of cn1 and cn2 server s1 ("+checktest.Server+") runs") || f.Remedy.Command == "" {
		t.Errorf("remedy %+v", f.Remedy)
	}
	s = checktest.Cloud()
	both(task("migrating", 99*time.Hour), ended("completed", 48*time.Hour))(s)
	s.ServerList[0].VMState = "paused"
	checktest.LookTwice(s, c)
	f = check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	if !strings.Contains(f.Remedy.Text, "Nova can't unpause it after a reset") || f.Remedy.Command != "" {
		t.Errorf("remedy for a paused server: %+v", f.Remedy)
	}
}

// A nova-compute that starts ends some tasks and not others.
func TestRemedy(t *testing.T) {
	const restart, reset = "Restart nova-compute on cn1", "openstack server set --state active " + checktest.Server
	for _, tc := range []struct{ task, vm, text, command string }{
		{"image_uploading", "active", restart, reset},
		{"rebuild_spawning", "active", restart, reset},
		{"deleting", "active", restart, ""},
		{"shelving", "active", "Make sure", reset},
		{"image_uploading", "error", "Make sure", "openstack server set --state error " + checktest.Server},
		{"shelving_offloading", "shelved", "Keep the state of server", ""},
		{"resuming", "suspended", "once that is reset, Nova can't resume it", ""},
		{"unrescuing", "rescued", "once that is reset, Nova can't unrescue it", ""},
		{"attaching_volume", "paused", "and audit again", ""},
		{"shelving", "suspended", "and audit again", ""},
		{"unrescuing", "rescued", "and then unrescue it again", ""},
		{"unpausing", "paused", restart, ""},
		{"powering-on", "stopped", restart, reset},
	} {
		s, c := checktest.Cloud(), stucktask.Check()
		task(tc.task, 48*time.Hour)(s)
		s.ServerList[0].VMState = tc.vm
		checktest.LookTwice(s, c)
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if !strings.Contains(r.Text, tc.text) || r.Command != tc.command || !strings.Contains(r.Text, checktest.Server) {
			t.Errorf("%s: %+v", tc.task, r)
		}
	}
}

// Nobody's log is named for a server on no host, and one that is shelved stays so.
func TestOnNoHost(t *testing.T) {
	reset := "openstack server set --state error " + checktest.Server
	for _, tc := range []struct{ task, vm, text, command string }{
		{"spawning", "shelved_offloaded", "task_state to NULL", ""},
		{"unshelving", "shelved_offloaded", "task_state to NULL", ""},
		{"deleting", "shelved_offloaded", "delete the server again", reset},
		{"soft-deleting", "error", "delete the server again", reset},
		{"scheduling", "error", "log of nova-conductor", reset},
	} {
		s, c := checktest.Cloud(), stucktask.Check()
		task(tc.task, 48*time.Hour)(s)
		s.ServerList[0].VMState, s.ServerList[0].Host, s.ServerList[0].Node = tc.vm, "", ""
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		if !strings.Contains(f.Message, "on no host has been "+tc.task) || !strings.Contains(f.Remedy.Text, checktest.Server) ||
			!strings.Contains(f.Remedy.Text, tc.text) || strings.Contains(f.Remedy.Text, "nova-compute") || f.Remedy.Command != tc.command {
			t.Errorf("%s: %s %+v", tc.task, f.Message, f.Remedy)
		}
	}
}
