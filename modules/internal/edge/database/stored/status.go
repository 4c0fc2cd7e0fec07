// SPDX-License-Identifier: Apache-2.0

package stored

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Statuses keeps the status of each pair of state and task once it was looked up: the servers of a cloud have few.
type Statuses map[[2]string]string

// Of returns what Nova's API shows for a state and a task; [openstack.Unknown] for a state that this version does not know.
func (s Statuses) Of(vmState, task string) string {
	key := [2]string{vmState, task}
	if _, known := s[key]; !known {
		s[key] = status(vmState, task)
	}
	return s[key]
}

// status is what Nova's API shows (nova/api/openstack/common.py, status_from_state).
func status(vmState, task string) string {
	for line := range strings.Lines(statuses) {
		if words := strings.Fields(line); words[0] == vmState {
			return duringTask(words[1], words[2:], task)
		}
	}
	return openstack.Unknown
}

// duringTask is the status of a state during a task: the usual one, unless one of the pairs of status and tasks has the task.
func duringTask(usual string, pairs []string, task string) string {
	for _, pair := range pairs {
		status, tasks, _ := strings.Cut(pair, "=")
		if slices.Contains(strings.Split(tasks, ","), task) {
			return status
		}
	}
	return usual
}

// statuses has a line for each state: the usual status, and others by task.
const statuses = `active ACTIVE REBOOT=rebooting,reboot_pending,reboot_started HARD_REBOOT=rebooting_hard,reboot_pending_hard,reboot_started_hard PASSWORD=updating_password REBUILD=rebuilding,rebuild_block_device_mapping,rebuild_spawning MIGRATING=migrating RESIZE=resize_prep,resize_migrating,resize_migrated,resize_finish
building BUILD
stopped SHUTOFF RESIZE=resize_prep,resize_migrating,resize_migrated,resize_finish REBUILD=rebuilding,rebuild_block_device_mapping,rebuild_spawning
resized VERIFY_RESIZE REVERT_RESIZE=resize_reverting
paused PAUSED MIGRATING=migrating
suspended SUSPENDED
rescued RESCUE
error ERROR REBUILD=rebuilding,rebuild_block_device_mapping,rebuild_spawning
deleted DELETED
soft-delete SOFT_DELETED
shelved SHELVED
shelved_offloaded SHELVED_OFFLOADED
`
