// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// refusals is the text of conflicts.
type refusals struct {
	*screen.Page
	*Refusals
}

// Show is the result for people: what was read and what could not be, a table of the conflicts, and what to do about each kind.
func (r *Refusals) Show(v screen.View) []string {
	s := &refusals{screen.Of(v, r.Conflicts), r}
	s.header()
	s.unread()
	s.table()
	s.remedies()
	s.unplaced()
	return s.Lines()
}

func (s *refusals) header() {
	words := []string{}
	if title := s.Cloud.Title(); title != "" {
		words = append(words, foreign.Line(title))
	}
	if s.Summary.Since != nil {
		words = append(words, "since "+clock(*s.Summary.Since))
	}
	words = append(words, Count(len(s.Sources), "log"), size(s.Summary.Bytes), fmt.Sprintf("%.1f s", s.Summary.Duration))
	s.Hang(s.Paint(screen.Bold, "Conflicts")+"        ", 17, strings.Join(words, " · "))
	word, style := "CLEAN", screen.Good
	switch {
	case !s.Complete:
		word, style = "INCOMPLETE", screen.Worse
	case !s.Clean:
		word, style = "NOT CLEAN", screen.Worse
	}
	line := fmt.Sprintf("%s, %d to act on", Count(s.Summary.Conflicts, "refused request"), s.Summary.Act)
	if s.Summary.Conflicts == 0 {
		line = "no request was refused"
	}
	if s.Summary.Noise > 0 {
		line += "; " + noise(s.Summary.Noise)
	}
	s.Hang(s.Paint(style, word)+strings.Repeat(" ", 17-len(word)), 17, line)
}

// noise says that lines at ERROR need no action.
func noise(lines int) string {
	if lines == 1 {
		return "1 ERROR line is noise: the request succeeded in the end"
	}
	return fmt.Sprintf("%d ERROR lines are noise: the requests succeeded in the end", lines)
}

// clock is a time as people read it.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// size is an amount of logs, in the unit in which it is a number to read.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", min((bytes+1023)>>10, 1023)) // a short log is not none
}

func (s *refusals) table() {
	var rows [][]string
	for _, c := range s.shownOf() {
		last := "-"
		if c.Last != nil {
			last = c.Last.UTC().Format("02 Jan 15:04")
		}
		rows = append(rows, []string{
			foreign.Line(string(c.Verdict)), fmt.Sprint(c.Count), last, foreign.Line(c.Conflict),
			s.Short(cmp.Or(c.Target.Name, c.Target.UUID, "-")), s.Short(who(c.Clients)),
		})
	}
	if len(rows) == 0 {
		return
	}
	s.Blank()
	s.Table(0, []string{"VERDICT", "COUNT", "LAST (UTC)", "CONFLICT", "TARGET", "CLIENT"}, rows)
	if n := len(s.Conflicts) - len(rows) + s.Summary.LeftOut; n > 0 {
		s.Text(0, fmt.Sprintf("and %d more: --wide or -o json lists them", n))
	}
}

// shownOf are the conflicts that are listed: all that needs action, and some of the others.
func (s *refusals) shownOf() []explained.Conflict {
	const most = 40
	if s.Wide || len(s.Conflicts) <= most {
		return s.Conflicts
	}
	return s.Conflicts[:most]
}

// who names the clients that were refused.
func who(clients []explained.Pace) string {
	const most = 2
	var words []string
	for i, c := range clients {
		if i == most {
			words = append(words, fmt.Sprintf("%d more", len(clients)-most))
			break
		}
		word := cmp.Or(c.Service, "a client")
		if on := cmp.Or(c.Host, c.Address); on != "" {
			word += " on " + on
		}
		words = append(words, word)
	}
	return cmp.Or(strings.Join(words, ", "), "-")
}

// remedies explains each kind of conflict that needs action once, with a command for each target.
func (s *refusals) remedies() {
	act := slices.DeleteFunc(slices.Clone(s.Conflicts), func(c explained.Conflict) bool { return !c.Act })
	if len(act) == 0 {
		return
	}
	s.Blank()
	s.Line("%s", s.Paint(screen.Bold, "What to do"))
	for _, kind := range grouped(act, func(c explained.Conflict) string { return c.Conflict + "\x00" + c.Remedy }) {
		first := kind.of[0]
		s.Line("  %s", s.Paint(screen.Bold, foreign.Line(first.Conflict)))
		s.Said(4, s.Short(first.Meaning))
		s.Said(4, s.Short("Who tries again: "+first.Retried))
		s.Said(4, s.Short("To do: "+first.Remedy))
		for _, c := range kind.of {
			s.target(c)
		}
	}
}

// target says what was refused of one target, and what to run about it.
func (s *refusals) target(c explained.Conflict) {
	s.Said(4, "- "+s.Short(untitled(c)))
	var found []string
	for _, fingerprint := range c.Findings {
		id, about := ofFingerprint(fingerprint)
		found = append(found, strings.TrimSpace(id+" "+about))
	}
	if len(found) > 0 {
		s.Said(6, "The audit found: "+s.Short(strings.Join(found, ", ")))
	}
	if c.Command != "" {
		s.Command(6, c.Command)
	}
}

// untitled is the message below a title that is the name of the conflict.
func untitled(c explained.Conflict) string { return strings.TrimPrefix(c.Message, c.Conflict+": ") }

// ofFingerprint is the check that a finding is of, and what it is about, such as "(provider 4f1e2c3d…)".
func ofFingerprint(fingerprint string) (id, about string) {
	about = check.AboutOf(fingerprint)
	if about == "" {
		return fingerprint, ""
	}
	return check.IDOf(fingerprint), "(" + about + ")"
}

// unplaced lists what had nowhere to go.
func (s *refusals) unplaced() {
	const most = 20
	if len(s.Unplaced) == 0 {
		return
	}
	s.Blank()
	s.Line("%s", s.Paint(screen.Bold, "No valid host"))
	for i, g := range s.Unplaced {
		if i == most && !s.Wide {
			s.Text(2, fmt.Sprintf("and %d more: --wide or -o json lists them", len(s.Unplaced)-most))
			break
		}
		s.Said(2, "- "+s.Short(g.Message))
		if g.Command != "" {
			s.Command(4, g.Command)
		}
	}
}

func (s *refusals) unread() {
	doubts := s.Summary.Doubts()
	if len(s.NotRead)+len(doubts) == 0 {
		return
	}
	s.Blank()
	s.Line("%s", s.Paint(screen.Bold, "Could not be read"))
	for _, n := range s.NotRead {
		s.Said(2, s.Short(n.Source+": "+n.Reason))
	}
	for _, doubt := range doubts {
		s.Said(2, s.Short(doubt))
	}
}
