// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// healed is what placement_heal returned.
type healed struct {
	Failed bool   `json:"failed"`
	Msg    string `json:"msg"`
	Steps  []struct {
		Finding string `json:"finding"`
		What    string `json:"what"`
		State   string `json:"state"`
		Reason  string `json:"reason"`
	} `json:"steps"`
}

// While servers come, go and move, placement_heal runs in a loop on faults that are made meanwhile. It heals all of those, and
// writes nothing that a server holds. It runs in the long form alone.
func TestLabChurnHealed(t *testing.T) {
	if live.Number(t, "PLACEMENT_SOAK_MINUTES", 0) == 0 {
		t.Skip("PLACEMENT_SOAK_MINUTES is not set")
	}
	s, length := newSoak(t)
	if left := s.quiet("before the churn"); len(left) > 0 {
		t.Fatalf("the lab is not clean before the churn: %+v", left)
	}
	s.wanted = []string{"create", "resize", "live-migrate"}
	t.Cleanup(func() { s.deleteServers(context.WithoutCancel(t.Context())) })
	s.until = time.Now().Add(length)
	var busy, healer sync.WaitGroup
	for i := range actors {
		a := &actor{soak: s, name: fmt.Sprint(i), random: rand.New(rand.NewSource(s.seed + int64(i)))}
		busy.Go(func() { a.run(t.Context()) })
	}
	var idle atomic.Bool
	made := map[string]bool{}
	healer.Go(func() { s.heals(made, &idle) })
	busy.Wait()
	idle.Store(true)
	healer.Wait()
	s.deleteServers(t.Context())
	for _, f := range s.quiet("after the churn") {
		if made[f.Subject.UUID] {
			t.Errorf("not healed: %s", f.Message)
		}
	}
	t.Logf("SOAK %s, seed %d: %d faults made and healed; %s", length, s.seed, len(made), s.log.actions())
}

// heals makes a fault and has it healed, until all is quiet, and once more then.
func (s *soak) heals(made map[string]bool, idle *atomic.Bool) {
	providers, err := s.cloud.Providers(s.t.Context())
	if err != nil {
		s.t.Error(err)
		return
	}
	names := slices.Sorted(maps.Keys(providers))
	journal := filepath.Join(s.t.TempDir(), "own", "journal")
	for last := false; !last; {
		last = idle.Load()
		orphan := live.UUID()
		host := names[len(made)%len(names)]
		held := live.Share{Resources: map[string]int{"VCPU": 1, "MEMORY_MB": 64}}
		if err := s.cloud.Hold(s.t.Context(), orphan, map[string]live.Share{providers[host]: held}); err != nil {
			s.t.Logf("no fault on %s: %v", host, err) // it is full, or is no host
			continue
		}
		made[orphan] = true
		s.healOnce(journal, made)
	}
}

func (s *soak) healOnce(journal string, made map[string]bool) {
	var h healed
	err := s.lab.Module(s.t.Context(), "placement_heal", map[string]any{
		"journal": journal, "grace": s.grace, "max_changes": 100, "max_share": 1,
	}, &h)
	if err != nil || h.Failed {
		s.t.Errorf("heal: %v %s", err, h.Msg)
	}
	for _, step := range h.Steps {
		uuid := step.Finding[strings.LastIndex(step.Finding, ":")+1:]
		s.log.add(entry{Kind: "note", Fingerprint: step.Finding, Message: step.State + ": " + step.What + " " + step.Reason})
		if step.State != "by hand" && !made[uuid] && !s.left(uuid) {
			s.t.Errorf("%s of what nobody broke: %s: %s %s", step.State, step.Finding, step.What, step.Reason)
		}
	}
}

// left reports whether a consumer is neither a server nor anything that Nova still works on: Nova left it behind.
func (s *soak) left(uuid string) bool {
	_, there, err := s.cloud.Server(s.t.Context(), uuid)
	return err == nil && !there
}
