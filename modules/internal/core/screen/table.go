// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// gap is what is between two columns of a table.
const gap = "  "

// Table adds a table: a head and rows of as many cells. A column of numbers stands to the right. The last column is folded to the
// width of the view, or goes below where that leaves too little of it. In a table that ends with a number and is too wide, the first
// cells get lines of their own above the others, once for the rows that share them.
func (p *Page) Table(indent int, head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	g := p.grid(indent, head, rows)
	last := len(head) - 1
	g.leads(Faint, head, nil)
	p.Line("%s%s", strings.Repeat(" ", g.at()), p.Paint(Faint, strings.TrimRight(g.cells(head)+g.ended(head[last]), " ")))
	for i, row := range rows {
		var above []string
		if i > 0 {
			above = rows[i-1]
		}
		g.leads(Plain, row, above)
		p.last(strings.Repeat(" ", g.at())+g.cells(row), g.at(), g.ended(row[last]))
	}
}

// grid is where the cells of a table stand.
type grid struct {
	*Page

	indent int
	above  int // how many columns have lines of their own
	widths []int
	right  []bool
}

func (p *Page) grid(indent int, head []string, rows [][]string) *grid {
	g := &grid{Page: p, indent: indent, widths: make([]int, len(head)), right: make([]bool, len(head))}
	last := len(head) - 1
	for i := range head {
		g.right[i] = numeric(rows, i)
		for _, row := range append([][]string{head}, rows...) {
			g.widths[i] = max(g.widths[i], Columns(row[i]))
		}
	}
	g.right[last] = !slices.ContainsFunc(rows, func(row []string) bool { return !number.MatchString(row[last]) })
	for p.Width > 0 && g.right[last] && g.above < last && g.wide() > p.Width {
		g.above++
	}
	return g
}

// number is a cell that is one number, or says that there is none.
var number = regexp.MustCompile(`^-?[0-9.]*$`)

// at is the indent of what is not above.
func (g *grid) at() int { return g.indent + g.above*len(gap) }

// wide is how many columns a row takes.
func (g *grid) wide() int {
	all := g.at() - len(gap)
	for _, width := range g.widths[g.above:] {
		all += width + len(gap)
	}
	return all
}

// leads adds the lines of the first cells, but for those that the row above has too.
func (g *grid) leads(s Style, row, above []string) {
	same := above != nil
	for i, cell := range row[:g.above] {
		if same = same && above[i] == cell; !same {
			g.Line("%s%s", strings.Repeat(" ", g.indent+i*len(gap)), g.Paint(s, cell))
		}
	}
}

// cells are the cells of a row between the first and the last.
func (g *grid) cells(row []string) string {
	all := ""
	for i := g.above; i < len(row)-1; i++ {
		if g.right[i] {
			all += PadLeft(row[i], g.widths[i]) + gap
			continue
		}
		all += Pad(row[i], g.widths[i]) + gap
	}
	return all
}

// ended is the last cell of a row.
func (g *grid) ended(cell string) string {
	if last := len(g.widths) - 1; g.right[last] {
		return PadLeft(cell, g.widths[last])
	}
	return cell
}

// last adds the last cell of a row behind the others, or below them.
func (p *Page) last(begin string, indent int, cell string) {
	const enough = 30
	at := Columns(begin)
	if p.Width > 0 && p.Width-at < min(enough, Columns(cell)) {
		p.Line("%s", begin)
		p.Text(indent+len(gap)+len(gap), cell)
		return
	}
	p.Hang(begin, at, cell)
}

// numeric reports whether all cells of a column begin with a digit, or are empty or a dash.
func numeric(rows [][]string, column int) bool {
	for _, row := range rows {
		cell := row[column]
		if cell != "" && cell != "-" && !unicode.IsDigit(rune(cell[0])) {
			return false
		}
	}
	return true
}
