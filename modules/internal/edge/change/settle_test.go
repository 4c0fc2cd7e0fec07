// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
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
