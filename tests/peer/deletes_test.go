// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// tries makes the state of a trial: one of a kind, or one of those that are here alone.
func (s *state) tries(one trial) {
	s.take(nil)
	switch one.name {
	case "cell-down":
		s.lab.Command(s.t, "seed", "cell-down")
	case "two-names":
		twoNames(s)
	case "one-name":
		oneName(s)
	default:
		s.t.Logf("%+v", makers()[one.name](s, ""))
	}
}

// after brings back what can't be restored by requests.
func (s *state) after(one trial) {
	if one.name == "cell-down" {
		s.lab.Command(s.t, "unseed", "cell-down")
	}
}

// twoNames has a live server's allocation on what is left of its host by another name.
func twoNames(s *state) {
	server := s.serverInCell1()
	host, had := s.only(server)
	name, _, _ := strings.Cut(s.called(host), " ")
	root := s.computeRoot(name+".example.org", "VCPU", "MEMORY_MB", "DISK_GB")
	s.hold(server, map[string]live.Share{root: had})
}

// oneName gives two compute nodes one name, as two machines called localhost have.
func oneName(s *state) {
	s.change("nova_cell1.compute_nodes", "hypervisor_hostname = 'cn3' AND deleted = 0", "hypervisor_hostname = 'cn4'", "hypervisor_hostname")
}

// What nova-manage does to live servers in states like those of docs/peers.md, and what placement_heal does in the same.
func TestLabPeerDeletes(t *testing.T) {
	if live.Number(t, "PLACEMENT_PEER_HEAL", 0) == 0 {
		t.Skip("PLACEMENT_PEER_HEAL is not set")
	}
	b := newBench(t, 1)
	for _, one := range trials() {
		t.Run(one.name+" nova-manage", func(t *testing.T) { newState(t, b).deletes(one) })
		t.Run(one.name+" heal", func(t *testing.T) { newState(t, b).healsOne(one) })
	}
}

// deletes has nova-manage repair.
func (s *state) deletes(one trial) {
	was := s.broken(one)
	s.command("placement", "audit", "--verbose", "--delete")
	s.after(one)
	deleted := s.tell("audit --delete", was)
	s.command("placement", "heal_allocations")
	for uuid := range s.differ(was) {
		s.command("placement", "heal_allocations", "--force", "--instance", uuid)
	}
	healed := s.tell("heal_allocations", was)
	if taken := len(deleted) > 0; taken != one.takes || taken && one.gives != (len(healed) == 0) {
		s.t.Errorf("it took %v and left %v", deleted, healed)
	}
}

// broken makes a state, and returns what was held in it before one that is made without Placement.
func (s *state) broken(one trial) placement {
	s.t.Helper()
	s.tries(one)
	was, err := s.read(s.ctx)
	s.must(err)
	return was
}

// command runs nova-manage. It ends with other codes than 0 for what it finds.
func (s *state) command(words ...string) {
	s.t.Helper()
	out, err := exec.CommandContext(s.ctx, s.lab.NovaManage, words...).CombinedOutput()
	s.t.Logf("nova-manage %s: %v\n%s", strings.Join(words, " "), err, out)
}

// differ says of each server that holds something else than before what that is.
func (s *state) differ(was placement) map[string]string {
	s.t.Helper()
	now, err := s.read(s.ctx)
	s.must(err)
	all := map[string]string{}
	for uuid, v := range s.servers() {
		if held := was.held[uuid]; !reflect.DeepEqual(held, now.held[uuid]) {
			all[uuid] = fmt.Sprintf("%s on %q held %s and holds %s", v.Name, v.Host, s.shares(held, was), s.shares(now.held[uuid], now))
		}
	}
	return all
}

// tell lists what servers hold otherwise than before.
func (s *state) tell(after string, was placement) []string {
	s.t.Helper()
	all := slices.Sorted(maps.Values(s.differ(was)))
	s.t.Logf("DELETES %s, %d servers hold something else: %s", after, len(all), strings.Join(all, "; "))
	return all
}

// shares names the providers of what is held.
func (s *state) shares(held map[string]live.Share, in placement) string {
	var all []string
	for uuid, share := range held {
		all = append(all, fmt.Sprintf("%v of %s", share.Resources, in.providers[uuid].Name))
	}
	slices.Sort(all)
	return "[" + strings.Join(all, ", ") + "]"
}

// healsOne has placement_heal repair: no server loses anything.
func (s *state) healsOne(one trial) {
	servers := s.servers()
	was := s.broken(one)
	if one.name != "cell-down" {
		servers = s.servers()
	}
	var h healing
	s.must(s.lab.Module(s.ctx, "placement_heal", map[string]any{
		"journal": filepath.Join(s.t.TempDir(), "own", "journal"), "grace": 1, "max_changes": 1000, "max_share": 1, "wait": 60,
	}, &h))
	s.t.Logf("DELETES placement_heal: %s", h.Msg)
	for _, step := range h.Steps {
		s.t.Logf("%s %s: %s %s", step.State, step.Finding, step.What, step.Reason)
	}
	s.after(one)
	s.tell("placement_heal", was)
	now, err := s.read(s.ctx)
	s.must(err)
	s.alive(servers, was, now)
}
