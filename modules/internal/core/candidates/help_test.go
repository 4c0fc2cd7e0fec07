// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// One is not several.
func TestOneIsAskedFor(t *testing.T) {
	for want, change := range map[string]func(*openstack.Inventory){
		"only in amounts of at least 2 (min_unit), and 1 is asked for": func(i *openstack.Inventory) { i.MinUnit = 2 },
		"in steps of 2, and 1 is asked for":                            func(i *openstack.Inventory) { i.StepSize = 2 },
		"because 1 is reserved":                                        func(i *openstack.Inventory) { i.Total, i.Reserved = 1, 1 },
	} {
		s := healthy().ask(func(g *candidates.Group) { g.Resources[first] = 1 })
		s.set(root, first, change)
		if got := s.judged(); got.Fits || !strings.Contains(got.Reasons[0].Text, want) {
			t.Errorf("no %q in %+v", want, got.Reasons)
		}
	}
}

// More than a whole host has is not to be had by any change of its inventory.
func TestNoHelpBeyondTheTotal(t *testing.T) {
	s := healthy().ask(func(g *candidates.Group) { g.Resources[first] = 11 })
	got := s.judged()
	if len(got.Reasons) != 2 || got.Reasons[0].Help+got.Reasons[1].Help != "" {
		t.Errorf("%+v", got.Reasons)
	}
	s.set(root, first, func(i *openstack.Inventory) { i.MaxUnit = 12 })
	if got := s.judged(); len(got.Reasons) != 1 || got.Reasons[0].Help != "Raise the allocation_ratio of CUSTOM_CAND_A on cn1 from 1 to 1.1" {
		t.Errorf("%+v", got.Reasons)
	}
}

// What is said to be freed is used; the ratio and the reserved amount that are named make room, and the next smaller change does not,
// whatever floating points make of it.
func TestHelpMakesRoom(t *testing.T) {
	for total := 1; total < 130; total += 3 {
		for asked := 1; asked < 300; asked += 7 {
			for _, i := range []openstack.Inventory{{Total: total, AllocationRatio: 0.5}, {Total: total, Reserved: total / 2, AllocationRatio: 1.15}} {
				tried(t, i, asked)
			}
		}
	}
	tried(t, openstack.Inventory{Total: 100, AllocationRatio: 1}, 115) // 1.15 times 100 is less than 115
}

func tried(t *testing.T, i openstack.Inventory, asked int) {
	t.Helper()
	i.MinUnit, i.MaxUnit, i.StepSize = 1, 1000, 1
	const used = 2
	judged := func(i openstack.Inventory) candidates.Tree {
		s := healthy()
		s.on(root).Inventories[first], s.on(root).Usages[first] = i, used
		s.ask(func(g *candidates.Group) { g.Resources[first] = asked })
		return s.judged()
	}
	got := judged(i)
	if got.Fits {
		return
	}
	help := got.Reasons[0].Help
	said := func(format string, into ...any) bool {
		for at := range help {
			if n, _ := fmt.Sscanf(help[at:], format, into...); n == len(into) {
				return true
			}
		}
		return false
	}
	var freed, reserved int
	var ratio float64
	if said("Free %d CUSTOM_CAND_A on cn1", &freed) && freed > used {
		t.Errorf("%+v, %d asked for: %s", i, asked, help)
	}
	if said(fmt.Sprintf("from %d to %%d", i.Reserved), &reserved) && got.Reasons[0].Kind == candidates.KindReserved {
		now, less := i, i
		now.Reserved, less.Reserved = reserved, reserved+1
		if !judged(now).Fits || judged(less).Fits {
			t.Errorf("%+v, %d asked for: %s", i, asked, help)
		}
	}
	if !said(fmt.Sprintf("raise the allocation_ratio of CUSTOM_CAND_A from %g to %%g", i.AllocationRatio), &ratio) &&
		!said(fmt.Sprintf("Raise the allocation_ratio of CUSTOM_CAND_A on cn1 from %g to %%g", i.AllocationRatio), &ratio) {
		t.Fatalf("%+v, %d asked for: %s", i, asked, help)
	}
	now, less := i, i
	now.AllocationRatio, less.AllocationRatio = ratio, math.Round(ratio*100-1)/100
	if !judged(now).Fits || judged(less).Fits {
		t.Errorf("%+v, %d asked for: %s", i, asked, help)
	}
}
