// SPDX-License-Identifier: Apache-2.0

// Package stucktask finds servers with a task that has been under way for too long (PLC504).
package stucktask

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC504.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC504", Name: "stuck-task", Severity: check.Medium, Subject: check.OfServer,
		Title: "A server has had the same task for longer than stuck_after, and no move of it is in progress.",
		Doc: check.Doc{
			Meaning: "Nova refuses most requests for the server while it has the task. heal_allocations and nova-compute pass " +
				"over it, so nothing corrects what it holds in Placement. The option stuck_after sets how long is too long; the " +
				"default is a day.",
			Causes: "A nova-compute that died while it worked on the server, a queue that lost a message, a live migration that was aborted " +
				"or that ended without its last step.",
			ByHand: "openstack server show SERVER -c OS-EXT-STS:task_state -c updated\n" +
				"openstack --os-compute-api-version 2.59 server migration list --server SERVER",
			Remedy: "Make sure that nothing works on the server any longer. A nova-compute that starts ends many tasks of the " +
				"servers on its host: snapshots, rebuilds, reboots, powering on and off, deletions. Otherwise end the task:\n" +
				"openstack server set --state active SERVER\n" +
				"After a live migration find out first on which host the server runs, then audit again. Do not reset the state of a " +
				"shelved server: it would no longer count as shelved, and an offloaded one could not be unshelved. Set its task_state to NULL in the " +
				"table instances of the cell's database.",
			Never: "Builds (PLC505); servers of which a move is in progress (PLC502); servers of a cell that does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Servers, snapshot.Migrations},
		Wants:  []snapshot.Part{snapshot.Providers, snapshot.Allocations},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		own := check.Fingerprint("PLC504", check.OfServer, server.UUID)
		if server.Status != openstack.Unknown && slices.Contains(p.Stuck(server), own) {
			report(p, server)
		}
	}
}

func report(p *check.Pass, server openstack.Server) {
	since := p.Snapshot.Since(server)
	age := p.Snapshot.TakenAt.Sub(since)
	where := "no host"
	if server.Host != "" {
		where = "host " + server.Host
	}
	message := fmt.Sprintf("server %s (%s) on %s has been %s for %s", server.Name, server.UUID, where, server.TaskState,
		age.Round(time.Minute))
	evidence := check.ServerEvidence(map[string]any{
		"vm_state": server.VMState, "since": since, "age": age.Seconds(), "stuck_after": p.Settings.StuckAfter.Seconds(),
	}, server)
	if held := check.HeldAnywhere(p.Snapshot, server.UUID); len(held) > 0 {
		message += "; it holds " + check.Holdings(p.Snapshot, held)
		evidence["allocations"], evidence["consumer_generation"] = check.HeldEvidence(p.Snapshot, held), check.Generation(held)
	}
	last, moved := lastMove(p.Snapshot, server.UUID)
	if moved {
		message += fmt.Sprintf("; its last move, %s %s from %s to %s, is %s", last.Type, last.UUID, last.SourceHost, last.DestHost, last.Status)
		evidence["migration_uuid"], evidence["migration_status"] = last.UUID, last.Status
		evidence["source_host"], evidence["dest_host"] = last.SourceHost, last.DestHost
		if held := check.HeldAnywhere(p.Snapshot, last.UUID); len(held) > 0 {
			message += " and holds " + check.Holdings(p.Snapshot, held)
			evidence["migration_allocations"] = check.HeldEvidence(p.Snapshot, held)
		}
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name}, Message: message, Evidence: evidence,
		Remedy:  p.Reachable(server, remedy(server, last)),
		Stamp:   fmt.Sprint(server.TaskState, server.Host, since),
		Because: p.Unmapped(server),
	})
}

func lastMove(s *snapshot.Snapshot, server string) (openstack.Migration, bool) {
	var last openstack.Migration
	for _, m := range s.MigrationsOf(server) {
		if last.UUID == "" || m.Since().After(last.Since()) {
			last = m
		}
	}
	return last, last.UUID != ""
}

