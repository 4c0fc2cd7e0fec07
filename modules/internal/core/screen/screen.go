// SPDX-License-Identifier: Apache-2.0

// Package screen lays out text for people who read it in a terminal, in the output of a play or in a journal: folded to a width,
// with commands alone on their lines, and with colours only where they are asked for. Texts of others stay on one line.
package screen

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// View says where a text is read.
type View struct {
	Width  int  // in columns; 0 stands for no limit
	Colour bool // escape sequences are understood
	Wide   bool // nothing is shortened or left out
	Play   bool // in the output of a play: what comes next is a playbook
	// Cloud are the words that name the cloud to the program again, such as "--cloud lab"; empty where none are needed.
	Cloud string
}

// InPlay is how a play shows a text.
func InPlay() View { return View{Width: 100, Play: true} }

// Style is how a word is emphasized where there are colours. Where there are none, nothing is lost.
type Style int

// The styles.
const (
	Plain Style = iota
	Bold
	Faint
	Bad
	Worse
	Warn
	Good
)

func (s Style) colours() text.Colors {
	switch s {
	case Bold:
		return text.Colors{text.Bold}
	case Faint:
		return text.Colors{text.Faint}
	case Bad:
		return text.Colors{text.FgRed}
	case Worse:
		return text.Colors{text.Bold, text.FgRed}
	case Warn:
		return text.Colors{text.FgYellow}
	case Good:
		return text.Colors{text.FgGreen}
	case Plain:
	}
	return nil
}

// OfSeverity is how the severity of a finding is emphasized.
func OfSeverity(severity string) Style {
	switch severity {
	case "critical":
		return Worse
	case "high":
		return Bad
	case "medium":
		return Warn
	}
	return Faint
}

// Page is a text that grows line by line.
type Page struct {
	View

	lines []string
	short map[string]string // UUIDs as they are shown
}

// uuid is a UUID as the services write it.
var uuid = regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)

// New begins a page. Of the UUIDs in texts those are shown by their first eight digits which these tell from all others; commands
// keep them whole, and so does a wide view.
func New(v View, texts ...string) *Page {
	p := &Page{View: v, short: map[string]string{}}
	if v.Wide {
		return p
	}
	owner, shared := map[string]string{}, map[string]bool{}
	for _, t := range texts {
		for _, id := range uuid.FindAllString(t, -1) {
			if first, known := owner[id[:8]]; known && first != id {
				shared[id[:8]] = true
			}
			owner[id[:8]] = id
		}
	}
	for begin, id := range owner {
		if !shared[begin] {
			p.short[id] = begin + "…"
		}
	}
	return p
}

// Of begins a page about a result, of texts, numbers and what is made of them alone: UUIDs are told apart among all that it has.
func Of(v View, result any) *Page {
	data, _ := json.Marshal(result)
	return New(v, string(data))
}

// Headline adds the sentence that a page begins with.
func (p *Page) Headline(sentence string) { p.Said(0, p.Paint(Bold, foreign.Line(sentence))) }

// Dry adds that check mode has written nothing, for who runs a command; in a play, Ansible says so.
func (p *Page) Dry() {
	if !p.Play {
		p.Blank()
		p.Text(0, "Nothing was written. Run the same without --check to do it.")
	}
}

// YesNo is a bool in a table.
func YesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// Short is a text of others on one line, with UUIDs shortened where that is safe.
func (p *Page) Short(t string) string {
	return uuid.ReplaceAllStringFunc(foreign.Line(t), func(id string) string {
		if short, known := p.short[id]; known {
			return short
		}
		return id
	})
}

// Paint emphasizes a text where the view has colours.
func (v View) Paint(s Style, t string) string {
	if colours := s.colours(); v.Colour && colours != nil && t != "" {
		return colours.EscapeSeq() + t + text.EscapeReset
	}
	return t
}

// Blank adds an empty line, unless one is there or the page is empty.
func (p *Page) Blank() {
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

// Line adds a line as it stands, however long it is.
func (p *Page) Line(format string, args ...any) {
	p.lines = append(p.lines, strings.TrimRight(fmt.Sprintf(format, args...), " "))
}

// Command adds a command alone on its line, ready to be copied.
func (p *Page) Command(indent int, command string) {
	p.Line("%s%s %s", strings.Repeat(" ", indent), p.Paint(Faint, "$"), foreign.Line(command))
}

// Text adds a text behind an indent, folded to the width.
func (p *Page) Text(indent int, t string) { p.Hang(strings.Repeat(" ", indent), indent, t) }

// Said adds a text that may quote others. The lines below its first have a deeper indent: what a name holds never looks like the
// beginning of another text.
func (p *Page) Said(indent int, t string) { p.Hang(strings.Repeat(" ", indent), indent+2, t) }

// Hang adds a text behind what begins its first line. The lines below are indented.
func (p *Page) Hang(begin string, indent int, t string) {
	for i, line := range p.fold(t, indent) {
		if i > 0 {
			begin = strings.Repeat(" ", indent)
		}
		p.Line("%s%s", begin, line)
	}
}

// narrowest is how many columns a folded text has at least.
const narrowest = 20

// fold breaks a text into lines of what the view has beside the indent.
func (p *Page) fold(t string, indent int) []string {
	if p.Width == 0 {
		return []string{t}
	}
	lines := strings.Split(text.WrapSoft(t, max(p.Width-indent, narrowest)), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "$") { // only a command begins so, and a name may hold one
			lines[i] = "…" + line
		}
	}
	return lines
}

// Lines are the lines of the page.
func (p *Page) Lines() []string { return p.lines }

// String is the page, with a line break behind each line.
func (p *Page) String() string {
	if len(p.lines) == 0 {
		return ""
	}
	return strings.Join(p.lines, "\n") + "\n"
}

// Columns is how many columns a text takes.
func Columns(t string) int { return text.StringWidthWithoutEscSequences(t) }

// Pad fills a text with blanks up to a number of columns.
func Pad(t string, columns int) string { return t + strings.Repeat(" ", max(columns-Columns(t), 0)) }

// PadLeft puts blanks before a text up to a number of columns.
func PadLeft(t string, columns int) string {
	return strings.Repeat(" ", max(columns-Columns(t), 0)) + t
}
