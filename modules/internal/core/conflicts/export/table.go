// SPDX-License-Identifier: Apache-2.0

package export

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/fields"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
)

// Table is what the first line of an export as CSV says of its rows, as Kibana, OpenSearch, Grafana and Splunk write them.
type Table struct {
	names []string
	comma rune
}

// columnNames is a line of nothing but names, two or more.
var columnNames = regexp.MustCompile(`^"?[@_A-Za-z][\w.@ -]*"?(?:[,;\t|]"?[@_A-Za-z][\w.@ -]*"?)+$`)

// TableOf returns the table that a line heads, nil if it is no such line: one column has a time, and one a message.
func TableOf(line []byte) *Table {
	line = bytes.TrimPrefix(bytes.TrimRight(line, "\r\n"), []byte("\ufeff"))
	if len(line) > longestHeading || !columnNames.Match(line) {
		return nil
	}
	for _, comma := range []rune{',', ';', '\t', '|'} {
		t := &Table{comma: comma}
		names, ok := t.cells(line)
		if !ok || len(names) < 2 {
			continue
		}
		for i, name := range names {
			names[i] = canonical(name)
		}
		t.names = names
		has := func(known []string) bool {
			return slices.ContainsFunc(known, func(name string) bool { return slices.Contains(names, name) })
		}
		if has(fields.MessageNames()) && has(fields.TimeNames()) {
			return t
		}
	}
	return nil
}

// canonical is the name of a column as records have it: tools write it in other letters, or with what it was nested in.
func canonical(name string) string {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "_source."), "fields.")
	for _, known := range append(fields.MessageNames(), fields.TimeNames()...) {
		if name == known {
			return name
		}
	}
	for _, known := range append(fields.MessageNames(), append(fields.TimeNames(), "host", "service")...) {
		if strings.EqualFold(name, known) {
			return known
		}
	}
	return name
}

const longestHeading = 4096

// Turns reports whether a line opens a quote that it does not close, or closes one that another opened: the row goes on in
// the next line, or ends.
func Turns(line []byte) bool { return bytes.Count(line, []byte(`"`))%2 != 0 }

// Row makes a record of a whole row of the table, which may be of several lines. It is nil for a line that is no row.
func (t *Table) Row(line []byte) []byte {
	cells, ok := t.cells(bytes.TrimRight(line, "\r\n"))
	if !ok || len(cells) != len(t.names) {
		return nil
	}
	row := map[string]any{}
	for i, name := range t.names {
		if cells[i] != "" && cells[i] != "-" && cells[i] != "(empty)" {
			row[name] = cells[i]
		}
	}
	return marshalled(row)
}

// Alone makes a record of a line that is surely a whole row: it has a time where the table says that there is one. It is nil for any
// other. It is asked of each line of a row of several.
func (t *Table) Alone(line []byte) []byte {
	if Turns(line) || bytes.Count(line, []byte(string(t.comma))) < len(t.names)-1 {
		return nil
	}
	cells, ok := t.cells(bytes.TrimRight(line, "\r\n"))
	if !ok || len(cells) != len(t.names) {
		return nil
	}
	for i, name := range t.names {
		if _, ok := times.Moment(cells[i], time.UTC); ok && slices.Contains(fields.TimeNames(), name) {
			return t.Row(line)
		}
	}
	return nil
}

func (t *Table) cells(line []byte) ([]string, bool) {
	r := csv.NewReader(strings.NewReader(string(line)))
	r.Comma, r.LazyQuotes = t.comma, false
	cells, err := r.Read()
	return cells, err == nil
}
