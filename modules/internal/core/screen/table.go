// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"strings"
	"unicode"
)

// gap is what is between two columns of a table.
const gap = "  "

// Table adds a table: a head and rows of as many cells. A column of numbers stands to the right; the last one is folded to the
// width of the view, or goes below where that leaves too little of it.
func (p *Page) Table(indent int, head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	widths := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], Columns(cell))
		}
	}
	last := len(head) - 1
	for n, row := range append([][]string{head}, rows...) {
		begin := strings.Repeat(" ", indent)
		for i, cell := range row[:last] {
			if numeric(rows, i) {
				begin += PadLeft(cell, widths[i]) + gap
				continue
			}
			begin += Pad(cell, widths[i]) + gap
		}
		if n == 0 {
			p.Line("%s", p.Paint(Faint, strings.TrimRight(begin+row[last], " ")))
			continue
		}
		p.last(begin, indent, row[last])
	}
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
