// SPDX-License-Identifier: Apache-2.0

//go:build lab

// Package soak_test audits a control plane for a long time while servers come, go and move on it.
package soak_test

import (
	"context"
	"fmt"
	"math/rand"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

const (
	prefix = "soak"
	tiny   = "1" // flavors of the lab
	small  = "2"
)

// soak is one run.
type soak struct {
	court
	t          *testing.T
	lab        *live.Lab
	cloud      *live.Cloud
	log        *journal
	image      string
	folder     string // of what is kept
	run        string // its name
	seed       int64
	until      time.Time
	wanted     []string // what has to have come to a good end
	kinds      []string // the audits of the run, as the log calls them
	grace      int
	judgeAfter time.Duration

	// scheduling is held for reading by whoever has a server put on any host.
	scheduling sync.RWMutex
}

// newSoak reads from the environment what to do: PLACEMENT_SOAK_MINUTES (0: the short form, a minute, without evacuations),
// PLACEMENT_SOAK_SEED, PLACEMENT_SOAK_GRACE.
func newSoak(t *testing.T) (s *soak, length time.Duration) {
	t.Helper()
	l := live.Find(t)
	l.Build(t)
	s = &soak{
		t: t, lab: l, cloud: l.Login(t), folder: l.Folder(t, "soak"),
		seed: live.Number(t, "PLACEMENT_SOAK_SEED", time.Now().UnixNano()), kinds: []string{ofAPIs},
	}
	s.pending, s.known, s.verdict = map[string]live.Finding{}, map[string]live.Finding{}, map[string]bool{}
	length, s.grace, s.judgeAfter = time.Minute, 5, 20*time.Second
	if minutes := live.Number(t, "PLACEMENT_SOAK_MINUTES", 0); minutes > 0 {
		length, s.grace, s.judgeAfter = time.Duration(minutes)*time.Minute, 10, time.Minute
	}
	s.grace = int(live.Number(t, "PLACEMENT_SOAK_GRACE", int64(s.grace)))
	s.run = fmt.Sprintf("%s-%s-%d", time.Now().UTC().Format("20060102T150405"), l.Release, s.seed)
	path := filepath.Join(s.folder, s.run+".jsonl")
	s.log, s.image = newJournal(t, path), s.cloud.Image(t)
	t.Logf("PLACEMENT_SOAK_SEED=%d, %s, grace %d s; the log: %s", s.seed, length, s.grace, path)
	return s, length
}

// While servers are created, deleted, resized, confirmed, reverted, shelved, unshelved, live-migrated and evacuated, no audit
// finds anything worse than low that is not still true later, neither from the APIs nor from the databases, and when all is done
// nothing is left but what was true.
func TestLabChurn(t *testing.T) {
	live.ShortIsEnough(t, "PLACEMENT_SOAK_MINUTES", "current")
	s, length := newSoak(t)
	if left := s.quiet("before the churn"); len(left) > 0 {
		t.Fatalf("the lab is not clean before the churn: %+v", left)
	}
	e := &evacuator{soak: s, random: rand.New(rand.NewSource(s.seed - 1))}
	evacuate := length > time.Minute
	s.wanted, s.kinds = []string{"create", "resize", "live-migrate"}, []string{ofAPIs, ofDatabases}
	if evacuate {
		s.wanted = strings.Fields("create delete resize migrate confirm revert live-migrate shelve unshelve evacuate")
		e.prepare(t)
	}
	t.Cleanup(func() { s.deleteServers(context.WithoutCancel(t.Context())) })
	s.until = time.Now().Add(length)
	var busy sync.WaitGroup
	for i := range actors {
		a := &actor{soak: s, name: fmt.Sprint(i), random: rand.New(rand.NewSource(s.seed + int64(i)))}
		busy.Go(func() { a.run(t.Context()) })
	}
	if evacuate {
		busy.Go(func() { e.run(t.Context()) })
	}
	var idle atomic.Bool
	var auditors sync.WaitGroup
	for _, a := range []*auditor{s.fromAPIs(), s.fromDatabases()} {
		auditors.Go(func() { a.audits(t.Context(), &idle) })
	}
	busy.Wait()
	idle.Store(true)
	auditors.Wait()
	s.waiting.Wait()
	s.deleteServers(t.Context())
	s.takeBack(s.settled("after the churn"))
	s.summarize(length)
}

// quiet audits with the default grace and returns the findings worse than low. Those that were not judged yet are judged
// first: of a server that was deleted last the audit does not say for some minutes that it left something.
func (s *soak) quiet(when string) []live.Finding {
	answer, err := s.lab.Audit(s.t.Context(), nil)
	if err != nil || !answer.Complete {
		s.t.Fatalf("%s: %v, %+v", when, err, answer)
	}
	var left []live.Finding
	for _, f := range answer.Findings {
		if !f.Loud() {
			continue
		}
		if !s.judged(f.Fingerprint) {
			s.fromAPIs().judge(s.t.Context(), f, "none")
		}
		if s.judged(f.Fingerprint) {
			left = append(left, f)
		}
	}
	return left
}

// settled is as quiet, once no server that was deleted lately holds anything: until then an audit does not say whether Nova left
// that behind.
func (s *soak) settled(when string) []live.Finding {
	for end := time.Now().Add(15 * time.Minute); ; time.Sleep(10 * time.Second) {
		answer, err := s.lab.Audit(s.t.Context(), nil)
		if err != nil || !answer.Complete {
			s.t.Fatalf("%s: %v, %+v", when, err, answer)
		}
		if !answer.Waits("PLC101", "its server was deleted") {
			return s.quiet(when)
		}
		if time.Now().After(end) {
			s.t.Fatalf("%s: a server that was deleted long ago still counts as deleted lately: %+v", when, answer.Summary.NotJudged)
		}
	}
}

// takeBack empties the consumers that Nova left behind, so that the lab is what it was.
func (s *soak) takeBack(left []live.Finding) {
	for round := 0; len(left) > 0; round++ {
		if round == 3 {
			s.t.Fatalf("still there after it was taken back: %+v", left)
		}
		s.empty(left)
		left = s.quiet("after what Nova left was taken back")
	}
}

func (s *soak) empty(left []live.Finding) {
	for _, f := range left {
		s.log.add(entry{Kind: "note", Fingerprint: f.Fingerprint, Message: "taken back: " + f.Message})
		if err := s.cloud.Hold(s.t.Context(), f.Subject.UUID, nil); err != nil {
			s.t.Errorf("%s: %v", f.Fingerprint, err)
		}
	}
}

// deleteServers deletes all servers of the run, whatever they are doing.
func (s *soak) deleteServers(ctx context.Context) {
	var answer struct{ Servers []live.Server }
	if err := s.cloud.Nova(ctx, http.MethodGet, "/servers/detail?all_tenants=1&name=^"+prefix+"-", nil, &answer); err != nil {
		s.t.Errorf("list the servers of the run: %v", err)
	}
	for _, server := range answer.Servers {
		if err := s.cloud.Delete(ctx, server.ID); err != nil {
			s.t.Errorf("delete server %s: %v", server.ID, err)
		}
	}
	for _, server := range answer.Servers {
		if err := s.cloud.Gone(ctx, server.ID, patience); err != nil {
			s.t.Error(err)
		}
	}
}

// summarize prints what was done and found, and fails the test if that was too little to say anything.
func (s *soak) summarize(length time.Duration) {
	s.t.Logf("SOAK %s, seed %d: %s", length, s.seed, s.log.actions())
	for _, kind := range s.kinds {
		s.t.Logf("SOAK %ss %d (%d incomplete)", kind, s.log.count(kind, ""), s.log.count(kind, "incomplete"))
	}
	s.t.Logf("SOAK findings above low %d, true %d, false %d", s.log.count("finding", ""), s.log.count("verdict", "true"), s.log.count("verdict", "false"))
	s.log.add(entry{Kind: "note", Message: "summary: " + s.log.actions()})
	for _, what := range s.lacks() {
		s.t.Error(what)
	}
}

// lacks says what has to happen still before the run says anything.
func (s *soak) lacks() []string {
	var all []string
	for _, name := range s.wanted {
		if s.log.count(name, "ok") == 0 {
			all = append(all, fmt.Sprintf("no %s came to a good end", name))
		}
	}
	for _, kind := range s.kinds {
		if s.log.count(kind, "complete") < 3 {
			all = append(all, fmt.Sprintf("fewer than three %ss could read everything", kind))
		}
	}
	return all
}

// extra is how much longer than asked for a run may take on a slow machine.
const extra = 10 * time.Minute

// goes reports whether there is more to do.
func (s *soak) goes() bool {
	over := time.Since(s.until)
	return over < 0 || over < extra && len(s.lacks()) > 0
}
