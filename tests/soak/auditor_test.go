// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// court holds the findings worse than low from when they are found until they are gone.
type court struct {
	mutex   sync.Mutex
	pending map[string]live.Finding // by fingerprint, until they are judged
	known   map[string]live.Finding // judged true, until an audit does not find them any more
	verdict map[string]bool         // every verdict of the run
	waiting sync.WaitGroup
}

// held reports whether a finding that waits for its verdict names this server. Such a server is left as it is: what is true
// shall not be repaired by the test.
func (c *court) held(server string) bool { return c.pendingAbout(server) }

// pendingAbout reports whether a finding that waits for its verdict names this.
func (c *court) pendingAbout(word string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, f := range c.pending {
		if strings.Contains(whole(f), word) {
			return true
		}
	}
	return false
}

// judged reports whether a finding was found and judged true.
func (c *court) judged(fingerprint string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.verdict[fingerprint]
}

// take keeps the findings that are new and forgets the true ones that are gone. It returns the new ones.
func (c *court) take(findings []live.Finding) []live.Finding {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var fresh []live.Finding
	seen := map[string]bool{}
	for _, f := range findings {
		seen[f.Fingerprint] = true
		_, waits := c.pending[f.Fingerprint]
		_, known := c.known[f.Fingerprint]
		if f.Loud() && !waits && !known {
			c.pending[f.Fingerprint] = f
			fresh = append(fresh, f)
		}
	}
	for fingerprint := range c.known {
		if !seen[fingerprint] {
			delete(c.known, fingerprint)
		}
	}
	return fresh
}

// rule keeps a verdict.
func (c *court) rule(f live.Finding, holds bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	delete(c.pending, f.Fingerprint)
	c.verdict[f.Fingerprint] = holds
	if holds {
		c.known[f.Fingerprint] = f
	}
}

// whole is all that a finding says.
func whole(f live.Finding) string {
	text, _ := json.Marshal(f)
	return string(text)
}

// audits runs one audit after the other until nobody does anything any more. Each is kept as a snapshot where it found
// something new.
func (s *soak) audits(ctx context.Context, idle *atomic.Bool) {
	for n := 1; !idle.Load(); n++ {
		file := filepath.Join(s.folder, fmt.Sprintf("%s-audit-%d.json", s.run, n))
		start := time.Now()
		answer, err := s.lab.Audit(ctx, map[string]any{"grace": s.grace, "save_snapshot": file})
		line := entry{Kind: "audit", Outcome: "complete", Millis: time.Since(start).Milliseconds()}
		if err != nil {
			line.Outcome, line.Error = "failed", err.Error()
			s.log.add(line)
			s.t.Errorf("audit %d failed: %v", n, err)
			time.Sleep(time.Second)
			continue
		}
		line.Message = answer.Msg
		if !answer.Complete {
			line.Outcome, line.Error = "incomplete", fmt.Sprint(answer.NotRun)
			s.t.Errorf("audit %d could not read everything: %v", n, answer.NotRun)
		}
		fresh := s.take(answer.Findings)
		if len(fresh) > 0 || !answer.Complete {
			line.Snapshot = file
		} else {
			_ = os.Remove(file)
		}
		s.log.add(line)
		for _, f := range fresh {
			s.log.add(entry{Kind: "finding", Fingerprint: f.Fingerprint, Message: f.Message, Evidence: f.Evidence, Snapshot: file})
			s.waiting.Go(func() { s.judge(ctx, f, file) })
		}
	}
}

// judge waits and audits again with the one check. A finding that is gone then was a false alarm, and fails the test.
func (s *soak) judge(ctx context.Context, f live.Finding, file string) {
	time.Sleep(s.judgeAfter)
	answer, err := s.lab.Audit(ctx, map[string]any{"grace": s.grace, "checks": []string{f.ID}})
	if err != nil {
		s.t.Errorf("the audit that judges %s failed: %v", f.Fingerprint, err)
		s.rule(f, false)
		return
	}
	holds := false
	for _, again := range answer.Findings {
		holds = holds || again.Fingerprint == f.Fingerprint
	}
	line := entry{Kind: "verdict", Outcome: "true", Fingerprint: f.Fingerprint, Message: f.Message}
	if !holds {
		line.Outcome = "false"
		s.t.Errorf("false alarm: %s %s\n%s\nsnapshot %s\nwhat was done:\n%s", f.Fingerprint, f.Message, f.Evidence, file, s.log.done(whole(f)))
	} else {
		s.t.Logf("true: %s %s\nwhat was done:\n%s", f.Fingerprint, f.Message, s.log.done(whole(f)))
	}
	s.log.add(line)
	s.rule(f, holds)
}
