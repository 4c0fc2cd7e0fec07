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

type settling struct {
	answers []answer
	reads   []error
	torn    func(*fake)
	pauses  int // 20 if not said
	written bool
	err     string
	puts    int
	marks   string
	total   int // in the end
}

func TestWriteSettlesLostAnswers(t *testing.T) {
	settles(t, map[string]settling{
		"written":                  {written: true, puts: 1, marks: andWritten, total: 50},
		"answer lost, applied":     {answers: []answer{done}, written: true, puts: 1, marks: andWritten, total: 50},
		"answer lost, not applied": {answers: []answer{lost}, written: true, puts: 2, marks: andWritten, total: 50},
		"lost twice, then applied": {answers: []answer{lost, done}, written: true, puts: 2, marks: andWritten, total: 50},
		"applied late, after the same generation was read": {
			answers: []answer{delayed, arrived(nil)}, written: true, puts: 2, marks: andWritten, total: 50,
		},
		"applied late, and the next answer is lost too": {
			answers: []answer{delayed, arrived(lost)}, written: true, puts: 2, marks: andWritten, total: 50,
		},
		"applied late, and the next is denied": {
			answers: []answer{delayed, arrived(denied)}, written: true, puts: 2, marks: andWritten, total: 50,
		},
		"lost, then denied for good": {
			answers: []answer{lost, denied, denied, denied, denied}, pauses: 3, err: "unsettled", puts: 4, marks: andUnknown, total: 100,
		},
		"lost, not applied, then refused": {
			answers: []answer{followed(lost, 51, nil)}, err: "refused", puts: 1, marks: andNot, total: 100,
		},
	})
}

func TestWriteSettlesRaces(t *testing.T) {
	settles(t, map[string]settling{
		"raced": {answers: []answer{raced(45, nil)}, written: true, puts: 2, marks: andNot + ", " + andWritten, total: 50},
		"raced three times": {
			answers: []answer{raced(41, nil), raced(42, nil), raced(43, nil)}, written: true, puts: 4, total: 50,
			marks: andNot + ", " + andNot + ", " + andNot + ", " + andWritten,
		},
		"raced by one who wants the same": {answers: []answer{raced(40, vcpu(50))}, puts: 1, marks: andNot, total: 50},
		"raced, then refused":             {answers: []answer{raced(51, nil)}, err: "refused", puts: 1, marks: andNot, total: 100},
		"raced, then it makes no inventory": {
			answers: []answer{raced(0, reserved(100, 60))}, err: "faulty", puts: 1, marks: andNot, total: 100,
		},
	})
}

func TestWriteSettlesWritesOfOthers(t *testing.T) {
	settles(t, map[string]settling{
		"lost, applied, somebody allocated": {
			answers: []answer{followed(done, 45, nil)}, written: true, puts: 1, marks: andWritten, total: 50,
		},
		"lost, applied, somebody changed another field": {
			answers: []answer{followed(done, 40, reserved(50, 5))}, written: true, puts: 1, marks: andUnknown, total: 50,
		},
		"lost, applied, somebody put it back": {
			answers: []answer{followed(done, 40, vcpu(100))}, written: true, puts: 2, marks: andUnknown + ", " + andWritten, total: 50,
		},
		"lost, applied, somebody wrote over it, then refused": {
			answers: []answer{followed(done, 60, vcpu(70))}, err: "refused, unsettled", puts: 1, marks: andUnknown, total: 70,
		},
		"lost, applied, somebody wrote over it, then it makes no inventory": {
			answers: []answer{followed(done, 0, reserved(100, 60))}, err: "faulty, unsettled", puts: 1, marks: andUnknown, total: 100,
		},
		"lost, applied, somebody put it back, then denied": {
			answers: []answer{followed(done, 40, vcpu(100)), denied}, err: "unsettled", puts: 2,
			marks: andUnknown + ", " + andNot, total: 100,
		},
		"lost, applied, somebody put it back, then raced and out of time": {
			answers: []answer{followed(done, 40, vcpu(100)), raced(41, nil)}, pauses: 1, err: "unsettled", puts: 2,
			marks: andUnknown + ", " + andNot, total: 100,
		},
	})
}

