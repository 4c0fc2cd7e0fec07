// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// How many findings of one check a text lists; a wide one lists all.
const mostOfACheck = 10

// sheet is the text of an audit.
type sheet struct {
	*screen.Page
	*Audit

	causes int // how many there are
	roots  []*Cause
	number map[*Cause]int
	hidden map[string]int // by check: findings that are counted only
}

// Show is the result of an audit for people.
func (a *Audit) Show(v screen.View) []string {
	s := &sheet{Page: screen.New(v, a.texts()...), Audit: a, number: map[*Cause]int{}, hidden: map[string]int{}}
	causes := Causes(a.Findings)
	s.causes, s.roots = len(causes), s.listed(causes)
	s.header()
	s.overview()
	s.remedies()
	s.unread()
	s.left()
	s.accepted()
	s.gone()
	s.uncompared()
	s.next()
	return s.Lines()
}

// texts are all texts with UUIDs that the page may show.
func (a *Audit) texts() []string {
	var out []string
	for _, list := range [][]check.Finding{a.Findings, a.Gone} {
		for _, f := range list {
			out = append(out, f.Message, f.Remedy.Text, f.Subject.UUID)
		}
	}
	for _, i := range a.Ignored {
		out = append(out, i.Message)
	}
	return out
}

// listed are the causes that are shown: so many of each check.
func (s *sheet) listed(causes []*Cause) []*Cause {
	var out []*Cause
	of := map[string]int{}
	for _, n := range causes {
		if of[n.ID]++; of[n.ID] > mostOfACheck && !s.Wide {
			s.hidden[n.ID] += 1 + n.Size()
			continue
		}
		out = append(out, n)
		s.number[n] = len(out)
	}
	return out
}

// header says which cloud was judged, on what grounds, and how it is.
func (s *sheet) header() {
	begin := s.Paint(screen.Bold, "Placement audit")
	words := []string{cmp.Or(foreign.Line(s.Cloud.Title()), "a saved snapshot")}
	words = append(words, s.Summary.TakenAt.UTC().Format("2006-01-02 15:04 UTC"), s.grounds())
	s.Hang(begin+"  ", 17, strings.Join(words, " · "))
	word, style := s.word()
	line := strings.Join(s.counts(), "  ")
	s.Hang(s.Paint(style, word)+strings.Repeat(" ", max(17-len(word), 2)), 17, line)
	if scope := s.scope(); scope != "" {
		s.Hang(screen.Pad("Scope", 17), 17, scope)
	}
}

// grounds says what was read, so that what is said of it can be believed.
func (s *sheet) grounds() string {
	var words []string
	for _, part := range []struct {
		of   snapshot.Part
		name string
	}{{snapshot.Providers, "resource provider"}, {snapshot.Servers, "server"}} {
		if n, read := s.Summary.Read[part.of]; read {
			words = append(words, Count(n, part.name))
		}
	}
	ran := len(s.Summary.ChecksRun)
	words = append(words, fmt.Sprintf("%d of %d checks", ran, ran+len(s.NotRun)))
	if s.Summary.Quick != nil {
		words = append(words, "a quick look")
	}
	if s.Summary.Duration > 0 {
		words = append(words, fmt.Sprintf("%.1f s", s.Summary.Duration))
	}
	return strings.Join(words, ", ")
}

// word is the verdict in a word.
func (a *Audit) word() (string, screen.Style) {
	switch {
	case !a.Complete:
		return "INCOMPLETE", screen.Worse
	case a.Clean:
		return "CLEAN", screen.Good
	}
	return "NOT CLEAN", screen.Worse
}

func (s *sheet) counts() []string {
	words := s.Summary.BySeverity.Words()
	if len(words) == 0 {
		words = []string{"nothing found"}
	}
	words = []string{strings.Join(words, ", ")}
	if n := s.Summary.Findings; s.causes > 0 && s.causes < len(s.Findings) {
		words[0] = Count(n, "finding") + " from " + Count(s.causes, "cause") + ": " + words[0]
	}
	if by := s.Summary.ByState; by != nil {
		words = append(words, fmt.Sprintf("since the baseline: %d new, %d known, %d gone", by.New, by.Known, by.Gone))
	}
	if n := s.Summary.Ignored; n > 0 {
		words = append(words, fmt.Sprintf("%d accepted", n))
	}
	if len(s.NotRun) > 0 {
		words = append(words, Count(len(s.NotRun), "check")+" did not finish")
	}
	return words
}

func (s *sheet) scope() string {
	if s.Summary.Scope == nil {
		return ""
	}
	var words []string
	for _, of := range []struct {
		what  string
		names []string
	}{
		{"providers", s.Summary.Scope.Providers}, {"hosts", s.Summary.Scope.Hosts}, {"host aggregates", s.Summary.Scope.Aggregates},
	} {
		if len(of.names) > 0 {
			words = append(words, of.what+" "+foreign.List(of.names))
		}
	}
	return strings.Join(words, "; ")
}

// overview lists the findings, each below its cause.
func (s *sheet) overview() {
	if len(s.roots) == 0 {
		return
	}
	s.Blank()
	for _, n := range s.roots {
		s.row(fmt.Sprintf("%4d ", s.number[n]), n)
		s.follow(n, "")
	}
	for _, id := range slices.Sorted(maps.Keys(s.hidden)) {
		s.Text(5, fmt.Sprintf("and %d more with %s: --wide or -o json lists them", s.hidden[id], id))
	}
	if s.Summary.LeftOut > 0 {
		s.Text(5, fmt.Sprintf("and %d more beyond max_findings", s.Summary.LeftOut))
	}
}

// follow lists what follows from a finding.
func (s *sheet) follow(n *Cause, indent string) {
	for i, below := range n.Below {
		if i == mostOfACheck && !s.Wide {
			s.Text(5, fmt.Sprintf("%s  and %d more that follow from it", indent, all(n.Below[i:])))
			return
		}
		s.row("     "+indent+"└ ", below)
		s.follow(below, indent+"  ")
	}
}

// The overview: how wide a severity is, in which column the messages begin, and from which width on they stand beside the names.
const (
	ofName    = 9
	ofMessage = 47
	columned  = 120
)

// row is one finding: how bad it is, what it is, and its message.
func (s *sheet) row(begin string, n *Cause) {
	name := foreign.Line(n.ID + " " + n.Name)
	if n.State != "" {
		name += " (" + string(n.State) + ")"
	}
	at := screen.Columns(begin)
	line := begin + s.Paint(screen.OfSeverity(string(n.Severity)), screen.Pad(strings.ToUpper(foreign.Line(string(n.Severity))), ofName))
	if s.Width > 0 && s.Width < columned {
		s.Line("%s", line+s.Paint(screen.Bold, name))
		s.Text(at+ofName, s.Short(n.Message))
		return
	}
	name = screen.Pad(name, ofMessage-ofName-at-2) + "  "
	s.Hang(line+s.Paint(screen.Bold, name), at+ofName+screen.Columns(name), s.Short(n.Message))
}

// Count says how many there are of something, such as "1 server" or "2 servers".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "s") {
		what += "e"
	}
	return fmt.Sprintf("%d %ss", n, what)
}
