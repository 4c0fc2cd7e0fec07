// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// entry is a line of oslo.log in its parts.
type entry struct {
	at                              time.Time
	level, logger, context, message string
}

func (s entry) plain() string {
	return s.at.Format("2006-01-02 15:04:05.000") + " 7 " + s.short()
}

func (s entry) short() string {
	return strings.Join([]string{s.level, s.logger, s.context, s.message}, " ")
}

// entriesOften are six of them, a minute apart.
func entriesOften(level, logger, message string) []entry {
	var all []entry
	for i := range 6 {
		id := fmt.Sprintf("req-5d1e77aa-0000-4000-8000-%012d", i)
		all = append(all, entry{
			time.Date(2026, 11, 27, 9, 30+i, 0, 120e6, time.UTC), level, logger, "[req-90000000-0000-4000-8000-000000000001 " + id + " - - - - -]",
			strings.ReplaceAll(message, "REQ", id),
		})
	}
	return all
}

// forms are the ways in which logs come from tools, collectors and stores.
func forms() map[string]func([]entry) string {
	all := map[string]func([]entry) string{}
	for _, some := range []map[string]func([]entry) string{copiedForms(), syslogForms(), exportForms()} {
		maps.Copy(all, some)
	}
	return all
}

// each writes one line after the other.
func each(line func(entry) string) func([]entry) string {
	return func(all []entry) string {
		text := ""
		for _, s := range all {
			text += line(s) + "\n"
		}
		return text
	}
}

func escaped(text string) string { return strings.ReplaceAll(text, "\n", "#012") }

// record is one JSON object, of names and values in turn.
func record(values ...any) string {
	doc := map[string]any{}
	for i := 0; i < len(values); i += 2 {
		doc[fmt.Sprint(values[i])] = values[i+1]
	}
	text, _ := json.Marshal(doc)
	return string(text)
}

// native is a line as Kolla's Fluentd keeps it.
func native(s entry) string {
	return record("Hostname", "cmp-07", "programname", "nova-compute", "log_level", s.level, "python_module", s.logger, "Payload", s.message, "request_id", strings.Fields(s.context)[1])
}

// listed is the lines as a list of texts.
func listed(all []entry) string {
	var quoted []string
	for _, s := range all {
		text, _ := json.Marshal(s.plain())
		quoted = append(quoted, "        "+string(text))
	}
	return strings.Join(quoted, ",\n")
}

// copiedForms is what people copy from a terminal or a file.
func copiedForms() map[string]func([]entry) string {
	return map[string]func([]entry) string{
		"UTF-16":            func(all []entry) string { return wideText(each(entry.plain)(all)) },
		"byte order mark":   func(all []entry) string { return "\ufeff" + each(entry.plain)(all) },
		"grep, one file":    each(func(s entry) string { return "118:" + s.plain() }),
		"grep, many files":  each(func(s entry) string { return "/var/log/kolla/nova/nova-compute.log:" + s.plain() }),
		"tail, many files":  func(all []entry) string { return "==> /var/log/nova/nova-compute.log <==\n" + each(entry.plain)(all) },
		"ansible, ad hoc":   func(all []entry) string { return "cmp-07 | CHANGED | rc=0 >>\n" + each(entry.plain)(all) },
		"ansible, a result": func(all []entry) string { return "{\n    \"stdout_lines\": [\n" + listed(all) + "\n    ]\n}\n" },
		"ansible, a task": func(all []entry) string {
			return "TASK [debug] ******\nok: [cmp-07] => {\n    \"msg\": [\n" + listed(all) + "\n    ]\n}\n"
		},
	}
}

