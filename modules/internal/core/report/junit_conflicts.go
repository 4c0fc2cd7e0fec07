// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

const conflictsClass = "placement_conflicts"

// ConflictJUnit writes conflicts as tests. Each kind of conflict is one. It fails if one of them needs action; the others
// are in its output. One more test fails if a log could not be read.
func ConflictJUnit(r *Refusals) ([]byte, error) {
	suite := newSuite(conflictsClass, r.Host, r.Summary.TakenAt, r.Summary.Duration)
	for _, kind := range kinds() {
		suite.add(r.junitCase(kind))
	}
	var unread []string
	for _, n := range r.NotRead {
		unread = append(unread, foreign.Line(n.Source+": "+n.Reason))
	}
	if !r.Complete && unread == nil {
		unread = []string{foreign.Line(r.Msg)}
	}
	suite.whole(conflictsClass, "complete", "not all logs could be read", unread)
	return suite.bytes()
}

func (r *Refusals) junitCase(kind string) junitCase {
	var act, rest []string
	for _, c := range r.Conflicts {
		text := foreign.Line(fmt.Sprintf("%s: %s", c.Verdict, c.Message))
		switch {
		case c.Conflict != kind:
		case c.Act:
			act = append(act, text+"\n  "+foreign.Line("Remedy: "+c.Remedy))
		default:
			rest = append(rest, text)
		}
	}
	out := junitCase{Class: conflictsClass, Name: kind, Out: strings.Join(rest, "\n")}
	if len(act) > 0 {
		out.Failure = &junitText{fmt.Sprintf("%d to act on", len(act)), "conflict", strings.Join(act, "\n")}
	}
	return out
}
