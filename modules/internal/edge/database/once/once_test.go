// SPDX-License-Identifier: Apache-2.0

package once_test

import (
	"database/sql"
	"maps"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
)

// A UUID has one place whoever names it, and what is no UUID has none.
func TestIDs(t *testing.T) {
	k := once.NewIDs()
	k.Know("known")
	var places []int32
	for _, uuid := range []string{"known", "new", "new", "other"} {
		place, one, err := k.Of(sql.RawBytes(uuid))
		if err != nil || one != uuid || k.At(place) != uuid {
			t.Errorf("%s: %d, %s, %v", uuid, place, one, err)
		}
		places = append(places, place)
	}
	if want := []int32{0, 1, 1, 2}; !slices.Equal(places, want) || k.Len() != 3 {
		t.Errorf("places %v of %d, want %v", places, k.Len(), want)
	}
	if _, _, err := k.Of(sql.RawBytes("a\nb")); err == nil || k.Len() != 3 {
		t.Errorf("what is no UUID is taken: %d, %v", k.Len(), err)
	}
	if at, known := k.Known(sql.RawBytes("other")); !known || at != 2 {
		t.Errorf("other: %d, %v", at, known)
	}
	if _, known := k.Known(sql.RawBytes("never named")); known || k.Len() != 3 {
		t.Error("to ask for a UUID makes it known")
	}
	if _, known := k.Find("never seen"); known {
		t.Error("what was never seen is known")
	}
}

// A place that was given no number has 0, also behind the last.
func TestByPlace(t *testing.T) {
	list := once.ByPlace(nil).With(3, 7).With(1, 5)
	for place, want := range []int32{0, 5, 0, 7, 0} {
		if got := list.At(int32(place)); got != want {
			t.Errorf("place %d has %d, want %d", place, got, want)
		}
	}
}

// Equal sets are one, and the sets of two are in their union.
func TestSets(t *testing.T) {
	s := once.NewSets()
	one := s.With(s.With(0, 1, 2), 2, 512)
	if again := s.With(s.With(0, 1, 2), 2, 512); again != one {
		t.Errorf("%d and %d are the same set", one, again)
	}
	both := s.Union(one, s.With(0, 3, 20))
	if got := maps.Collect(s.All(both)); !maps.Equal(got, map[int32]int{1: 2, 2: 512, 3: 20}) {
		t.Errorf("%v", got)
	}
}

// A text is cleaned and kept once.
func TestTexts(t *testing.T) {
	all := once.Texts{}
	if got := all.Of(sql.RawBytes("a\nb")); got != "a b" || all.Of(sql.RawBytes("a\nb")) != got || len(all) != 1 || all.Of(nil) != "" {
		t.Errorf("%q of %q", got, all)
	}
}
