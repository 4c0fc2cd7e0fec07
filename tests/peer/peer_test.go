// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// made is one fault of a state.
type made struct {
	kind
	consumer string
}

// In random broken states both name the same orphans, but for the known differences. PLACEMENT_PEER_STATES says how many
// states, PLACEMENT_PEER_SEED which.
func TestLabPeer(t *testing.T) {
	states := live.Number(t, "PLACEMENT_PEER_STATES", 6)
	seed := live.Number(t, "PLACEMENT_PEER_SEED", time.Now().UnixNano())
	t.Logf("PLACEMENT_PEER_SEED=%d, %d states", seed, states)
	b := newBench(t, seed)
	deal := dealer(b.random)
	count, same, differ := map[string]int{}, 0, 0
	t.Run("healthy", func(t *testing.T) { compare(t, b, nil) })
	for i := range states {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			s := newState(t, b)
			var faults []made
			for range 2 + b.random.Intn(3) {
				k := deal()
				for slices.ContainsFunc(faults, func(f made) bool { return f.name == k.name }) {
					k = deal()
				}
				faults = append(faults, made{k, makers()[k.name](s)})
			}
			compare(t, b, faults)
			for _, f := range faults {
				count[f.name]++
				if f.differs() {
					differ++
				} else {
					same++
				}
			}
		})
	}
	t.Run("healthy again", func(t *testing.T) { compare(t, b, nil) })
	t.Logf("PEER %d states, seed %d: %d consumers judged alike, %d differently for a known reason", states, seed, same, differ)
	for _, name := range slices.Sorted(maps.Keys(makers())) {
		t.Logf("%4d %s", count[name], name)
	}
}

// dealer deals all kinds in random order, then all of them again.
func dealer(random *rand.Rand) func() kind {
	var deck []kind
	return func() kind {
		if len(deck) == 0 {
			deck = kinds()
			random.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		}
		k := deck[0]
		deck = deck[1:]
		return k
	}
}

// compare asks both and fails the test for every consumer about which they differ for no known reason.
func compare(t *testing.T, b *bench, faults []made) {
	t.Helper()
	type answer struct {
		orphans []string
		err     error
	}
	peer := make(chan answer, 1)
	go func() {
		orphans, err := novaManage(t.Context(), b.lab)
		peer <- answer{orphans, err}
	}()
	audit, err := b.lab.Audit(t.Context(), map[string]any{
		"grace": 0, "checks": []string{"PLC101", "PLC102", "PLC103", "PLC104", "PLC105", "PLC107"},
	})
	theirs := <-peer
	if err != nil || theirs.err != nil || !audit.Complete {
		t.Fatalf("audit: %v, %+v\nnova-manage: %v", err, audit, theirs.err)
	}
	judge(t, faults, theirs.orphans, audit)
}

func judge(t *testing.T, faults []made, theirs []string, audit *live.Audit) {
	t.Helper()
	ours, all := map[string]bool{}, map[string]bool{}
	for _, f := range audit.Findings {
		all[f.ID+" "+f.Subject.UUID] = true
		if f.ID == "PLC101" || f.ID == "PLC102" {
			ours[f.Subject.UUID] = true
		}
	}
	for _, f := range faults {
		peer := slices.Contains(theirs, f.consumer)
		if peer != f.peer || ours[f.consumer] != f.ours {
			t.Errorf("%s (%s), consumer %s: orphan for nova-manage: %v, for us: %v; expected %v and %v",
				f.name, f.what, f.consumer, peer, ours[f.consumer], f.peer, f.ours)
		}
		if f.instead != "" && !all[f.instead+" "+f.consumer] {
			t.Errorf("%s (%s): %s does not name %s", f.name, f.what, f.instead, f.consumer)
		}
		if f.differs() {
			t.Logf("%s: nova-manage %v, we %v: %s", f.name, peer, ours[f.consumer], f.reason)
		}
		theirs = slices.DeleteFunc(theirs, func(uuid string) bool { return uuid == f.consumer })
		delete(ours, f.consumer)
	}
	if len(theirs)+len(ours) > 0 {
		t.Errorf("consumers that nobody broke: nova-manage names %v, we %v", theirs, slices.Collect(maps.Keys(ours)))
	}
	if t.Failed() {
		for _, f := range audit.Findings {
			t.Logf("found: %s %s\n%s", f.Fingerprint, f.Message, f.Evidence)
		}
	}
}

// novaManage returns the consumers that `nova-manage placement audit --verbose` calls orphaned, each once.
func novaManage(ctx context.Context, l *live.Lab) ([]string, error) {
	cmd := exec.CommandContext(ctx, l.NovaManage, "placement", "audit", "--verbose")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 { // it found some
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s%s", err, out, stderr.String())
	}
	consumers := []string{}
	for line := range strings.Lines(string(out)) {
		if rest, ok := strings.CutPrefix(line, "Allocations for consumer UUID "); ok {
			consumers = append(consumers, rest[:36])
		}
	}
	slices.Sort(consumers)
	return slices.Compact(consumers), nil
}
