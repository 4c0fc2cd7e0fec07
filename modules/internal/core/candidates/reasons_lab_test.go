// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"testing"
)

// Placement agrees with each reason: it has no candidate while the reason is there, and one as soon as it is mended.
func TestLabCandidatesReasons(t *testing.T) {
	lab := newBench(t)
	for name, c := range reasonCases() {
		s := healthy()
		c.breaks(s)
		for _, mended := range []bool{false, true} {
			if mended {
				c.mends(s)
			}
			lab.make(s.providers)
			theirs, refused := lab.ask(&s.request)
			wrong := lab.compare(s.providers, &s.request, tally{})
			lab.unmake(s.providers)
			if refused != "" || wrong != "" || (len(theirs) > 0) != mended {
				t.Errorf("%s (mended: %v): %s %s %v", name, mended, refused, wrong, theirs)
			}
		}
		if got := s.judged(); !got.Fits {
			t.Errorf("%s: %+v", name, got.Reasons)
		}
	}
}
