// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// subject is what is measured.
type subject string

const (
	full           subject = "placement_audit"
	quick          subject = "placement_audit, `quick: true`"
	rawAll         subject = "the same GETs, raw"
	rawAllocations subject = "its GETs of allocations, raw"
	databases      subject = "placement_audit, `source: database`"
	rawServers     subject = "its list of servers, raw, page by page"
	rawRows        subject = "its SELECTs of one look, raw"
	peer           subject = "nova-manage placement audit"
	why            subject = "placement_candidates_info"
	rawCandidates  subject = "its GET of the candidates, raw"
)

// subjects are in the order in which they take turns.
func subjects() []subject {
	return []subject{full, rawAll, rawAllocations, peer, quick, rawServers, databases, rawRows, why, rawCandidates}
}

// group is what can be measured alone.
func (s subject) group() string {
	switch s {
	case databases, rawRows:
		return "database"
	case why, rawCandidates:
		return "candidates"
	default:
		return "audit"
	}
}

// groups are all of them.
func groups() []string { return []string{"audit", "database", "candidates"} }

// bench measures clouds of one lab.
type bench struct {
	lab  *lab
	set  settings
	best map[subject]int // requests in flight with which a raw list is read fastest

	statements []statement // of an audit of the databases of this cloud
}

// cloud is what was measured on a cloud of one size.
type cloud struct {
	Hosts    int
	Samples  map[subject]sample // the best ones; subjects that were not measured are missing
	Levels   map[subject]int    // requests in flight of the raw ones
	Sweep    []level
	Kinds    string   // the audit's GETs
	NotRun   []string // why a subject is missing
	OtherMax float64  // most of the machine that was used by others during a run, 0 to 1
}

// level is a raw list read with so many requests in flight.
type level struct {
	Subject  subject
	InFlight int
	Wall     time.Duration
}

// rounds is how often each subject is measured on a cloud of that size.
func rounds(hosts int) int {
	if hosts <= 1000 {
		return 3
	}
	return 2
}

// measure loads a cloud and lets the subjects take turns on it.
func (b *bench) measure(ctx context.Context, hosts int) (*cloud, error) {
	progress("loading %d hosts", hosts)
	if err := b.lab.fill(ctx, hosts); err != nil {
		return nil, err
	}
	c := &cloud{Hosts: hosts, Samples: map[subject]sample{}, Levels: map[subject]int{}}
	asked, err := b.recordAll(ctx, c)
	if err != nil {
		return nil, err
	}
	c.Kinds = kinds(asked)
	progress("GETs of the audit: %s", c.Kinds)
	question, err := b.recordWhy(ctx, c)
	if err != nil {
		return nil, err
	}
	lists := map[subject][]request{rawAll: asked, rawAllocations: allocations(asked), rawServers: servers(asked), rawCandidates: question}
	b.best[rawServers], b.best[rawCandidates] = 1, 1
	for _, s := range []subject{rawAll, rawAllocations} {
		if err := b.findLevel(ctx, c, s, lists[s]); err != nil {
			return nil, err
		}
	}
	chosen := b.choose(ctx, c, lists)
	for round := range rounds(hosts) {
		for _, s := range chosen {
			one, err := b.take(ctx, s, lists[s])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s, err)
			}
			progress("round %d: %-40s %8.2f s", round+1, s, one.Wall.Seconds())
			c.keep(s, one, b.best[s])
		}
	}
	return c, nil
}

// recordAll runs the audits once, for the lists of what they ask.
func (b *bench) recordAll(ctx context.Context, c *cloud) (asked []request, err error) {
	b.statements = nil
	if b.set.measures(databases) && b.lab.knows(ctx, b.set.program, "source") {
		progress("one audit of the databases with the general query log, for the list of its statements")
		if b.statements, err = b.recordStatements(ctx); err != nil {
			return nil, err
		}
	}
	if !b.set.measures(full) || c.Hosts > b.set.apiMax {
		return nil, nil
	}
	progress("one audit through a proxy, for the list of its requests")
	return b.record(func(options map[string]any) error {
		_, err := b.lab.audit(ctx, b.set.program, options)
		return err
	})
}