// syslogForms is what journals, syslogs and containers make of a line.
func syslogForms() map[string]func([]entry) string {
	return map[string]func([]entry) string{
		"journal, a zone": each(func(s entry) string {
			return s.at.Add(time.Hour).Format("Mon 2006-01-02 15:04:05") + " CET cmp-07 nova-compute[8]: " + s.short()
		}),
		"journal, precise": each(func(s entry) string {
			return s.at.Format("Jan _2 15:04:05.000000") + " cmp-07 nova-compute[8]: " + s.short()
		}),
		"rsyslog, escaped": each(func(s entry) string { return s.at.Format(time.Stamp) + " cmp-07 nova-compute: " + escaped(s.short()) }),
		"rsyslog, no colon": each(func(s entry) string {
			return s.at.Format(time.RFC3339Nano) + " cmp-07 nova-compute 7 " + escaped(s.short())
		}),
		"RFC 5424": each(func(s entry) string {
			return "<131>1 " + s.at.Format(time.RFC3339Nano) + " cmp-07 nova-compute 7 - - " + s.short()
		}),
		"cee": each(func(s entry) string { return s.at.Format(time.Stamp) + " cmp-07 nova-compute: @cee: " + native(s) }),
		"Docker, time-stamps": each(func(s entry) string {
			return s.at.Format("2006-01-02T15:04:05.000000000Z") + " " + strings.ReplaceAll(s.plain(), "\n", "\n"+s.at.Add(time.Millisecond).Format("2006-01-02T15:04:05.000000000Z")+" ")
		}),
		"Fluent Bit": each(func(s entry) string {
			return fmt.Sprintf("[0] kube.nova: [[%d.%09d, {}], %s]", s.at.Unix(), s.at.Nanosecond(), record("log", s.plain()))
		}),
	}
}

// exportForms is what people save from a search.
func exportForms() map[string]func([]entry) string {
	return map[string]func([]entry) string{
		"Grafana, text": each(func(s entry) string {
			return fmt.Sprintf("%d\t%s\t%s", s.at.UnixNano(), s.at.Format(time.RFC3339), s.plain())
		}),
		"Grafana, CSV": table(",", []string{"Time", "Line", "tsNs"}, func(s entry) []string {
			return []string{s.at.Format("2006-01-02 15:04:05.000"), s.plain(), fmt.Sprint(s.at.UnixNano())}
		}),
		"Splunk, CSV": table(",", []string{"_raw", "_time", "host"}, func(s entry) []string {
			return []string{s.plain(), s.at.Format("2006-01-02T15:04:05.000-0700"), "cmp-07"}
		}),
		"containerd, in pieces": each(func(s entry) string {
			at, lines := s.at.Format("2006-01-02T15:04:05.000000000Z")+" stderr ", strings.Split(s.plain(), "\n")
			for i, line := range lines {
				half := len(line) / 2
				lines[i] = at + "P " + line[:half] + "\n" + at + "F " + line[half:]
			}
			return strings.Join(lines, "\n")
		}),
		"Datadog, CSV": table(",", []string{"Date", "Host", "Service", "Message"}, func(s entry) []string {
			return []string{s.at.Format("2006-01-02T15:04:05.000Z"), "cmp-07", "nova-compute", s.short()}
		}),
		"OpenSearch, columns": table("|", []string{"_source.@timestamp", "_source.Payload"}, func(s entry) []string {
			return []string{s.at.Format(time.RFC3339Nano), s.plain()}
		}),
		"journal, JSON": each(func(s entry) string {
			return record("__REALTIME_TIMESTAMP", fmt.Sprint(s.at.UnixMicro()), "_HOSTNAME", "cmp-07", "SYSLOG_IDENTIFIER", "nova-compute", "MESSAGE", s.short())
		}),
		"Kibana, CSV": table(",", kibana(), func(s entry) []string {
			return []string{s.at.Format("Jan _2, 2006 @ 15:04:05.000"), "cmp-07", "nova-compute", s.level, s.logger, strings.Fields(s.context)[1], s.message}
		}),
		"Kibana, semicolon": table(";", kibana(), func(s entry) []string {
			return []string{s.at.Format(time.RFC3339Nano), "cmp-07", "nova-compute", s.level, s.logger, strings.Fields(s.context)[1], s.message}
		}),
	}
}

func kibana() []string {
	return []string{"@timestamp", "Hostname", "programname", "log_level", "python_module", "request_id", "Payload"}
}

// table writes them as an export in columns.
func table(comma string, names []string, row func(entry) []string) func([]entry) string {
	return func(all []entry) string {
		var text strings.Builder
		w := csv.NewWriter(&text)
		w.Comma, w.UseCRLF = rune(comma[0]), true
		_ = w.Write(names)
		for _, s := range all {
			_ = w.Write(row(s))
		}
		w.Flush()
		return text.String()
	}
}

// wideText is a text in UTF-16 with line ends of Windows, as PowerShell saves what a command prints.
func wideText(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(strings.ReplaceAll(text, "\n", "\r\n"))) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

