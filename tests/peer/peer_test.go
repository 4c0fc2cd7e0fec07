// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"fmt"
	"maps"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// made is one fault of a state.
type made struct {
	kind
	truth
}

// In random broken states the audit says what is true, names in its remedies what the truth names, and agrees with nova-manage
// but for the known differences. PLACEMENT_PEER_STATES says how many states, PLACEMENT_PEER_SEED which, PLACEMENT_PEER_KINDS of
// which kinds.
func TestLabPeer(t *testing.T) {
	live.ShortIsEnough(t, "PLACEMENT_PEER_STATES", "zed")
	states := live.Number(t, "PLACEMENT_PEER_STATES", 6)
	seed := live.Number(t, "PLACEMENT_PEER_SEED", time.Now().UnixNano())
	t.Logf("PLACEMENT_PEER_SEED=%d, %d states", seed, states)
	b := newBench(t, seed)
	deal := dealer(b.random)
	count, ours, theirs := map[string]int{}, tally{}, tally{}
	t.Run("healthy", func(t *testing.T) { compare(newState(t, b), nil, &ours, &theirs) })
	for i := range states {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			s, faults := deals(t, b, deal)
			compare(s, faults, &ours, &theirs)
			for _, f := range faults {
				count[f.name]++
			}
		})
		t.Run(fmt.Sprint(i+1, " mended"), func(t *testing.T) { clean(t, b) })
	}
	t.Logf("PEER %s, %d states, seed %d: the audit: %s", live.Release(), states, seed, ours)
	t.Logf("PEER %s, %d states, seed %d: nova-manage placement audit: %s", live.Release(), states, seed, theirs)
	for _, name := range slices.Sorted(maps.Keys(makers())) {
		t.Logf("%4d %s", count[name], name)
	}
}

// deals makes a state of one to five faults, no two of which touch each other.
func deals(t *testing.T, b *bench, deal func(fits func(kind) bool) kind) (*state, []made) {
	t.Helper()
	var kinds []kind
	hosts := 0
	for range 1 + b.random.Intn(5) {
		kinds = append(kinds, deal(func(k kind) bool {
			alone := k.hosts == "" || hosts < 2
			return alone && !slices.ContainsFunc(kinds, func(other kind) bool {
				return k.name == other.name || k.uses != "" && k.uses == other.uses
			})
		}))
		if kinds[len(kinds)-1].hosts != "" {
			hosts++
		}
	}
	s := newState(t, b)
	taken := s.take(kinds)
	var faults []made
	for i, k := range kinds {
		faults = append(faults, made{k, makers()[k.name](s, taken[i])})
		t.Logf("%s %s: %+v", k.name, taken[i], faults[i].truth)
	}
	return s, faults
}

// dealer deals all kinds in random order, then all of them again; the first of those that are left that fits.
func dealer(random *rand.Rand) func(fits func(kind) bool) kind {
	var deck []kind
	return func(fits func(kind) bool) kind {
		i := slices.IndexFunc(deck, fits)
		if i < 0 {
			more := chosenKinds()
			random.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
			deck = append(deck, more...)
			i = slices.IndexFunc(deck, fits)
		}
		k := deck[i]
		deck = slices.Delete(deck, i, i+1)
		return k
	}
}

// chosenKinds is all kinds, or those that were asked for.
func chosenKinds() []kind {
	names := strings.Fields(os.Getenv("PLACEMENT_PEER_KINDS"))
	return slices.DeleteFunc(kinds(), func(k kind) bool { return len(names) > 0 && !slices.Contains(names, k.name) })
}

// clean audits the lab once a state is undone.
func clean(t *testing.T, b *bench) {
	t.Helper()
	audit, err := b.audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range audit.Findings {
		t.Errorf("left: %s %s", f.Fingerprint, f.Message)
	}
}

// compare asks both and compares them with the truth.
func compare(s *state, faults []made, ours, theirs *tally) {
	s.t.Helper()
	type answer struct {
		orphans []string
		err     error
	}
	peer := make(chan answer, 1)
	go func() {
		orphans, err := s.manage.orphans()
		peer <- answer{orphans, err}
	}()
	audit, err := s.audit(s.ctx)
	their := <-peer
	if err != nil || their.err != nil || !audit.Complete {
		s.t.Fatalf("audit: %v, %+v\nnova-manage: %v", err, audit, their.err)
	}
	if got, err := s.inDatabases(s.ctx); err != nil || !slices.Equal(got, fingerprints(audit)) {
		s.t.Errorf("from the databases %v (%v)\nfrom the APIs %v", got, err, fingerprints(audit))
	}
	var truths []truth
	for _, f := range faults {
		truths = append(truths, f.truth)
	}
	for _, mistake := range s.grade(audit, truths, ours) {
		s.t.Error(mistake)
	}
	gradePeer(s.t, faults, their.orphans, theirs)
	s.heals(audit)
}

// gradePeer compares what nova-manage calls orphaned with the truth, and with what it was seen to say of each kind.
func gradePeer(t *testing.T, faults []made, named []string, result *tally) {
	t.Helper()
	var orphans, expected []string
	for _, f := range faults {
		orphans = append(orphans, f.orphans()...)
		switch {
		case f.peers != nil:
			expected = append(expected, f.peers...)
		case f.peer && f.consumer != "":
			expected = append(expected, f.consumer)
		}
	}
	result.faults += len(orphans)
	for _, consumer := range named {
		if !slices.Contains(orphans, consumer) {
			result.false++
		}
		if !slices.Contains(expected, consumer) {
			t.Errorf("nova-manage calls %s orphaned; it was not known to", consumer)
		}
	}
	for _, consumer := range append(orphans, expected...) {
		switch {
		case slices.Contains(named, consumer):
		case slices.Contains(orphans, consumer):
			result.missed++
		default:
			t.Errorf("nova-manage does not call %s orphaned; it was known to", consumer)
		}
	}
}
