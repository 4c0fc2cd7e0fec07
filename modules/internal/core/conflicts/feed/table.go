// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"bytes"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/export"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// Head begins a file. Of one of which a former reading had the beginning it takes the first line, which may name the columns; of others
// nothing. What was known of the file before is no more.
func (f *Log) Head(text []byte) {
	f.begin()
	f.untabled()
	f.table, f.misses = export.TableOf(text), 0
}

// tabled takes a line of an export as CSV: the one with the names, and the rows. Each line is looked at once, however many
// one row has.
func (f *Log) tabled(text []byte) bool {
	open := len(f.row) > 0
	if !open {
		if table := export.TableOf(text); table != nil {
			f.table, f.misses = table, 0
			return true
		}
	}
	if f.table == nil || f.misses >= mostMisses {
		return f.table != nil && f.alone(text)
	}
	if open && f.table.Alone(text) != nil {
		f.untabled() // the quote that is open was never closed
		open = false
	}
	f.row = append(f.row, text...)
	if export.Turns(text) != open { // the last quote is not closed
		if f.row = append(f.row, '\n'); len(f.row) >= longestEvent {
			f.noRow()
		}
		return true
	}
	record := f.table.Row(f.row)
	if record == nil {
		f.noRow()
		return true
	}
	f.row, f.misses = f.row[:0], 0
	f.line(record)
	return true
}

// alone takes a line that is surely a whole row.
func (f *Log) alone(text []byte) bool {
	record := f.table.Alone(text)
	if record == nil {
		return false
	}
	f.misses = 0
	f.line(record)
	return true
}

// noRow takes what is no row of the table. After a few of them only a line that is surely one goes on with the table.
func (f *Log) noRow() {
	f.misses++
	f.untabled()
}

// untabled takes the lines of a row that is none as those of any other log: a refusal among them counts. Those that are rows by
// themselves are.
func (f *Log) untabled() {
	if len(f.row) == 0 {
		return
	}
	row, before := bytes.TrimSuffix(f.row, []byte("\n")), f.Counts
	f.row = nil
	parts := bytes.Split(row, []byte("\n"))
	f.Counts.Lines -= len(parts)
	for _, part := range parts {
		f.Counts.Lines++
		if !f.alone(part) {
			f.single(part)
		}
	}
	f.lost(row, before)
}

// lost counts a row that is none, if none of its lines did. One with a quote that is not closed is no line of any log.
func (f *Log) lost(row []byte, before Counts) {
	if f.Counts.Doubtful+f.Counts.Events == before.Doubtful+before.Events && lines.Doubtful(row) {
		f.Counts.Doubtful++
	}
	if f.Counts.Unread+f.Counts.Events == before.Unread+before.Events && export.Turns(row) {
		f.count()
	}
}