func remedy(server openstack.Server, last openstack.Migration) check.Remedy {
	state, who := "active", check.Named(server.Name, server.UUID)
	if server.Host == "" || server.VMState == "error" {
		state = "error"
	}
	end := foreign.Command("openstack server set --state %s %s", state, server.UUID)
	switch {
	case server.TaskState == "migrating" && last.UUID != "":
		how := "end the task"
		if lost(server.VMState) != "" {
			how, end = fmt.Sprintf("set its task_state to NULL in the table instances of the cell's database (Nova can't %s it after a reset)",
				lost(server.VMState)), ""
		}
		return check.Remedy{
			Text: fmt.Sprintf("Find out on which of %s and %s server %s runs (virsh list --all). Nova has it on %s. If it runs there, %s "+
				"and audit again. If it does not, first correct its host and node in the cell's database: Nova would start it a second "+
				"time", last.SourceHost, last.DestHost, who, server.Host, how),
			Command: end,
		}
	case server.TaskState == "deleting" && server.Host != "":
		return check.Remedy{Text: fmt.Sprintf("Restart nova-compute on %s: when it starts, it finishes the deletion of server %s", server.Host,
			who)}
	case server.Host == "":
		return hostless(server, end)
	case lost(server.VMState) != "" && (server.VMState == "shelved" || !restarted(server)):
		then := "audit again"
		if action := again(server.TaskState); action != "" {
			then = "then " + action + " it again"
		}
		return check.Remedy{Text: fmt.Sprintf("Keep the state of server %s: once that is reset, Nova can't %s it. Make sure in the log of "+
			"nova-compute on %s that nothing works on it any more. Set its task_state to NULL in the table instances of the cell's database, "+
			"and %s", who, lost(server.VMState), server.Host, then)}
	case lost(server.VMState) != "":
		return check.Remedy{Text: fmt.Sprintf("Restart nova-compute on %s: when it starts, it ends the task of server %s or tries it again. Do "+
			"not reset the state of the server: Nova can't %s it after a reset", server.Host, who, lost(server.VMState))}
	case restarted(server):
		return check.Remedy{
			Text: fmt.Sprintf("Restart nova-compute on %s: when it starts, it ends the task of server %s or tries it again. If it can't be "+
				"restarted, make sure that nothing works on the server any more, and end the task", server.Host, who),
			Command: end,
		}
	}
	return check.Remedy{
		Text: fmt.Sprintf("Make sure in the log of nova-compute on %s that nothing works on server %s any more. Then end the task, and audit "+
			"again", server.Host, who),
		Command: end,
	}
}

// lost is what Nova could do no more with a server of this state if its state were set to active, the only one but error that can be
// set; empty if nothing would be lost. A stopped server is stopped again (nova/compute/manager.py, _sync_instance_power_state).
func lost(vmState string) string {
	return map[string]string{"shelved": "offload or unshelve", "paused": "unpause", "suspended": "resume", "rescued": "unrescue"}[vmState]
}

// again is what to ask for once more where a task of this name did not end.
func again(task string) string {
	return map[string]string{
		"shelving_offloading": "offload", "unshelving": "unshelve", "unpausing": "unpause", "resuming": "resume", "unrescuing": "unrescue",
	}[task]
}

// hostless is the remedy for a server that no nova-compute has. Nova sets a server to active or error only: either ends its being
// shelved, and nothing unshelves it then (nova/compute/api.py, unshelve).
func hostless(server openstack.Server, end string) check.Remedy {
	who := check.Named(server.Name, server.UUID)
	switch {
	case strings.HasSuffix(server.TaskState, "deleting"):
		return check.Remedy{
			Text:    fmt.Sprintf("End the task of server %s, which is on no host, and delete the server again", who),
			Command: end,
		}
	case server.VMState == "shelved_offloaded":
		return check.Remedy{Text: fmt.Sprintf("Keep the state of server %s: Nova can't unshelve it after a reset. Make sure in "+
			"the log of nova-conductor that nothing works on it any more. Then set its task_state to NULL in the table instances of the cell's "+
			"database, and audit again", who)}
	}
	return check.Remedy{
		Text:    fmt.Sprintf("Make sure in the log of nova-conductor that nothing works on server %s any more. Then end the task", who),
		Command: end,
	}
}

// restarted reports whether a nova-compute that starts ends the task (nova/compute/manager.py, _init_instance).
func restarted(server openstack.Server) bool {
	if server.Host == "" || server.VMState == "error" {
		return false
	}
	return slices.Contains([]string{
		"image_snapshot", "image_snapshot_pending", "image_pending_upload", "image_uploading", "resize_prep", "resize_migrating",
		"powering-off", "powering-on", "pausing", "unpausing",
	}, server.TaskState) || strings.HasPrefix(server.TaskState, "reboot") || strings.HasPrefix(server.TaskState, "rebuild")
}
