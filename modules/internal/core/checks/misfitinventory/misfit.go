// SPDX-License-Identifier: Apache-2.0

package misfitinventory

import (
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// misfit is one reason for which flavors do not fit an inventory.
type misfit struct {
	class, field, text string
	inventory          openstack.Inventory
	flavors            []string // that do not fit; empty where none is known
}

// misfits lists what is wrong with an inventory. known are the amounts that flavors ask for.
func misfits(class string, i openstack.Inventory, h openstack.Hypervisor, known map[int]string) []misfit {
	if broken(i) {
		return nil // PLC303
	}
	var found []misfit
	add := func(field, text string, flavors []string) {
		found = append(found, misfit{class: class, field: field, text: text, inventory: i, flavors: flavors})
	}
	tooLarge, wrongUnit, some := sorted(i, known)
	if !some && overReserved(i, known) {
		add("reserved", fmt.Sprintf("reserved %d leaves %d of total %d, which %s", i.Reserved, i.Total-i.Reserved, i.Total, fitsNone(known)),
			tooLarge)
	}
	if len(wrongUnit) > 0 {
		add("step_size", fmt.Sprintf("min_unit %d and step_size %d do not fit flavor %s", i.MinUnit, i.StepSize, foreign.Some(wrongUnit, 3)), wrongUnit)
	}
	if h.Type == "QEMU" && i.MaxUnit < i.Total {
		add("max_unit", fmt.Sprintf("max_unit %d is below total %d, so no larger server fits", i.MaxUnit, i.Total), nil)
	}
	return found
}

// overReserved reports whether it is what is reserved that keeps the flavors out, or that leaves less than a tenth.
func overReserved(i openstack.Inventory, known map[int]string) bool {
	const tenth = 10
	free := i
	free.Reserved = 0
	_, _, fits := sorted(free, known)
	return i.Reserved > 0 && (fits || (i.Total-i.Reserved)*tenth <= i.Total)
}

// broken reports whether nothing can be allocated for a reason that PLC303 names.
func broken(i openstack.Inventory) bool {
	return i.AllocationRatio == 0 || i.Reserved >= i.Total || i.MinUnit > i.MaxUnit || i.StepSize > i.MaxUnit
}

// sorted tells the flavors that ask for too much from those whose amount min_unit or step_size does not allow. some says that a
// flavor fits.
func sorted(i openstack.Inventory, known map[int]string) (tooLarge, wrongUnit []string, some bool) {
	for _, amount := range slices.Sorted(maps.Keys(known)) {
		name := fmt.Sprintf("%s (%d)", known[amount], amount)
		switch {
		case amount > i.Capacity() || amount > i.MaxUnit:
			tooLarge = append(tooLarge, name)
		case amount < i.MinUnit || i.StepSize > 1 && amount%i.StepSize != 0:
			wrongUnit = append(wrongUnit, name)
		default:
			some = true
		}
	}
	return tooLarge, wrongUnit, some
}

func fitsNone(known map[int]string) string {
	if len(known) == 0 {
		return "is less than a tenth"
	}
	return "no flavor of the servers fits"
}
