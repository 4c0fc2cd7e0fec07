// SPDX-License-Identifier: Apache-2.0

package lookup_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/lookup"
)

type pair struct {
	name  string
	value int
}

func (p *pair) key() string { return p.name }

// It answers as a map of lists would, in the order of the list; of one that should be alone the last counts.
func TestLookup(t *testing.T) {
	for _, size := range []int{0, 1, 7, 8, 1000} {
		var list []pair
		want := map[string][]int{}
		for i := range size {
			one := pair{fmt.Sprint(i * i % 31), i}
			list, want[one.name] = append(list, one), append(want[one.name], i)
		}
		var of lookup.Table
		for name, values := range want {
			var got []int
			for _, one := range lookup.All(&of, list, (*pair).key, name) {
				got = append(got, one.value)
			}
			last, there := lookup.Last(&of, list, (*pair).key, name)
			if !slices.Equal(got, values) || !there || last.value != values[len(values)-1] {
				t.Errorf("%d, %s: %v, last %v; want %v", size, name, got, last, values)
			}
		}
		if _, there := lookup.Last(&of, list, (*pair).key, "none"); there || lookup.All(&of, list, (*pair).key, "none") != nil {
			t.Errorf("%d: something has a key that nothing has", size)
		}
		got := lookup.Keys(&of, list, (*pair).key)
		slices.Sort(got)
		if len(got) != len(want) || len(slices.Compact(got)) != len(want) {
			t.Errorf("%d: keys %v", size, got)
		}
	}
}
