// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// court holds the findings worse than low from when they are found until they are gone. What two auditors find is two findings.
type court struct {
	mutex   sync.Mutex
	pending map[string]live.Finding // by auditor and fingerprint, until they are judged
	known   map[string]live.Finding // judged true, until an audit of that auditor does not find them any more
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

// take keeps the findings of an auditor that are new and forgets the true ones that are gone. It returns the new ones.
func (c *court) take(auditor string, findings []live.Finding) []live.Finding {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var fresh []live.Finding
	seen := map[string]bool{}
	for _, f := range findings {
		name := nameOf(auditor, f.Fingerprint)
		seen[name] = true
		_, waits := c.pending[name]
		_, known := c.known[name]
		if f.Loud() && !waits && !known {
			c.pending[name] = f
			fresh = append(fresh, f)
		}
	}
	for name := range c.known {
		if strings.HasPrefix(name, nameOf(auditor, "")) && !seen[name] {
			delete(c.known, name)
		}
	}
	return fresh
}

// nameOf is what the court calls a finding of an auditor.
func nameOf(auditor, fingerprint string) string { return auditor + " " + fingerprint }

// rule keeps a verdict on what an auditor has found.
func (c *court) rule(auditor string, f live.Finding, holds bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	name := nameOf(auditor, f.Fingerprint)
	delete(c.pending, name)
	c.verdict[f.Fingerprint] = holds
	if holds {
		c.known[name] = f
	}
}

// whole is all that a finding says.
func whole(f live.Finding) string {
	text, _ := json.Marshal(f)
	return string(text)
}

// The auditors, as the log calls their audits.
const (
	ofAPIs      = "audit"
	ofDatabases = "database-audit"
)

// auditor reads the cloud from one source.
type auditor struct {
	*soak

	kind  string         // of its lines in the log
	from  map[string]any // options that say where it reads; none for the APIs
	pause time.Duration  // after each audit
}

func (s *soak) fromAPIs() *auditor { return &auditor{soak: s, kind: ofAPIs} }

// fromDatabases is the auditor that reads the databases. Its audits are short: it leaves the machine to the others between them.
func (s *soak) fromDatabases() *auditor {
	return &auditor{soak: s, kind: ofDatabases, from: s.lab.Databases(), pause: time.Second}
}

// audit runs one audit of its source.
func (a *auditor) audit(ctx context.Context, options map[string]any) (*live.Audit, error) {
	maps.Copy(options, a.from)
	options["grace"] = a.grace
	return a.lab.Audit(ctx, options)
}

// audits runs one audit after the other until nobody does anything any more. Each is kept as a snapshot where it found
// something new.
func (a *auditor) audits(ctx context.Context, idle *atomic.Bool) {
	for n := 1; !idle.Load(); n++ {
		file := filepath.Join(a.folder, fmt.Sprintf("%s-%s-%d.json", a.run, a.kind, n))
		start := time.Now()
		answer, err := a.audit(ctx, map[string]any{"save_snapshot": file})
		line := entry{Kind: a.kind, Outcome: "complete", Millis: time.Since(start).Milliseconds()}
		if err != nil {
			line.Outcome, line.Error = "failed", err.Error()
			a.log.add(line)
			a.t.Errorf("%s %d failed: %v", a.kind, n, err)
			time.Sleep(time.Second)
			continue
		}
		line.Message = answer.Msg
		if !answer.Complete {
			line.Outcome, line.Error = "incomplete", fmt.Sprint(answer.NotRun)
			a.t.Errorf("%s %d could not read everything: %v", a.kind, n, answer.NotRun)
		}
		fresh := a.take(a.kind, answer.Findings)
		if len(fresh) > 0 || !answer.Complete {
			line.Snapshot = file
		} else {
			_ = os.Remove(file)
		}
		a.log.add(line)
		for _, f := range fresh {
			a.log.add(entry{Kind: "finding", Actor: a.kind, Fingerprint: f.Fingerprint, Message: f.Message, Evidence: f.Evidence, Snapshot: file})
			a.waiting.Go(func() { a.judge(ctx, f, file) })
		}
		time.Sleep(a.pause)
	}
}

// judge waits and audits again with the one check, from the same source. A finding that is gone then was a false alarm, and fails the test.
func (a *auditor) judge(ctx context.Context, f live.Finding, file string) {
	time.Sleep(a.judgeAfter)
	answer, err := a.audit(ctx, map[string]any{"checks": []string{f.ID}})
	if err != nil {
		a.t.Errorf("the %s that judges %s failed: %v", a.kind, f.Fingerprint, err)
		a.rule(a.kind, f, false)
		return
	}
	holds := false
	for _, again := range answer.Findings {
		holds = holds || again.Fingerprint == f.Fingerprint
	}
	line := entry{Kind: "verdict", Actor: a.kind, Outcome: "true", Fingerprint: f.Fingerprint, Message: f.Message}
	if !holds {
		line.Outcome = "false"
		a.t.Errorf("false alarm of a %s: %s %s\n%s\nsnapshot %s\nwhat was done:\n%s", a.kind, f.Fingerprint, f.Message, f.Evidence, file, a.log.done(whole(f)))
	} else {
		a.t.Logf("true: %s %s\nwhat was done:\n%s", f.Fingerprint, f.Message, a.log.done(whole(f)))
	}
	a.log.add(line)
	a.rule(a.kind, f, holds)
}
