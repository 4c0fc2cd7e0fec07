// SPDX-License-Identifier: Apache-2.0

package junit

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

const conflictsClass = "placement_conflicts"

// Conflicts writes conflicts as tests. Each kind of conflict is one. It fails if one of them needs action; the others
// are in its output. One more test fails if a log could not be read.
func Conflicts(r *report.Refusals) ([]byte, error) {
	s := newSuite(conflictsClass, r.Host, r.Summary.TakenAt, r.Summary.Duration)
	for _, kind := range explained.Kinds() {
		s.add(ofKind(r, kind))
	}
	var unread []string
	for _, n := range r.NotRead {
		unread = append(unread, foreign.Line(n.Source+": "+n.Reason))
	}
	if !r.Complete && unread == nil {
		unread = []string{foreign.Line(r.Msg)}
	}
	s.whole(conflictsClass, "complete", "not all logs could be read", unread)
	return s.bytes()
}

func ofKind(r *report.Refusals, kind string) testCase {
	var act, rest []string
	for _, c := range r.Conflicts {
		words := foreign.Line(fmt.Sprintf("%s: %s", c.Verdict, c.Message))
		switch {
		case c.Conflict != kind:
		case c.Act:
			act = append(act, words+"\n  "+foreign.Line("Remedy: "+c.Remedy))
		default:
			rest = append(rest, words)
		}
	}
	out := testCase{Class: conflictsClass, Name: kind, Out: strings.Join(rest, "\n")}
	if len(act) > 0 {
		out.Failure = &text{fmt.Sprintf("%d to act on", len(act)), "conflict", strings.Join(act, "\n")}
	}
	return out
}
