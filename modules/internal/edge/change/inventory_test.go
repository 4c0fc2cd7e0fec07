// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

func inventory(total, reserved int, ratio float64) openstack.Inventory {
	return openstack.Inventory{Total: total, Reserved: reserved, MinUnit: 1, MaxUnit: total, StepSize: 1, AllocationRatio: ratio}
}

func pointer[T any](v T) *T { return &v }

type judging struct {
	wishes  map[string]change.Wish
	state   change.State
	clamp   bool
	changes bool
	refused []change.Refusal
	want    map[string]openstack.Inventory
}

func TestJudgeAllows(t *testing.T) {
	judges(t, map[string]judging{
		"the same again":                    {wishes: map[string]change.Wish{"VCPU": {Total: pointer(10), AllocationRatio: pointer(16.0)}}, state: change.Present},
		"one field, the rest":               {wishes: map[string]change.Wish{"VCPU": {Total: pointer(4)}}, state: change.Present, changes: true, want: map[string]openstack.Inventory{"VCPU": {Total: 4, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: 16}}},
		"exactly used":                      {wishes: map[string]change.Wish{"VCPU": {Total: pointer(2)}}, state: change.Present, changes: true},
		"a class that is not there removed": {wishes: map[string]change.Wish{"PCPU": {}}, state: change.Absent},
		"a new class": {
			wishes: map[string]change.Wish{"CUSTOM_X": {Total: pointer(3)}}, state: change.Present, changes: true,
			want: map[string]openstack.Inventory{"CUSTOM_X": change.Default(3)},
		},
	})
}

func TestJudgeRefuses(t *testing.T) {
	judges(t, map[string]judging{
		"total too small": {
			wishes: map[string]change.Wish{"VCPU": {Total: pointer(1)}}, state: change.Present, changes: true,
			refused: []change.Refusal{{Class: "VCPU", Field: "total", Asked: 1, Used: 32, CapacityBefore: 160, CapacityAfter: 16, LowestSafe: 2}},
		},
		"reserved too high": {
			wishes: map[string]change.Wish{"MEMORY_MB": {Reserved: pointer(8000)}}, state: change.Present, changes: true,
			refused: []change.Refusal{{Class: "MEMORY_MB", Field: "reserved", Asked: 8000, Used: 6144, CapacityBefore: 11520, CapacityAfter: 288, LowestSafe: 4096}},
		},
		"ratio too low": {
			wishes: map[string]change.Wish{"VCPU": {AllocationRatio: pointer(1.5)}}, state: change.Present, changes: true,
			refused: []change.Refusal{{Class: "VCPU", Field: "allocation_ratio", Asked: 1.5, Used: 32, CapacityBefore: 160, CapacityAfter: 15, LowestSafe: 3.2}},
		},
		"a class in use removed": {
			wishes: map[string]change.Wish{"VCPU": {}}, state: change.Absent, clamp: true, changes: true,
			refused: []change.Refusal{{Class: "VCPU", Asked: "absent", Used: 32, CapacityBefore: 160}},
		},
		"exact leaves a class in use out": {
			wishes: map[string]change.Wish{"VCPU": {Total: pointer(10), MaxUnit: pointer(10), AllocationRatio: pointer(16.0)}}, state: change.Exact, changes: true,
			refused: []change.Refusal{{Class: "MEMORY_MB", Asked: "absent", Used: 6144, CapacityBefore: 11520}},
		},
	})
}

func judges(t *testing.T, cases map[string]judging) {
	t.Helper()
	have := change.Inventories{"VCPU": inventory(10, 0, 16), "MEMORY_MB": inventory(8192, 512, 1.5)}
	used := map[string]int{"VCPU": 32, "MEMORY_MB": 6144}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := change.Judge(have, used, c.wishes, c.state, c.clamp)
			if p.Changes() != c.changes || len(p.Refused) != len(c.refused) {
				t.Fatalf("changes %v, refused %+v", p.Changes(), p.Refused)
			}
			for i, r := range c.refused {
				if p.Refused[i] != r {
					t.Errorf("refused %+v, want %+v", p.Refused[i], r)
				}
			}
			for class, want := range c.want {
				if p.After[class] != want {
					t.Errorf("%s: %+v, want %+v", class, p.After[class], want)
				}
			}
		})
	}
}

// What gives more than 64 bits hold is no small capacity.
func TestJudgeBeyondIntegers(t *testing.T) {
	have, used := change.Inventories{"VCPU": inventory(10, 0, 1e30)}, map[string]int{"VCPU": 20}
	p := change.Judge(have, used, map[string]change.Wish{"VCPU": {AllocationRatio: pointer(1.0)}}, change.Present, false)
	if len(p.Refused) != 1 || p.Refused[0].CapacityBefore <= 0 || p.Refused[0].LowestSafe != 2.0 {
		t.Errorf("refused %+v, warnings %v", p.Refused, p.Warnings)
	}
	if drained, ok := change.Drained(have["VCPU"], 20); !ok || drained.Capacity() < 20 {
		t.Errorf("drained %+v, %v", drained, ok)
	}
}

// A class that is used but not there is impossible, and is not written below its usage all the same.
func TestJudgeRefusesWhatIsNotThere(t *testing.T) {
	p := change.Judge(change.Inventories{}, map[string]int{"VCPU": 3}, map[string]change.Wish{"VCPU": {Total: pointer(2)}}, change.Present, true)
	if len(p.Refused) != 1 {
		t.Errorf("%+v", p)
	}
}

