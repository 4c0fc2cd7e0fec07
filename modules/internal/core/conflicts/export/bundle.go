// SPDX-License-Identifier: Apache-2.0

// Package export takes apart what stores of logs export: JSON that holds records, on one line or over many, and tables as CSV.
package export

import (
	"bytes"
	"encoding/json"
	"regexp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/fields"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// Bundle returns the records that one JSON text holds, each as a line: an answer of Loki, of OpenSearch or of another store
// of logs, or a list. It is nil for any other line. It is asked of every line, so it has to be quick.
func Bundle(line []byte) [][]byte {
	line = lines.WithoutTask(bytes.TrimSpace(line))
	if len(line) < 2 || line[0] != '{' && line[0] != '[' || line[len(line)-1] != line[0]+2 {
		return nil
	}
	if line[0] == '{' && !holds(line) || line[0] == '[' && !listed.Match(line) {
		return nil
	}
	var all any
	if json.Unmarshal(line, &all) != nil {
		return nil
	}
	if doc, ok := all.(map[string]any); ok {
		if _, list := doc["msg"].([]any); !list && fields.Fields(doc).Message() != "" {
			return nil // a record that has such a field beside its message
		}
	}
	return records(all, nil, 0)
}

var listed = regexp.MustCompile(`^\[\s*\{`)

// holds reports whether an object may hold records.
func holds(line []byte) bool {
	for _, name := range []string{
		`"streams"`, `"values"`, `"hits"`, `"responses"`, `"events"`, `"results"`, `"entries"`, `_lines"`, `"msg": [`,
		`"attributes"`, `"resourceLogs"`, `"tables"`,
	} {
		if bytes.Contains(line, []byte(name)) {
			return true
		}
	}
	return false
}

// deepest is how deep a list of records lies in what is around it.
const deepest = 8

// records adds those that a value holds.
func records(value any, all [][]byte, depth int) [][]byte {
	if depth > deepest {
		return all
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if doc, ok := item.(map[string]any); ok && !around(doc) {
				all = add(all, doc)
			} else if text, ok := item.(string); ok {
				all = add(all, map[string]any{"line": text})
			} else {
				all = records(item, all, depth+1)
			}
		}
	case map[string]any:
		if stream, ok := v["values"].([]any); ok {
			return streamed(v, stream, all)
		}
		if columns, rows := table(v); columns != nil {
			return tabled(columns, rows, all)
		}
		for _, name := range []string{
			"data", "streams", "result", "responses", "hits", "events", "results", "entries", "stdout_lines", "stderr_lines", "msg", "tables",
			"resourceLogs", "scopeLogs", "logRecords",
		} {
			all = records(v[name], all, depth+1)
		}
	}
	return all
}

// around reports whether an object only holds records.
func around(doc map[string]any) bool {
	for _, name := range []string{"streams", "values", "hits", "responses", "stdout_lines", "scopeLogs", "logRecords"} {
		switch doc[name].(type) {
		case []any, map[string]any:
			return true
		}
	}
	columns, _ := table(doc)
	return columns != nil
}

// table returns the columns and the rows of an object that is a table, as Azure's Log Analytics answers with one; nil of any other.
func table(doc map[string]any) (columns, rows []any) {
	columns, _ = doc["columns"].([]any)
	rows, ok := doc["rows"].([]any)
	if !ok {
		return nil, nil
	}
	return columns, rows
}

// streamed adds the lines of a stream of Loki's: pairs of a time in nanoseconds and a line. What is no such pair is kept as it is, so that
// it counts as not understood if it tells of a conflict.
func streamed(stream map[string]any, pairs []any, all [][]byte) [][]byte {
	for _, pair := range pairs {
		if p, ok := pair.([]any); ok && len(p) > 1 {
			all = add(all, map[string]any{"labels": stream["stream"], "timestamp": p[0], "line": p[1]})
		} else {
			all = add(all, map[string]any{"pair": pair})
		}
	}
	return all
}

// tabled adds the rows of a table: lists of values, in the order of the columns. A row that does not fit is kept as streamed keeps a pair.
func tabled(columns, rows []any, all [][]byte) [][]byte {
	for _, row := range rows {
		cells, ok := row.([]any)
		if !ok || len(cells) != len(columns) {
			all = add(all, map[string]any{"row": row})
			continue
		}
		doc := map[string]any{}
		for i, cell := range cells {
			column, _ := columns[i].(map[string]any)
			name, _ := column["name"].(string)
			doc[name] = cell
		}
		all = add(all, doc)
	}
	return all
}

// add adds a record.
func add(all [][]byte, doc map[string]any) [][]byte {
	if text := marshalled(doc); text != nil {
		return append(all, text)
	}
	return all
}

// marshalled writes a record as a line; nil if it can't be one.
func marshalled(doc map[string]any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // a line is read as it was written
	if encoder.Encode(doc) != nil {
		return nil
	}
	return bytes.TrimSpace(text.Bytes())
}

// Opens reports whether lines that belong together begin as JSON that is written over many lines does: with a brace alone.
func Opens(text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return string(lines.WithoutTask(bytes.TrimSpace(first))) == "{"
}

// Pretty reports whether a line may be one of such JSON.
func Pretty(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 0 && bytes.IndexByte([]byte(`"{}[]-0123456789tfn`), line[0]) >= 0 && !lines.IsOslo(line)
}

// Closes reports whether a line ends such JSON: with a brace that is as far to the left as the first.
func Closes(text, line []byte) bool {
	indent := len(text) - len(bytes.TrimLeft(text, " \t"))
	return len(line) > indent && line[indent] == '}' && len(bytes.TrimLeft(line[:indent], " \t")) == 0
}
