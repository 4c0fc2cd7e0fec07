// SPDX-License-Identifier: Apache-2.0

package change

import (
	"math"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// The fields that make a capacity.
const (
	fieldTotal    = "total"
	fieldReserved = "reserved"
	fieldRatio    = "allocation_ratio"
)

// culprit returns the field whose change lowers the capacity; the first of those that do.
func culprit(have, want snapshot.Inventory) string {
	switch {
	case want.Total < have.Total:
		return fieldTotal
	case want.Reserved > have.Reserved:
		return fieldReserved
	case want.AllocationRatio < have.AllocationRatio:
		return fieldRatio
	}
	return fieldTotal
}

func get(field string, i snapshot.Inventory) any {
	switch field {
	case fieldReserved:
		return i.Reserved
	case fieldRatio:
		return i.AllocationRatio
	}
	return i.Total
}

func with(field string, i snapshot.Inventory, value float64) snapshot.Inventory {
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
func lowestSafe(field string, want snapshot.Inventory, used int) (float64, bool) {
	switch field {
	case fieldReserved:
		return highestReserved(want, used)
	case fieldRatio:
		return lowestRatio(want, used)
	}
	return lowestTotal(want, used)
}

// lowestTotal counts up from the quotient: rounding may make it one or two too small.
func lowestTotal(want snapshot.Inventory, used int) (float64, bool) {
	if want.AllocationRatio <= 0 {
		return 0, false
	}
	start := want.Reserved + int(float64(used)/want.AllocationRatio) - 2
	for total := max(start, 1); total <= math.MaxInt32 && total < start+8; total++ {
		if i := with(fieldTotal, want, float64(total)); i.Capacity() >= used {
			return float64(total), true
		}
	}
	return 0, false
}

// highestReserved counts down from the quotient, for the same reason.
func highestReserved(want snapshot.Inventory, used int) (float64, bool) {
	if want.AllocationRatio <= 0 {
		return 0, false
	}
	start := min(want.Total-int(float64(used)/want.AllocationRatio)+2, want.Total)
	for reserved := start; reserved >= 0 && reserved > start-8; reserved-- {
		if i := with(fieldReserved, want, float64(reserved)); i.Capacity() >= used {
			return float64(reserved), true
		}
	}
	return 0, false
}

// lowestRatio takes the six-digit ratio at or above the quotient.
func lowestRatio(want snapshot.Inventory, used int) (float64, bool) {
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
func Drained(have snapshot.Inventory, used int) (snapshot.Inventory, bool) {
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