// recordWhy asks once where a request can land, for the GET with which Placement is asked that.
func (b *bench) recordWhy(ctx context.Context, c *cloud) ([]request, error) {
	if !b.set.measures(why) || c.Hosts > b.set.apiMax {
		return nil, nil
	}
	asked, err := b.record(func(options map[string]any) error {
		_, err := b.lab.why(ctx, b.set.program, options)
		return err
	})
	if err != nil {
		return nil, err
	}
	question := candidates(asked)
	if len(question) == 0 {
		return nil, fmt.Errorf("%s has not asked Placement for %s", why, asksFor())
	}
	return question[:1], nil // it asks again after a contradiction
}

// findLevel reads a raw list with each number of requests in flight, on the first cloud only.
func (b *bench) findLevel(ctx context.Context, c *cloud, s subject, list []request) error {
	if b.best[s] > 0 || len(list) == 0 {
		return nil
	}
	fastest := time.Duration(0)
	for _, n := range b.set.levels {
		one, err := b.lab.observe(func() (sample, error) { return replay(ctx, list, n) })
		if err != nil {
			return fmt.Errorf("%s, %d in flight: %w", s, n, err)
		}
		progress("%s, %d in flight: %.2f s", s, n, one.Wall.Seconds())
		c.Sweep = append(c.Sweep, level{s, n, one.Wall})
		if fastest == 0 || one.Wall < fastest {
			fastest, b.best[s] = one.Wall, n
		}
	}
	return nil
}

// choose leaves out what can't be measured or was not asked for, and says so.
func (b *bench) choose(ctx context.Context, c *cloud, lists map[subject][]request) []subject {
	var out []subject
	for _, s := range subjects() {
		reason := ""
		list, raw := lists[s]
		switch {
		case !b.set.measures(s):
			continue
		case (raw || s == full || s == quick || s == why) && c.Hosts > b.set.apiMax:
			reason = fmt.Sprintf("not measured with %d hosts; BENCH_API_MAX=%d does", c.Hosts, c.Hosts)
		case raw && len(list) == 0:
			reason = "not measured: no such request was sent"
		case s == peer && c.Hosts > b.set.peerMax:
			reason = fmt.Sprintf("not measured with %d hosts; BENCH_PEER_MAX=%d does", c.Hosts, c.Hosts)
		case s == quick && !b.lab.knows(ctx, b.set.program, "quick"):
			reason = "not measured: this program has no option `quick`"
		case (s == databases || s == rawRows) && len(b.statements) == 0:
			reason = "not measured: this program has no option `source`"
		}
		if reason != "" {
			c.NotRun = append(c.NotRun, fmt.Sprintf("%s: %s", s, reason))
			progress("%s: %s", s, reason)
			continue
		}
		out = append(out, s)
	}
	return out
}

// take measures a subject once.
func (b *bench) take(ctx context.Context, s subject, list []request) (sample, error) {
	return b.lab.observe(func() (sample, error) {
		switch s {
		case full, quick:
			return b.lab.audit(ctx, b.set.program, map[string]any{"quick": s == quick})
		case databases:
			return b.lab.audit(ctx, b.set.program, b.lab.databases())
		case why:
			return b.lab.why(ctx, b.set.program, nil)
		case rawRows:
			return b.sweep(ctx)
		case peer:
			return b.lab.peer(ctx)
		default:
			return replay(ctx, list, b.best[s])
		}
	})
}

// keep keeps the fastest run and the largest memory of all.
func (c *cloud) keep(s subject, one sample, inFlight int) {
	c.OtherMax = max(c.OtherMax, one.Other)
	c.Levels[s] = inFlight
	old, there := c.Samples[s]
	if there && old.Wall <= one.Wall {
		old, one = one, old
	}
	one.Peak = max(one.Peak, old.Peak)
	c.Samples[s] = one
}

func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}