// kinds are lines of each kind that services write.
func kinds() map[string][]entry {
	const name, server = "dbb2d5a1-4a2e-4f0c-9d3b-0000000000a1", "dbb2d5a1-4a2e-4f0c-9d3b-0000000000a2"
	return map[string][]entry{
		"name": entriesOften("ERROR", "nova.scheduler.client.report", "[REQ] Failed to create resource provider record in placement API for UUID "+name+
			`. Got 409: {"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n Conflicting resource provider name: cmp-07.example.net already exists.  ", "code": "placement.duplicate_name", "request_id": "REQ"}]}.`),
		"moved": entriesOften("WARNING", "nova.compute.resource_tracker", "Instance "+server+
			" has been moved to another host cmp-08(cmp-08). There are allocations remaining against the source host that might need to be removed: {'resources': {'VCPU': 2}}."),
		"request": entriesOften("INFO", "placement.requestlog", `10.20.0.7 "DELETE /resource_providers/`+name+`" status: 409 len: 294 microversion: 1.20`),
		"traceback": entriesOften("ERROR", "nova.compute.manager", "Error updating resources for node cmp-07.: nova.exception.ResourceProviderCreationFailed: Failed to create resource provider cmp-07\n"+
			"Traceback (most recent call last):\n  File \"manager.py\", line 1, in f\nnova.exception.ResourceProviderCreationFailed: Failed to create resource provider cmp-07"),
	}
}

// The same lines are told the same in whatever form they come.
func TestForms(t *testing.T) {
	for what, lines := range kinds() {
		want := briefly(t, strings.Join(plainly(lines), "\n"))
		if !strings.Contains(want, " x6 ") {
			t.Fatal(want)
		}
		for form, write := range forms() {
			if got := briefly(t, write(lines)); got != want {
				t.Errorf("%s, %s: %s, want %s", what, form, got, want)
			}
		}
	}
}

// The same lines are told the same where mail, a tracker or a terminal wrapped them.
func TestWrapped(t *testing.T) {
	for what, lines := range kinds() {
		if what == "traceback" {
			continue // of several lines, of which none says where it was wrapped
		}
		for _, width := range []int{60, 72, 80, 100, 120, 200} {
			wrapped(t, what, plainly(lines), width)
		}
	}
}

// wrapped wants lines to tell the same after they were wrapped.
func wrapped(t *testing.T, what string, lines []string, width int) {
	t.Helper()
	want := briefly(t, strings.Join(lines, "\n"))
	for _, before := range [][2]string{{"", ""}, {"> ", "> "}, {"    ", "      "}, {"| ", "| "}} {
		if got := briefly(t, wrap(lines, before, width)); got != want {
			t.Errorf("%s, %d columns after %q: %s, want %s", what, width, before, got, want)
		}
	}
	if got := briefly(t, chop(lines, width)); got != want {
		t.Errorf("%s, %d columns of a terminal: %s, want %s", what, width, got, want)
	}
}

// wrap breaks lines between words, and begins the first line of each and the next ones so.
func wrap(lines []string, before [2]string, width int) string {
	text := ""
	for _, line := range lines {
		now := before[0]
		for i, word := range strings.Fields(line) {
			if i > 0 && len(now)+len(word) > width {
				text, now = text+strings.TrimRight(now, " ")+"\n", before[1]
			}
			now += word + " "
		}
		text += strings.TrimRight(now, " ") + "\n"
	}
	return text
}

// chop breaks lines where the width ends.
func chop(lines []string, width int) string {
	text := ""
	for _, line := range lines {
		for ; len(line) > width; line = line[width:] {
			text += line[:width] + "\n"
		}
		text += line + "\n"
	}
	return text
}

func plainly(lines []entry) []string {
	var all []string
	for _, s := range lines {
		all = append(all, s.plain())
	}
	return all
}

// briefly says what a log is told to be.
func briefly(t *testing.T, log string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nova-compute.log")
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	answer := works(t, dict{"since": "all", "timezone": "UTC", "files": []any{path}})
	told := fmt.Sprint("clean ", answer["clean"], " unread ", part(answer["summary"])["unread"])
	for _, c := range conflictsOf(answer) {
		at, _ := time.Parse(time.RFC3339Nano, text(c["first"]))
		told += fmt.Sprint("; ", c["conflict"], " ", c["verdict"], " ", c["target"], " x", c["count"], " ", at.Truncate(time.Second))
	}
	return told
}
