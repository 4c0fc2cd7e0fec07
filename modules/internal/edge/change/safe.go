// SPDX-License-Identifier: Apache-2.0

package change

import (
	"math"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// The fields that make a capacity.
const (
	fieldTotal    = "total"
	fieldReserved = "reserved"
	fieldRatio    = "allocation_ratio"
)

// culprits returns the fields whose change lowers the capacity.
func culprits(have, want openstack.Inventory) []string {
	var fields []string
	if want.Total < have.Total {
		fields = append(fields, fieldTotal)
	}
	if want.Reserved > have.Reserved {
		fields = append(fields, fieldReserved)
	}
	if want.AllocationRatio < have.AllocationRatio {
		fields = append(fields, fieldRatio)
	}
	return fields
}

// clamped takes back of a wish that gives less than is used, and less than is there, as little as will do: the first of the
// fields that can do it alone, or else one after the other. None goes beyond what is there: whoever asks for less never
// gets more, and a class that is over capacity already stays as it is.
func clamped(have, want openstack.Inventory, used int) openstack.Inventory {
	needed, fields := min(used, have.Capacity()), culprits(have, want)
	for _, field := range fields {
		if fixed, ok := fixedBy(field, have, want, needed); ok {
			return fixed
		}
	}
	for _, field := range fields {
		if fixed, ok := fixedBy(field, have, want, needed); ok {
			return fixed
		}
		want = with(field, want, number(field, have))
	}
	return want
}

// fixedBy sets the field to the value nearest to the wish that gives what is needed; false if that is beyond what is there.
func fixedBy(field string, have, want openstack.Inventory, needed int) (openstack.Inventory, bool) {
	value, ok := lowestSafe(field, want, needed)
	beyond := value > number(field, have)
	if field == fieldReserved {
		beyond = value < number(field, have)
	}
	return with(field, want, value), ok && !beyond
}

func number(field string, i openstack.Inventory) float64 {
	switch field {
	case fieldReserved:
		return float64(i.Reserved)
	case fieldRatio:
		return i.AllocationRatio
	}
	return float64(i.Total)
}

func get(field string, i openstack.Inventory) any {
	switch field {
	case fieldReserved:
		return i.Reserved
	case fieldRatio:
		return i.AllocationRatio
	}
	return i.Total
}

func with(field string, i openstack.Inventory, value float64) openstack.Inventory {
	switch field {
	case fieldReserved:
		i.Reserved = int(value)
	case fieldRatio:
		i.AllocationRatio = value
	default:
		i.Total = int(value)
	}
	return i
}

// lowestSafe returns the value of the field nearest to the wish at which the capacity still covers what is used, all
// other fields as wished; false if there is none that Placement would take.
func lowestSafe(field string, want openstack.Inventory, used int) (float64, bool) {
	switch field {
	case fieldReserved:
		return highestReserved(want, used)
	case fieldRatio:
		return lowestRatio(want, used)
	}
	return lowestTotal(want, used)
}

// quotient is cut to a whole number, and to one far beyond any total.
func quotient(used int, ratio float64) int { return int(min(float64(used)/ratio, 1<<40)) }

// lowestTotal counts up from the quotient: rounding may make it one or two too small.
func lowestTotal(want openstack.Inventory, used int) (float64, bool) {
	if want.AllocationRatio <= 0 {
		return 0, false
	}
	start := want.Reserved + quotient(used, want.AllocationRatio) - 2
	for total := max(start, 1); total <= math.MaxInt32 && total < start+8; total++ {
		if i := with(fieldTotal, want, float64(total)); i.Capacity() >= used {
			return float64(total), true
		}
	}
	return 0, false
}

// highestReserved counts down from the quotient, for the same reason.
func highestReserved(want openstack.Inventory, used int) (float64, bool) {
	if want.AllocationRatio <= 0 {
		return 0, false
	}
	start := min(want.Total-quotient(used, want.AllocationRatio)+2, want.Total)
	for reserved := start; reserved >= 0 && reserved > start-8; reserved-- {
		if i := with(fieldReserved, want, float64(reserved)); i.Capacity() >= used {
			return float64(reserved), true
		}
	}
	return 0, false
}

// lowestRatio takes the six-digit ratio at or above the quotient.
func lowestRatio(want openstack.Inventory, used int) (float64, bool) {
	free := want.Total - want.Reserved
	if free <= 0 {
		return 0, false
	}
	exact := float64(used) / float64(free)
	ratio := Ratio(exact)
	step := math.Pow(10, math.Floor(math.Log10(max(exact, math.SmallestNonzeroFloat32)))-5)
	for range 4 {
		if i := with(fieldRatio, want, ratio); i.Capacity() >= used {
			return ratio, true
		}
		ratio = Ratio(ratio + step)
	}
	return 0, false
}

// Drained returns the inventory with no room left: as much reserved as can be without going below what is used and,
// where the ratio makes one reserved unit worth several, a ratio that takes away the rest. Nothing new lands there and
// nothing that runs is touched. False if there is no room already.
func Drained(have openstack.Inventory, used int) (openstack.Inventory, bool) {
	if have.Capacity() <= used {
		return have, false
	}
	drained := have
	if reserved, ok := highestReserved(have, used); ok {
		drained = with(fieldReserved, have, max(reserved, float64(have.Reserved)))
	}
	if ratio, ok := lowestRatio(drained, used); ok && ratio < drained.AllocationRatio {
		drained = with(fieldRatio, drained, ratio)
	}
	return drained, drained != have
}
