// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"context"
	"maps"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

const (
	andWritten = "intended, written"
	andNot     = "intended, not written"
	andUnknown = "intended, unknown"
)

// Where room comes free without a new generation, what is sent again is what the journal has.
func TestWriteSendsTheSameAgain(t *testing.T) {
	f, w := newFake(t, 20)
	f.answers = []answer{func(f *fake, _ int, _ change.Inventories) (int, error) { f.used["VCPU"] = 30; return 0, errLost }}
	written, view, err := write(w, change.Wish{Total: pointer(10)}, true)
	if !written || err != nil || f.has["VCPU"].Total != 40 || view.Plan.After["VCPU"].Total != 40 || marks(t, f.journal) != andWritten {
		t.Errorf("written %v, %v, has %+v, reported %+v, journal %s", written, err, f.has, view.Plan.After, marks(t, f.journal))
	}
}

// Where somebody has changed more since, what is there is reported, and not what was sent.
func TestWriteReportsWhatIsThere(t *testing.T) {
	f, w := newFake(t, 20)
	f.answers = []answer{followed(done, 40, reserved(50, 5))}
	written, view, err := write(w, change.Wish{Total: pointer(50)}, false)
	if !written || err != nil || !maps.Equal(view.Plan.After, f.has) || !maps.Equal(view.Plan.Before, vcpu(100)) || view.Generation != f.generation {
		t.Errorf("written %v, %v, has %+v, reported %+v", written, err, f.has, view)
	}
}

// A drain that was lost and is not needed any more was not written.
func TestWriteClaimsNothing(t *testing.T) {
	f, w := newFake(t, 20)
	f.answers = []answer{func(f *fake, _ int, _ change.Inventories) (int, error) {
		f.other(70, nil)
		f.other(100, nil)
		return 0, errLost
	}}
	target := change.Target{UUID: "u", Name: "n", Op: change.OpDrain, Judge: change.Drain}
	view, err := w.Look(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	written, view, err := w.Write(t.Context(), target, view)
	if written || err != nil || view.Plan.Changes() || !maps.Equal(f.has, vcpu(100)) || marks(t, f.journal) != andUnknown {
		t.Errorf("written %v, %v, %+v, journal %s", written, err, view.Plan, marks(t, f.journal))
	}
}

// No journal, no write.
func TestWriteNeedsJournal(t *testing.T) {
	f, w := newFake(t, 20)
	if err := w.Journal.Close(); err != nil {
		t.Fatal(err)
	}
	written, _, err := write(w, change.Wish{Total: pointer(50)}, false)
	if written || err == nil || f.puts != 0 {
		t.Errorf("written %v, %v, %d PUT", written, err, f.puts)
	}
}

// between changes the provider between the two reads of a look.
type between struct {
	*fake
	times int
}

func (b *between) Inventories(ctx context.Context, uuid string) (placement.Dated, error) {
	stock, err := b.fake.Inventories(ctx, uuid)
	if b.times > 0 {
		b.times--
		b.other(b.used["VCPU"]+5, vcpu(100+b.times))
	}
	return stock, err
}

// What is judged is of one generation.
func TestLookReadsOneGeneration(t *testing.T) {
	f, w := newFake(t, 20)
	w.Placement = &between{f, 3}
	judged := 0
	view, err := w.Look(t.Context(), change.Target{Judge: func(_ change.Trace, before change.Inventories, used map[string]int) *change.Plan {
		judged++
		if used["VCPU"] != 55 || !maps.Equal(before, vcpu(100)) {
			t.Errorf("judged on %v with %v used", before, used)
		}
		return &change.Plan{Before: before, After: before}
	}})
	if err != nil || judged != 1 || view.Generation != 10 {
		t.Errorf("%v, judged %d times, generation %d", err, judged, view.Generation)
	}
	w.Placement = &between{f, 100}
	if _, err := w.Look(t.Context(), change.Target{}); kind(err) != "late" {
		t.Errorf("a provider that never rests: %v", err)
	}
}