func TestWriteSettlesReads(t *testing.T) {
	settles(t, map[string]settling{
		"it is applied while it is read": {
			answers: []answer{delayed}, torn: func(f *fake) { f.late() }, written: true, puts: 1, marks: andWritten, total: 50,
		},
		"applied, and put back while it is read": {
			answers: []answer{done}, torn: func(f *fake) { f.other(40, vcpu(100)) }, written: true, puts: 2,
			marks: andUnknown + ", " + andWritten, total: 50,
		},
		"reading fails while it is settled": {
			answers: []answer{done}, reads: []error{errBusy, errLost, errBusy}, written: true, puts: 1, marks: andWritten, total: 50,
		},
		"the provider is gone when it is settled": {
			answers: []answer{lost}, reads: []error{errGone}, err: "unsettled", puts: 1, marks: andUnknown, total: 100,
		},
	})
}

func TestWriteSettlesOutOfTime(t *testing.T) {
	settles(t, map[string]settling{
		"out of time, applied":             {answers: []answer{done}, pauses: -1, err: "unsettled", puts: 1, marks: andUnknown, total: 50},
		"out of time, not applied":         {answers: []answer{lost}, pauses: -1, err: "unsettled", puts: 1, marks: andUnknown, total: 100},
		"out of time, while reading fails": {answers: []answer{done}, reads: []error{errBusy, errBusy, errBusy}, pauses: 2, err: "unsettled", puts: 1, marks: andUnknown, total: 50},
		"out of time, but only ever raced": {answers: []answer{raced(41, nil)}, pauses: -1, err: "late", puts: 1, marks: andNot, total: 100},
	})
}

func TestWriteSettlesRefusals(t *testing.T) {
	settles(t, map[string]settling{
		"denied":                        {answers: []answer{denied}, err: "403", puts: 1, marks: andNot, total: 100},
		"a conflict that is no race":    {answers: []answer{inUse}, err: "409", puts: 1, marks: andNot, total: 100},
		"a conflict said for no reason": {answers: []answer{func(*fake, int, change.Inventories) (int, error) { return 0, errRaced }}, written: true, puts: 2, marks: andWritten, total: 50},
		"500 that was done, 503 that was not": {answers: []answer{
			func(*fake, int, change.Inventories) (int, error) { return 0, errBusy },
			func(f *fake, g int, a change.Inventories) (int, error) { _, _ = f.apply(g, a); return 0, errBusy },
		}, written: true, puts: 2, marks: andWritten, total: 50},
	})
}

// What was wanted is a total of 50; 40 are used.
func settles(t *testing.T, cases map[string]settling) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.pauses == 0 {
				c.pauses = 20
			}
			f, w := newFake(t, c.pauses)
			f.answers, f.reads, f.torn = c.answers, c.reads, c.torn
			written, view, err := write(w, change.Wish{Total: pointer(50)}, false)
			if written != c.written || kind(err) != c.err || f.puts != c.puts {
				t.Errorf("written %v, error %v, %d PUT", written, err, f.puts)
			}
			if got := marks(t, f.journal); got != c.marks || f.has["VCPU"].Total != c.total {
				t.Errorf("the journal says %s; the total is %d", got, f.has["VCPU"].Total)
			}
			if written && (view.Plan.After["VCPU"].Total != 50 || view.Plan.Before["VCPU"].Total != 100 || !view.Plan.Changes()) {
				t.Errorf("reported was %+v", view.Plan)
			}
			if f.has["VCPU"].Capacity() < f.used["VCPU"] {
				t.Errorf("below what is used: %+v", f)
			}
		})
	}
}

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
