// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// title begins a part of the text.
func (s *sheet) title(words string) {
	s.Blank()
	s.Line("%s", s.Paint(screen.Bold, words))
}

// remedies says what to do about each finding, by its number, and then about what follows from it.
func (s *sheet) remedies() {
	if len(s.roots) == 0 {
		return
	}
	s.title("What to do")
	for _, n := range s.roots {
		s.remedy(3, fmt.Sprint(s.number[n]), n)
	}
}

// remedy says what to do as the step of that number; what follows from the finding and asks for more comes after it, as steps 2.1, 2.2
// and so on.
func (s *sheet) remedy(indent int, step string, n *Cause) {
	begin := fmt.Sprintf("%*s ", indent+1, step)
	at := screen.Columns(begin)
	s.Hang(begin, at, s.Short(n.Remedy.Text))
	if n.Remedy.Command != "" {
		s.Command(at, n.Remedy.Command)
	}
	others := n.others(n.Remedy.Command)
	for i, below := range others {
		if i == mostOfACheck && !s.Wide {
			s.Text(at+2, fmt.Sprintf("and %d more that follow from it", all(others[i:])))
			return
		}
		s.remedy(at+2, fmt.Sprintf("%s.%d", step, i+1), below)
	}
}

// unread says what could not be read, each cause once, and which checks suffer from it.
func (s *sheet) unread() {
	if len(s.NotRun) == 0 {
		return
	}
	s.title("Could not be judged")
	for _, group := range grouped(s.NotRun, func(n check.NotRun) string { return cmp.Or(n.Cause, n.Reason) }) {
		s.Said(2, s.Short(group.key))
		whole, part := []string{}, []string{}
		without := ""
		for _, n := range group.of {
			if len(n.Without) == 0 {
				whole = append(whole, n.Check)
				continue
			}
			part, without = append(part, n.Check), foreign.Some(n.Without, 5)
		}
		if len(whole) > 0 {
			s.Text(4, fmt.Sprintf("%s did not run: %s", Count(len(whole), "check"), Ranges(whole)))
		}
		if len(part) > 0 {
			s.Text(4, fmt.Sprintf("%s ran without %s: %s", Count(len(part), "check"), foreign.Line(without), Ranges(part)))
		}
	}
}

// left says what was seen and not judged, each reason once.
func (s *sheet) left() {
	if len(s.Summary.NotJudged) == 0 {
		return
	}
	s.title("Seen and not judged")
	for _, group := range grouped(s.Summary.NotJudged, func(n check.NotJudged) string { return n.Reason }) {
		most, of := 0, []string{}
		for _, n := range group.of {
			most, of = max(most, n.Count), append(of, n.Check)
		}
		s.Hang(fmt.Sprintf("%6d ", most), 7, s.Short(group.key)+" ("+Ranges(of)+")")
	}
}

// accepted lists what the rules of ignore accept.
func (s *sheet) accepted() {
	if len(s.Ignored) == 0 {
		return
	}
	s.title("Accepted")
	for _, i := range s.Ignored {
		s.Said(2, s.Short(fmt.Sprintf("%s %s: %s (%s)", i.ID, i.Name, i.Message, i.Reason)))
	}
}

// gone lists what the baseline had and this audit has not.
func (s *sheet) gone() {
	if len(s.Gone) == 0 {
		return
	}
	s.title("Gone since the baseline")
	for i, f := range s.Gone {
		if i == mostOfACheck && !s.Wide {
			s.Text(2, fmt.Sprintf("and %d more", len(s.Gone)-i))
			return
		}
		s.Said(2, s.Short(fmt.Sprintf("%s %s: %s", f.ID, f.Name, f.Message)))
	}
}

// uncompared says of which checks nothing can be said to be new or gone.
func (s *sheet) uncompared() {
	if len(s.Summary.NotCompared) == 0 {
		return
	}
	s.title("Not compared with the baseline")
	for _, n := range s.Summary.NotCompared {
		s.Hang(fmt.Sprintf("%6d ", n.Count), 7, s.Short(n.Check+": "+n.Reason))
	}
}

// next lists commands for what comes after.
func (s *sheet) next() {
	healable := !s.saved() && slices.ContainsFunc(s.Findings, func(f check.Finding) bool { return f.Remedy.Module != "" })
	var commands []string
	switch {
	case len(s.Findings) == 0:
		return
	case s.Play && healable:
		commands = append(commands, foreign.Command("ansible-playbook openstack_ops.placement.heal --check"))
	case !s.Play:
		if healable {
			commands = append(commands, s.again("heal")+" --check")
		}
		commands = append(commands, "placement explain "+foreign.Word(s.Findings[0].ID))
	}
	if len(commands) == 0 {
		return
	}
	s.title("Next")
	for _, command := range commands {
		s.Command(2, command)
	}
}

// saved reports whether a saved snapshot was judged, which nothing can be healed in.
func (s *sheet) saved() bool { return len(s.Cloud.Endpoints) == 0 }

// again is a command of the program for the same cloud.
func (s *sheet) again(name string) string {
	return strings.TrimSpace("placement " + name + " " + s.View.Cloud)
}

// group are the entries that have one key.
type group[T any] struct {
	key string
	of  []T
}

// grouped puts together the entries of one key, in the order in which they came.
func grouped[T any](all []T, key func(T) string) []group[T] {
	var out []group[T]
	for _, one := range all {
		i := slices.IndexFunc(out, func(g group[T]) bool { return g.key == key(one) })
		if i < 0 {
			i = len(out)
			out = append(out, group[T]{key: key(one)})
		}
		out[i].of = append(out[i].of, one)
	}
	return out
}

// Ranges lists ids of checks, those that follow each other by the first and the last number, such as "PLC101-108 PLC201".
func Ranges(ids []string) string {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	var words []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && follows(ids[j], ids[j+1]) {
			j++
		}
		word := ids[i]
		if j > i {
			word += "-" + strings.TrimLeft(ids[j], "PLC")
		}
		words = append(words, foreign.Line(word))
		i = j + 1
	}
	return strings.Join(words, " ")
}

func follows(a, b string) bool {
	m, err := strconv.Atoi(strings.TrimPrefix(a, "PLC"))
	n, err2 := strconv.Atoi(strings.TrimPrefix(b, "PLC"))
	return err == nil && err2 == nil && n == m+1
}
