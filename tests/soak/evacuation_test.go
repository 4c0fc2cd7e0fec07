// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// evacuated is the host from which servers are evacuated. It is disabled but for the moments in which its own servers are
// made, so that nobody else's are in the way when it dies.
const evacuated = "cn10"

// evacuator kills a host again and again, and evacuates its servers.
type evacuator struct {
	*soak
	random *rand.Rand
	rounds int
}

// prepare adds the host, and retires it when the test ends.
func (e *evacuator) prepare(t *testing.T) {
	t.Helper()
	e.lab.Command(t, "host", "add", evacuated)
	t.Cleanup(func() {
		e.lab.Command(t, "host", "start", evacuated) // does nothing where it runs
		e.lab.Command(t, "host", "retire", evacuated)
	})
	if err := e.service(t.Context(), map[string]any{"status": "disabled"}); err != nil {
		t.Fatal(err)
	}
}

// run evacuates until it is enough.
func (e *evacuator) run(ctx context.Context) {
	for e.goes() {
		e.rounds++
		e.round(ctx)
	}
}

// round is one evacuation, from a living host to a living host. The dead host comes back only after the audit has found what
// the evacuation left on it: what was true when it was found shall be true when it is judged.
func (e *evacuator) round(ctx context.Context) {
	servers := e.populate(ctx)
	e.lab.Command(e.t, "host", "kill", evacuated)
	e.must(e.service(ctx, map[string]any{"forced_down": true}))
	for _, server := range servers {
		e.evacuate(ctx, server)
	}
	e.awaitVerdicts(servers)
	e.lab.Command(e.t, "host", "start", evacuated)
	for _, server := range servers {
		e.awaitRelease(ctx, server)
	}
	e.must(eventually(patience, func() error { return e.service(ctx, map[string]any{"forced_down": false}) }))
	e.must(eventually(patience, func() error { return e.up(ctx) }))
	for _, server := range servers {
		start := time.Now()
		e.record("delete", server, evacuated, start, errorOf(e.cloud.Delete(ctx, server), func() error {
			return e.cloud.Gone(ctx, server, patience)
		}))
	}
}

// populate makes one or two servers on the host while nobody else's can be put there.
func (e *evacuator) populate(ctx context.Context) []string {
	e.scheduling.Lock()
	defer e.scheduling.Unlock()
	e.must(e.service(ctx, map[string]any{"status": "enabled"}))
	var servers []string
	for i := range 1 + e.random.Intn(2) {
		start, server := time.Now(), ""
		err := eventually(patience, func() error { // the scheduler may not know yet that the host is enabled
			uuid, err := e.cloud.Boot(ctx, fmt.Sprintf("%s-evacuated-%d-%d", prefix, e.rounds, i), e.image, tiny, evacuated)
			if err != nil {
				return err
			}
			server = uuid
			if _, err = e.cloud.Settle(ctx, uuid, patience, "ACTIVE"); err != nil {
				_ = e.cloud.Delete(ctx, uuid)
			}
			return err
		})
		e.record("create", server, "", start, err)
		if err == nil {
			servers = append(servers, server)
		}
	}
	e.must(e.service(ctx, map[string]any{"status": "disabled"}))
	return servers
}

func (e *evacuator) evacuate(ctx context.Context, server string) {
	start := time.Now()
	err := eventually(patience, func() error { return e.cloud.Act(ctx, server, "evacuate", map[string]any{}) })
	e.record("evacuate", server, evacuated, start, errorOf(err, func() error {
		return eventually(patience, func() error { return e.arrived(ctx, server) })
	}))
}

// arrived says what is left to be done until a server has been evacuated.
func (e *evacuator) arrived(ctx context.Context, server string) error {
	s, err := e.cloud.Settle(ctx, server, patience, "ACTIVE")
	if err != nil {
		return err
	}
	if s.Host == evacuated {
		return fmt.Errorf("server %s is still on %s", server, evacuated)
	}
	moves, err := e.cloud.Moves(ctx, server)
	if err == nil && !slices.ContainsFunc(moves, func(m live.Move) bool { return m.Type == "evacuation" && m.Status == "done" }) {
		err = fmt.Errorf("the evacuation of server %s is not done: %v", server, moves)
	}
	return err
}

// awaitVerdicts waits until the audit has found each server's share on the dead host and that was judged. What is pending
// about the host otherwise is waited for too.
func (e *evacuator) awaitVerdicts(servers []string) {
	e.must(eventually(6*e.judgeAfter, func() error {
		for _, server := range servers {
			if !e.judged("PLC103:server:" + server) {
				return fmt.Errorf("server %s was evacuated from %s and holds both hosts, but no audit has said so", server, evacuated)
			}
		}
		if e.pendingAbout(evacuated) {
			return fmt.Errorf("a finding about %s waits for its verdict", evacuated)
		}
		return nil
	}))
}

// awaitRelease waits until the host that came back has given up what it held for a server that left.
func (e *evacuator) awaitRelease(ctx context.Context, server string) {
	e.must(eventually(patience, func() error {
		held, err := e.cloud.Held(ctx, server)
		if err == nil && len(held.Allocations) != 1 {
			err = fmt.Errorf("server %s holds %v", server, slices.Collect(maps.Keys(held.Allocations)))
		}
		return err
	}))
}

// service writes the record of the host's nova-compute.
func (e *evacuator) service(ctx context.Context, change map[string]any) error {
	id, _, err := e.found(ctx)
	if err != nil {
		return err
	}
	return e.cloud.Nova(ctx, http.MethodPut, "/os-services/"+id, change, nil)
}

// up reports whether the host's nova-compute counts as up.
func (e *evacuator) up(ctx context.Context) error {
	_, state, err := e.found(ctx)
	if err == nil && state != "up" {
		err = fmt.Errorf("nova-compute on %s is %s", evacuated, state)
	}
	return err
}

func (e *evacuator) found(ctx context.Context) (id, state string, err error) {
	var answer struct {
		Services []struct{ ID, State string }
	}
	err = e.cloud.Nova(ctx, http.MethodGet, "/os-services?binary=nova-compute&host="+evacuated, nil, &answer)
	if err != nil || len(answer.Services) == 0 {
		return "", "", errorOf(err, func() error { return fmt.Errorf("nova knows no host %s", evacuated) })
	}
	return answer.Services[0].ID, answer.Services[0].State, nil
}

func (e *evacuator) record(name, server, from string, start time.Time, err error) {
	line := entry{
		Kind: "action", Actor: "evacuator", Action: name, Server: server, From: from, Outcome: "ok",
		Millis: time.Since(start).Milliseconds(),
	}
	if err != nil {
		line.Outcome, line.Error = "failed", err.Error()
		e.t.Errorf("%s of server %s: %v", name, server, err)
	}
	e.log.add(line)
}

// must fails the test, which goes on.
func (e *evacuator) must(err error) {
	if err != nil {
		e.log.add(entry{Kind: "note", Actor: "evacuator", Error: err.Error()})
		e.t.Errorf("evacuations: %v", err)
	}
}

// errorOf returns the error, or what the next step returns if there is none.
func errorOf(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

// eventually tries once a second until it works, and returns the last error if it never does.
func eventually(patience time.Duration, try func() error) error {
	for end := time.Now().Add(patience); ; time.Sleep(time.Second) {
		if err := try(); err == nil || time.Now().After(end) {
			return err
		}
	}
}
