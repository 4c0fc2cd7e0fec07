// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"strings"
	"testing"
)

// rowOf is a row of a table whose columns are a time, a host and a message.
func rowOf(minute string) string {
	return `"2026-11-22T10:` + minute + `:44Z","cn1","` + strings.ReplaceAll(nameLine, `"`, `""`) + `"`
}

// A quote that is never closed hides no row after it, and what it hides counts.
func TestQuotesThatStayOpen(t *testing.T) {
	const heads = "@timestamp,host,message\n"
	rows := func(n int) string { return strings.Repeat(rowOf("10")+"\n", n) }
	for name, c := range map[string]struct {
		text           string
		events, unread int
	}{
		"at once":            {heads + `"2026-11-22T10:01:44Z","cn1","open` + "\n" + rows(3), 3, 1},
		"after some lines":   {heads + rows(1) + `"2026-11-22T10:01:44Z","cn1","open` + "\nx\ny\n" + rows(3), 4, 3},
		"after many":         {heads + `"2026-11-22T10:01:44Z","cn1","open` + strings.Repeat("\n"+strings.Repeat("x", 1000), 70) + "\n" + rows(3), 3, 71},
		"a line too long":    {heads + `"2026-11-22T10:01:44Z","cn1","open` + "\ntoo long\n" + rows(3), 3, 2},
		"a row of two lines": {heads + strings.Replace(rowOf("10"), "Failed", "It, too,\nFailed", 1) + "\n" + rows(1), 2, 0},
	} {
		f := read(strings.TrimSuffix(c.text, "\n"))
		if f.Counts.Events != c.events || f.Counts.Unread != c.unread || f.Counts.Lines != strings.Count(c.text, "\n") {
			t.Errorf("%s: %+v", name, f.Counts)
		}
	}
}

// Each file has the columns that it names itself.
func TestColumnsOfTheNextFile(t *testing.T) {
	row := rowOf("10")
	swapped := `"cn1","` + strings.ReplaceAll(nameLine, `"`, `""`) + `","2026-11-22T10:10:44Z"`
	for name, c := range map[string]struct {
		files  []string
		events int
	}{
		"other columns":            {[]string{"@timestamp,host,message\n" + row, "host,message,@timestamp\n" + swapped}, 2},
		"none":                     {[]string{"@timestamp,host,message\n" + row, nameLine}, 2},
		"a quote open at the end":  {[]string{"@timestamp,host,message\n" + `"x`, nameLine + "\n" + nameLine}, 2},
		"headings within one file": {[]string{"@timestamp,host,message\n" + row + "\nhost,message,@timestamp\n" + swapped + "\n" + swapped}, 3},
	} {
		log := newLog()
		for _, file := range c.files {
			log.Head(nil)
			for line := range strings.SplitSeq(file, "\n") {
				log.Line([]byte(line), false)
			}
		}
		if log.table != nil && name == "none" {
			t.Error("a table is left")
		}
		if log.End(); log.Counts.Events != c.events {
			t.Errorf("%s: %+v", name, log.Counts)
		}
	}
}