// Raising a provider that is over capacity already is no harm, even if it stays so; lowering it further is.
func TestJudgeOverCapacity(t *testing.T) {
	have, used := change.Inventories{"VCPU": inventory(2, 0, 1)}, map[string]int{"VCPU": 8}
	if p := change.Judge(have, used, map[string]change.Wish{"VCPU": {Total: pointer(4)}}, change.Present, false); len(p.Refused) != 0 || len(p.Warnings) != 1 {
		t.Errorf("raising: refused %v, warnings %v", p.Refused, p.Warnings)
	}
	if p := change.Judge(have, used, map[string]change.Wish{"VCPU": {Total: pointer(1)}}, change.Present, false); len(p.Refused) != 1 {
		t.Errorf("lowering was not refused")
	}
}

func randomInventory(r *rand.Rand) openstack.Inventory {
	total := 1 + r.IntN(1<<r.IntN(31))
	i := inventory(total, r.IntN(total+1), change.Ratio(math.Exp(r.Float64()*12-6)))
	return i
}

// Whatever is asked: what may be written covers what is used, or gives no less than before. The safe value that a
// refusal names is granted, and the next worse one is not.
func TestJudgeNeverGoesBelow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		have := randomInventory(r)
		ask := randomInventory(r)
		used := r.IntN(max(1, have.Capacity()) + 1)
		if r.IntN(8) == 0 {
			used += r.IntN(1000) // it may be over capacity already
		}
		w := change.Wish{Total: &ask.Total, Reserved: &ask.Reserved, AllocationRatio: &ask.AllocationRatio}
		if r.IntN(2) == 0 {
			w = change.Wish{AllocationRatio: &ask.AllocationRatio}
		}
		before := change.Inventories{"VCPU": have}
		for _, clamp := range []bool{false, true} {
			p := change.Judge(before, map[string]int{"VCPU": used}, map[string]change.Wish{"VCPU": w}, change.Present, clamp)
			after := p.After["VCPU"].Capacity()
			if len(p.Refused) == 0 && after < used && after < have.Capacity() {
				t.Fatalf("%+v -> %+v with %d used was let through", have, p.After["VCPU"], used)
			}
			if clamp {
				tryClamped(t, used, w, p)
			}
			for _, refusal := range p.Refused {
				tryLowestSafe(t, have, w, refusal)
			}
		}
	}
}

// tryClamped holds that a clamp is between what is asked and what is there, and that the next run changes nothing.
func tryClamped(t *testing.T, used int, w change.Wish, p *change.Plan) {
	t.Helper()
	have, after := p.Before["VCPU"], p.After["VCPU"]
	for _, c := range p.Clamped {
		if after.Total > have.Total && c.Field == "total" || after.Reserved < have.Reserved && c.Field == "reserved" ||
			after.AllocationRatio > have.AllocationRatio && c.Field == "allocation_ratio" {
			t.Fatalf("%+v was raised to %+v: %+v", have, after, p.Clamped)
		}
	}
	again := change.Judge(p.After, map[string]int{"VCPU": used}, map[string]change.Wish{"VCPU": w}, change.Present, true)
	if again.Changes() {
		t.Fatalf("%+v became %+v, and then %+v", have, after, again.After)
	}
}

func tryLowestSafe(t *testing.T, have openstack.Inventory, w change.Wish, r change.Refusal) {
	t.Helper()
	switch safe := r.LowestSafe.(type) {
	case nil:
		return
	case float64:
		w.AllocationRatio = &safe
	case int:
		if r.Field == "reserved" {
			w.Reserved = &safe
		} else {
			w.Total = &safe
		}
	}
	p := change.Judge(change.Inventories{"VCPU": have}, map[string]int{"VCPU": r.Used}, map[string]change.Wish{"VCPU": w}, change.Present, false)
	if len(p.Refused) != 0 {
		t.Fatalf("%+v: the safe value %v of %s is refused: %+v", have, r.LowestSafe, r.Field, p.Refused)
	}
}

// A drained inventory has no room for one more unit and room for what is used.
func TestDrained(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		have := randomInventory(r)
		used := r.IntN(max(1, have.Capacity()) + 1)
		drained, changed := change.Drained(have, used)
		room := have.Capacity() > used
		if changed != room && room {
			t.Fatalf("%+v with %d used was not drained", have, used)
		}
		if room && (drained.Capacity() < used || drained.Reserved > drained.Total) {
			t.Fatalf("%+v with %d used became %+v", have, used, drained)
		}
		if left := drained.Capacity() - used; room && left > max(1, used/50_000) {
			t.Fatalf("%+v with %d used became %+v: %d are left", have, used, drained, left)
		}
	}
}

func TestRatioKeepsDecimals(t *testing.T) {
	for _, ratio := range []float64{0, 1.1, 16, 0.25, 1.5, 4, 0.9, 123456, 1e-3} {
		if got := change.Ratio(ratio); got != ratio {
			t.Errorf("%v became %v", ratio, got)
		}
	}
	for in, want := range map[float64]float64{1.2000000476837158: 1.2, 1.2345678: 1.23457, 1.0 / 3: 0.333333} {
		if got := change.Ratio(in); got != want {
			t.Errorf("%v became %v, want %v", in, got, want)
		}
	}
}
