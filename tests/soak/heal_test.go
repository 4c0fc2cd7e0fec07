// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"path/filepath"
	"regexp"
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
	w := s.newWitness()
	healer.Go(func() { s.heals(made, &idle) })
	healer.Go(func() { w.watch(&idle) })
	busy.Wait()
	idle.Store(true)
	healer.Wait()
	w.judge(made)
	s.deleteServers(t.Context())
	for _, f := range s.settled("after the churn") {
		if made[f.Subject.UUID] {
			t.Errorf("not healed: %s", f.Message)
		}
	}
	if len(made) == 0 {
		t.Error("no fault was made")
	}
	for _, what := range s.lacks() {
		t.Error(what)
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
	maps.DeleteFunc(providers, func(name, _ string) bool { return !regexp.MustCompile(`^cn[1-6]$`).MatchString(name) })
	names := slices.Sorted(maps.Keys(providers))
	journal := filepath.Join(s.t.TempDir(), "own", "journal")
	last := false
	for n := 0; !last; n++ {
		last = idle.Load()
		at := providers[names[n%len(names)]]
		if n%3 == 2 {
			at = s.abandoned(n, made)
		}
		orphan := live.UUID()
		held := live.Share{Resources: map[string]int{"VCPU": 1, "MEMORY_MB": 64}}
		if err := s.cloud.Hold(s.t.Context(), orphan, map[string]live.Share{at: held}); err != nil {
			s.t.Logf("no fault on %s: %v", at, err) // it is full
			time.Sleep(time.Second)
			continue
		}
		made[orphan] = true
		s.healOnce(journal, made)
	}
}

// abandoned makes a resource provider of a host that there is not, and returns its UUID.
func (s *soak) abandoned(n int, made map[string]bool) string {
	uuid, path := live.UUID(), "/resource_providers"
	one := map[string]any{"total": 8, "max_unit": 8}
	err := s.cloud.Placement(s.t.Context(), "POST", path, map[string]any{"uuid": uuid, "name": fmt.Sprintf("%s-gone-%d", prefix, n)}, nil)
	if err == nil {
		made[uuid] = true
		err = s.cloud.Placement(s.t.Context(), "PUT", path+"/"+uuid+"/inventories", map[string]any{
			"resource_provider_generation": 0, "inventories": map[string]any{"VCPU": one, "MEMORY_MB": map[string]any{"total": 512, "max_unit": 512}},
		}, nil)
	}
	if err == nil {
		err = s.cloud.Placement(s.t.Context(), "PUT", path+"/"+uuid+"/traits", map[string]any{
			"resource_provider_generation": 1, "traits": []string{"COMPUTE_NODE"},
		}, nil)
	}
	if err != nil {
		s.t.Error(err)
	}
	return uuid
}

func (s *soak) healOnce(journal string, made map[string]bool) {
	var h healed
	err := s.lab.Module(s.t.Context(), "placement_heal", map[string]any{
		"journal": journal, "grace": s.grace, "max_changes": 100, "max_share": 1,
	}, &h)
	if err != nil || h.Failed {
		s.t.Errorf("heal: %v %s", err, h.Msg)
	} else {
		s.log.add(entry{Kind: ofAPIs, Outcome: "complete", Message: h.Msg})
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
