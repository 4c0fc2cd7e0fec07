// SPDX-License-Identifier: Apache-2.0

package unplaced_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
)

const (
	project = "af7741604a10448ba6154a4942425083"
	server  = "bd4760ab-6fe9-4716-b24d-061a84179355"
	request = "req-963651f8-8303-4f2a-8d8f-2228e2536162"
	// The lines of Nova 26 (Zed), recorded on the lab.
	bracket   = "[None " + request + " 79db3e6a5a984a1e915fec59e33eedb6 " + project + " - - default default] "
	none      = "2026-11-28 20:20:51.251 26071 INFO nova.scheduler.manager " + bracket + "Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up."
	conductor = "2026-11-28 20:20:52.203 26076 WARNING nova.scheduler.utils " + bracket + "[instance: " + server + "] Setting instance to ERROR state.: nova.exception_Remote.NoValidHost_Remote: No valid host was found. "
)

func filtered(id, results string) string {
	return "2026-11-28 20:23:00.000 26071 INFO nova.filters " + strings.ReplaceAll(bracket, request, id) +
		"Filtering removed all hosts for the request with instance ID '" + server + "'. Filter results: " + results
}

func groups(t *testing.T, all ...string) []unplaced.Group {
	t.Helper()
	var b unplaced.Book
	for _, line := range all {
		b.Line([]byte(line), time.UTC)
	}
	return b.Groups()
}

// The scheduler's line has the stage, the conductor's the server: both are one request, in either order.
func TestJoined(t *testing.T) {
	for _, all := range [][]string{{none, conductor}, {conductor, none}, {conductor, none, none, conductor}} {
		got := groups(t, all...)
		if len(got) != 1 {
			t.Fatalf("%+v", got)
		}
		g := got[0]
		if g.Stage != unplaced.Candidates || g.Project != project || g.Count != 1 || fmt.Sprint(g.Servers) != "["+server+"]" || g.Command != "placement why --server "+server {
			t.Errorf("%+v", g)
		}
		if want := "1 request of project " + project + " got no allocation candidates: Placement has no host that has room, traits and aggregates for it at once"; g.Message != want {
			t.Errorf("%s", g.Message)
		}
		if g.Last == nil || g.Last.Format(time.DateTime) != "2026-11-28 20:20:52" && g.Last.Format(time.DateTime) != "2026-11-28 20:20:51" {
			t.Errorf("%v", g.Last)
		}
	}
}

// The filter that removed the last host is named, of the forms at INFO and at DEBUG.
func TestFilters(t *testing.T) {
	recorded := "2026-11-28 20:29:58.430 26071 INFO nova.filters [None req-2df2dad0-5497-4e4a-aa9d-f008393b9a8b 79db3e6a5a984a1e915fec59e33eedb6 " + project +
		" - - default default] Filtering removed all hosts for the request with instance ID '2dae0b13-c674-4e53-b283-6ded862f9514'. Filter results: ['ServerGroupAntiAffinityFilter: (start: 1, end: 0)']"
	if got := groups(t, recorded); len(got) != 1 || got[0].Filter != "ServerGroupAntiAffinityFilter" || got[0].Stage != unplaced.Filters || got[0].Project != project || len(got[0].Servers) != 1 {
		t.Errorf("%+v", got)
	}
	other := "req-00000000-0000-4000-8000-000000000001"
	got := groups(t,
		filtered(request, "['ComputeFilter: (start: 6, end: 6)', 'ComputeCapabilitiesFilter: (start: 6, end: 0)']"),
		filtered(other, "[('ComputeFilter', [('cn1', 'cn1')]), ('ComputeCapabilitiesFilter', None)]"),
		filtered("req-00000000-0000-4000-8000-000000000002", "cut"), conductor)
	if len(got) != 2 || got[0].Count != 2 || got[0].Filter != "ComputeCapabilitiesFilter" || got[1].Filter != "" || got[1].Stage != unplaced.Filters {
		t.Fatalf("%+v", got)
	}
	if !strings.Contains(got[0].Message, "2 requests of project "+project+" had allocation candidates, and the filter ComputeCapabilitiesFilter of Nova removed the last") {
		t.Error(got[0].Message)
	}
}

