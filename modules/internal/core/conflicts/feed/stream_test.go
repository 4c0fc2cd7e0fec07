// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// failed is what a service logs of an exception whose traceback has no prefix of oslo.log: one refusal in its last line.
const failed = `2026-11-22 10:56:44.519 7 ERROR nova.conductor.manager [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] Failed
Traceback (most recent call last):
  File "/x/report.py", line 320, in put_allocations
    raise exception.AllocationUpdateFailed(

nova.exception.AllocationUpdateFailed: Failed to update allocations for consumer 4f1e2c3d-0a1b-4c2d-8e3f-111111111111. Error: {"errors": [{"status": 409, "code": "placement.concurrent_update",
"detail": "There was a conflict when trying to complete your request.\n\n consumer generation conflict - expected 3 but got 2  "}]}`

// told reads lines, and returns the times of what they tell.
func told(all ...string) (times []time.Time, c Counts) {
	log := newLog()
	log.Tell = func(e *lines.Event) { times = append(times, e.Time) }
	for _, line := range all {
		log.Line([]byte(line), false)
	}
	log.End()
	return times, log.Counts
}

// behind puts something before each line, with the number of the line in it. Blanks at the end of a line are gone, as most tools
// write it.
func behind(prefix func(n int) string, text string) []string {
	var all []string
	for i, line := range strings.Split(text, "\n") {
		all = append(all, strings.TrimRight(prefix(i)+line, " "))
	}
	return all
}

// Lines are read as they are without what a tool puts before each of them, whatever that is.
func TestPrefixes(t *testing.T) {
	for _, prefix := range []string{
		"", "[pod/nova-conductor-abc/nova-conductor] ", "nova-conductor-abc nova-conductor ", "nova-conductor-1  | ", "\x1b[36mnova-conductor-1  |\x1b[0m ",
		"nova-conductor.log:", "nova-conductor.log:%d:", "%d:", "ctl1: ", "> ", "    ", "\t", "0|nova | ", "a.*b[(: ", "x y z\\d+ ", strings.Repeat("x", 150) + " ",
	} {
		times, c := told(behind(func(n int) string { return strings.ReplaceAll(prefix, "%d", fmt.Sprint(n+1)) }, failed)...)
		if len(times) != 1 || times[0].Format(lines.OsloTime) != "2026-11-22 10:56:44.519" || c.Unread > 0 || c.Lines != 7 {
			t.Errorf("%q: %v, %+v", prefix, times, c)
		}
	}
}

// grep writes dashes before a line that is only beside what was looked for.
func TestPrefixesOfGrep(t *testing.T) {
	for _, prefix := range []string{"nova.log:", "nova.log:%d:", "%d:", "/var/log/kolla/nova/nova-compute-2.log:%d:"} {
		times, c := told(behind(func(n int) string {
			with := strings.ReplaceAll(prefix, "%d", fmt.Sprint(n+98))
			if n > 0 {
				with = strings.ReplaceAll(with, ":", "-")
			}
			return with
		}, failed)...)
		if len(times) != 1 || times[0].IsZero() || c.Unread > 0 {
			t.Errorf("%q: %v, %+v", prefix, times, c)
		}
	}
}

// The lines of several streams do not get between each other.
func TestStreams(t *testing.T) {
	var all []string
	for n := range 7 {
		for i, pod := range []string{"[pod/a/nova] ", "[pod/ab/nova] ", "[pod/ab/nova] b: ", ""} {
			part := strings.Split(strings.ReplaceAll(failed, ":44.519", fmt.Sprintf(":44.%03d", 100+i)), "\n")
			if pod == "" {
				part[0] = strings.Replace(part[0], "Failed", "Said", 1)
			}
			if pod != "" || n == 0 {
				all = append(all, pod+part[n])
			}
		}
	}
	times, c := told(all...)
	if len(times) != 3 || c.Unread > 0 || c.Lines != len(all) {
		t.Fatalf("%v, %+v", times, c)
	}
	for i, at := range times {
		if at.Format(".000") != fmt.Sprintf(".%03d", 100+i) {
			t.Errorf("%d: %s", i, at)
		}
	}
}

// What only looks like a prefix takes nothing from the lines that follow.
func TestNoPrefix(t *testing.T) {
	const header = "Nov 22 10:56:44 ctl1 nova-conductor[7]: "
	first, rest, _ := strings.Cut(failed, "\n")
	blanks := strings.Repeat(" ", len(header))
	for name, text := range map[string]string{
		"one indented line before":   "  " + first + "\n" + failed,
		"one numbered line before":   "12:" + first + "\n" + failed,
		"only the first has one":     "nova-conductor: " + first + "\n" + rest,
		"one of another stream":      "x: " + first + "\n" + failed,
		"syslog, then lines without": header + first + "\n" + rest,
		"journalctl":                 header + first + "\n" + blanks + strings.ReplaceAll(rest, "\n", "\n"+blanks),
	} {
		times, c := told(strings.Split(text, "\n")...)
		if len(times) != 1 || times[0].IsZero() || c.Unread > 0 {
			t.Errorf("%s: %v, %+v", name, times, c)
		}
	}
}

// A record in JSON behind a prefix counts as one without.
func TestPrefixOfRecords(t *testing.T) {
	record := `{"message": "Failed to create resource provider record in placement API for UUID 4f1e2c3d-0a1b-4c2d-8e3f-111111111111. Got 409: {\"errors\": [{\"status\": 409, \"detail\": \"Conflicting resource provider name: cn1 already exists.\"}]}.", ` +
		`"asctime": "2026-11-22 10:56:44.519", "name": "nova.scheduler.client.report", "levelname": "ERROR"}`
	for _, prefix := range []string{"", "[pod/nova-compute-x/nova-compute] ", "nova-compute-1  | "} {
		if times, c := told(prefix+record, prefix+record); len(times) != 2 || times[0].IsZero() || c.Unread > 0 {
			t.Errorf("%q: %v, %+v", prefix, times, c)
		}
	}
}

// Whoever writes a log may begin each line otherwise: memory stays small, and no line is lost.
func TestManyPrefixes(t *testing.T) {
	const n, most = 180, 8 << 20
	first, _, _ := strings.Cut(nameLine, `{"errors"`)
	open := first + `{"errors": [` + strings.Repeat("x", 60000)
	log := newLog()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range n {
		log.Line([]byte(fmt.Sprintf("pod-%d ", i)+open), false)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	log.End()
	if log.Counts.Unread != n || log.Counts.Lines != n || log.Counts.FirstUnread != 1 {
		t.Errorf("%+v", log.Counts)
	}
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > most {
		t.Errorf("keeps %d bytes", kept)
	}
}
