// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Tasks that stand still on servers that are shelved or on no host.
func TestLabProvokedTasks(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b := benchOf(t)
	b.boot(map[string]string{ours + "offloading": "cn1", ours + "unshelving": "cn2", ours + "vanishing": "cn3", ours + "homeless": "cn4"})
	for _, name := range []string{"unshelving", "vanishing", "homeless"} {
		b.act(ours+name, "shelve", nil)
	}
	for _, name := range []string{"unshelving", "vanishing", "homeless"} {
		b.settle(ours+name, "SHELVED_OFFLOADED")
	}
	b.provoke(taskFaults(), map[string]any{"stuck_after": 3600})
	b.terminal.Type(t, "openstack server unshelve "+b.server[ours+"unshelving"].ID) // which it could not if it had another state
	b.settle(ours+"unshelving", "ACTIVE")
}

// taskFaults are of tasks that no nova-compute ends. The servers are those of TestLabProvokedTasks.
func taskFaults() []provocation {
	return []provocation{
		stuck("PLC504", "offloading", "vm_state='shelved', task_state='shelving_offloading'"),
		stuck("PLC504", "unshelving", "task_state='unshelving'"),
		stuck("PLC504", "vanishing", "task_state='deleting'"),
		stuck("PLC504", "homeless", "vm_state='error', task_state='rebuilding'"),
	}
}

// endTask sets the task of a server to NULL in the cell's database.
func endTask(o *operator, f check.Finding) {
	o.t.Helper()
	o.query("UPDATE nova_cell1.instances SET task_state=NULL WHERE uuid='" + f.Subject.UUID + "'")
}

// offloadAgain ends the task of a shelved server, and offloads it.
func offloadAgain(o *operator, f check.Finding) {
	o.t.Helper()
	endTask(o, f)
	o.run1("openstack server shelve --offload " + f.Subject.UUID)
	o.settle(o.nameOf(f.Subject.UUID), "SHELVED_OFFLOADED")
}

// deleteAgain ends the task of a server, and deletes it.
func deleteAgain(o *operator, f check.Finding) {
	o.t.Helper()
	name := o.nameOf(f.Subject.UUID)
	o.run1(f.Remedy.Command)
	o.run1("openstack server delete " + f.Subject.UUID)
	o.until("end of "+name, func() bool { return o.servers()[name].ID == "" })
}