// Lines of others, and what others write into names, tell nothing.
func TestNothing(t *testing.T) {
	for _, line := range []string{
		"", "Got no allocation candidates from the Placement API", strings.ReplaceAll(conductor, "NoValidHost", "Other"),
		"2026-11-28 20:20:51.251 1 INFO nova.compute.manager [req-x] started",
	} {
		if got := groups(t, line); len(got) != 0 {
			t.Errorf("%q: %+v", line, got)
		}
	}
	hostile := strings.NewReplacer(server, "$(reboot)", project, "-rf").Replace(none + conductor)
	for _, g := range groups(t, hostile) {
		if g.Command != "" || g.Project != "" || strings.Contains(g.Message, "reboot") {
			t.Errorf("%+v", g)
		}
	}
}

// What is outside the time that is asked for does not count. What other hosts tell does, once.
func TestTimesAndOthers(t *testing.T) {
	at := func(text string) time.Time {
		out, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	late := unplaced.Book{Since: at("2026-11-28 21:00:00")}
	early := unplaced.Book{Until: at("2026-11-28 20:00:00")}
	for _, b := range []*unplaced.Book{&late, &early} {
		if !b.Line([]byte(none), time.UTC) || len(b.Groups()) != 0 {
			t.Errorf("%+v", b.Groups())
		}
	}
	var scheduler, controller unplaced.Book
	scheduler.Line([]byte(none), time.UTC)
	controller.Line([]byte(conductor), time.UTC)
	scheduler.Import(controller.Requests(10))
	scheduler.Import([]unplaced.Request{{ID: "$(x)", Project: "p q", Stage: "s", Filter: "a b", Servers: []string{"; reboot", ""}}})
	got := scheduler.Groups()
	if len(got) != 2 || got[0].Stage != unplaced.Candidates || len(got[0].Servers) != 1 || got[1].Project+got[1].Filter+got[1].Command != "" || got[1].Stage != unplaced.Unknown {
		t.Errorf("%+v", got)
	}
	scheduler.Flavors(map[string]string{server: "m1.huge"})
	if g := scheduler.Groups()[0]; g.Flavor != "m1.huge" || !strings.Contains(g.Message, " with flavor m1.huge got no") {
		t.Errorf("%+v", g)
	}
	if only := controller.Groups(); len(only) != 1 || only[0].Stage != unplaced.Unknown || !strings.Contains(only[0].Message, "the log of nova-scheduler says why, and was not read") {
		t.Errorf("%+v", only)
	}
}

// The command asks about the server, else about the flavor. Where no log names either, the message says which log does; and what the
// filter looks at is said.
func TestCommands(t *testing.T) {
	var b unplaced.Book
	b.Import([]unplaced.Request{
		{ID: "req-00000000-0000-4000-8000-000000000001", Stage: unplaced.Candidates, Flavor: "m1 huge; reboot"},
		{ID: "req-00000000-0000-4000-8000-000000000002", Stage: unplaced.Filters, Filter: "ComputeFilter"},
		{ID: "req-00000000-0000-4000-8000-000000000003", Stage: unplaced.Filters, Filter: "OursFilter", Servers: []string{server}},
	})
	var got []string
	for _, g := range b.Groups() {
		got = append(got, g.Command+" | "+g.Message)
	}
	slices.Sort(got)
	want := []string{
		" | 1 request had allocation candidates, and the filter ComputeFilter of Nova removed the last of them: it looks at whether nova-compute is up and enabled" +
			"; no line that was read names the server, which the log of nova-conductor does",
		"placement why --flavor=m1\ufffdhuge\ufffd\ufffdreboot | 1 request with flavor m1 huge; reboot got no allocation candidates: " +
			"Placement has no host that has room, traits and aggregates for it at once",
		"placement why --server " + server + " | 1 request had allocation candidates, and the filter OursFilter of Nova removed the last of them",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

// A server that can't be unshelved is told in other words.
func TestUnshelve(t *testing.T) {
	line := strings.Replace(conductor, "WARNING nova.scheduler.utils", "WARNING nova.conductor.manager", 1)
	before, _, _ := strings.Cut(line, "Setting instance to")
	for _, all := range [][]string{{none, before + "No valid host found for unshelve instance"}, {before + "No valid host found for unshelve instance", none}} {
		if got := groups(t, all...); len(got) != 1 || got[0].Stage != unplaced.Candidates || fmt.Sprint(got[0].Servers) != "["+server+"]" {
			t.Errorf("%+v", got)
		}
	}
}
