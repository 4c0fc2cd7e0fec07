// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// slow is a service that takes a while and counts what is asked and how much of it at the same time.
type slow struct {
	asked, now, most atomic.Int64
	together         int64 // so many have to be there before the first is answered
	complete         chan struct{}
	once             sync.Once
	status           int
	token            string
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	n := s.now.Add(1)
	defer s.now.Add(-1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
		continue
	}
	if n == s.together {
		s.once.Do(func() { close(s.complete) })
	}
	if s.together > 0 {
		select {
		case <-s.complete:
		case <-time.After(time.Minute): // they never will
		}
	}
	time.Sleep(10 * time.Millisecond)
	if r.Header.Get("X-Auth-Token") != s.token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(s.status)
}

// What goes through the proxies is replayed to the service itself: the same paths and headers, so many at a time.
func TestRecordAndReplay(t *testing.T) {
	service := &slow{status: http.StatusOK, token: "secret"}
	server := httptest.NewServer(service)
	defer server.Close()
	target, err := url.Parse(server.URL + "/v2.1")
	if err != nil {
		t.Fatal(err)
	}
	var r recorder
	proxy := httptest.NewServer(r.before("nova", target))
	for _, path := range []string{"/v2.1/servers/detail?all_tenants=True", "/v2.1/servers/detail?marker=1", "/v2.1/os-services"} {
		ask(t, http.MethodGet, proxy.URL+path)
	}
	ask(t, http.MethodPost, proxy.URL+"/v2.1/os-services")
	proxy.Close()
	if len(r.asked) != 3 || len(servers(r.asked)) != 2 || len(allocations(r.asked)) != 0 {
		t.Fatalf("recorded %+v", r.asked)
	}
	list := append(append(r.asked, r.asked...), r.asked...)
	service.asked.Store(0)
	service.most.Store(0)
	service.together, service.complete = 4, make(chan struct{})
	s, err := replay(t.Context(), list, 4)
	if err != nil || s.Requests != 9 || service.asked.Load() != 9 || service.most.Load() != 4 {
		t.Errorf("%d requests, %d arrived, up to %d at a time, error %v", s.Requests, service.asked.Load(), service.most.Load(), err)
	}
	if s.Wall < 30*time.Millisecond {
		t.Errorf("9 requests of 10 ms, 4 at a time, took %v", s.Wall)
	}
	service.status = http.StatusNotFound
	if _, err := replay(t.Context(), list, 4); err == nil {
		t.Error("refusals count as answers")
	}
}

func ask(t *testing.T, method, address string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", "secret")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

func TestKinds(t *testing.T) {
	all := []request{
		{Path: "/resource_providers"},
		{Path: "/resource_providers/69a75d06-8789-1236-6c6c-ff934befa256/usages"},
		{Path: "/resource_providers/a9427f1d-fbec-bb4d-71c2-9b942728188f/usages"},
	}
	if got, want := kinds(all), "2 /resource_providers/…/usages, 1 /resource_providers"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAllocations(t *testing.T) {
	all := []request{
		{Service: "placement", Path: "/resource_providers/a/allocations"},
		{Service: "placement", Path: "/resource_providers/a/usages"},
		{Service: "placement", Path: "/allocations/c"},
		{Service: "nova", Path: "/resource_providers/a/allocations"},
	}
	if got := allocations(all); len(got) != 1 || got[0].Path != all[0].Path || got[0].Service != "placement" {
		t.Errorf("got %v", got)
	}
}

// A process is measured, not its parent, and what it prints is kept although it fails.
func TestTimed(t *testing.T) {
	out, s, err := timed(exec.CommandContext(t.Context(), "sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done; exit 3"))
	if err == nil || string(out) != "done\n" {
		t.Errorf("said %q, error %v", out, err)
	}
	if s.Client < 20*time.Millisecond || s.Client > s.Wall+20*time.Millisecond || s.Peak < 1<<19 {
		t.Errorf("wall %v, CPU %v, peak %d bytes", s.Wall, s.Client, s.Peak)
	}
	if !s.PeakMost {
		t.Errorf("a shell has more memory (%d) than this test (%d)?", s.Peak, ownPeak())
	}
}

// It works until that shows, however many others want to.
func TestOwnTime(t *testing.T) {
	before, busy, begun := ownTime(), machineBusy(), time.Now()
	own := time.Duration(0)
	for own < 100*time.Millisecond && time.Since(begun) < time.Minute {
		own = ownTime() - before
	}
	most := time.Duration(runtime.NumCPU())*time.Since(begun) + 2*tick
	if all := machineBusy() - busy; own < 100*time.Millisecond || own > most || all < own-2*tick {
		t.Errorf("%v of work: own %v, machine %v", time.Since(begun), own, all)
	}
}

// The best run counts, and the largest memory of all.
func TestKeep(t *testing.T) {
	c := &cloud{Samples: map[subject]sample{}, Levels: map[subject]int{}}
	for _, s := range []sample{{Wall: 3, Peak: 10}, {Wall: 1, Peak: 20, Other: 0.5}, {Wall: 2, Peak: 30}} {
		c.keep(full, s, 0)
	}
	if got := c.Samples[full]; got.Wall != 1 || got.Peak != 30 || c.OtherMax != 0.5 {
		t.Errorf("kept %+v, other %v", got, c.OtherMax)
	}
}

func TestRatios(t *testing.T) {
	small := cloud{Hosts: 1000, Samples: map[subject]sample{
		full: {Wall: 11 * time.Second, Peak: 149 << 20}, rawAllocations: {Wall: 10 * time.Second}, peer: {Wall: 33 * time.Second},
	}}
	large := cloud{Hosts: 10000, Samples: map[subject]sample{
		full: {Wall: 220 * time.Second, Peak: 151 << 20}, databases: {Wall: 4 * time.Second, Peak: 140 << 20}, rawRows: {Wall: 2 * time.Second},
		why: {Wall: 4 * time.Second, Peak: 100 << 20}, rawCandidates: {Wall: 2 * time.Second},
	}}
	text := (&report{Clouds: []cloud{small, large}}).markdown()
	for _, want := range []string{
		"| 1000 hosts: placement_audit / its GETs of allocations, raw | 1.10 | at most 1.15 | met |",
		"| 1000 hosts: nova-manage placement audit / placement_audit | 3.00 | at least 4 | missed |",
		"| 1000 hosts: peak memory of placement_audit | 149 MiB | at most 150 | met |",
		"| 10000 hosts: peak memory of placement_audit | 151 MiB | at most 150 | missed |",
		"| 10000 hosts: placement_audit, `source: database` / its SELECTs of one look, raw | 2.00 | at most 3 | met |",
		"| 10000 hosts: placement_candidates_info / its GET of the candidates, raw | 2.00 | | |",
		"| 10000 hosts: wall time of placement_candidates_info | 4.00 s | at most 3 | missed |",
		"| 10000 hosts: peak memory of placement_candidates_info | 100 MiB | at most 150 | met |",
		"| placement_audit: wall time a host, 1000 to 10000 hosts | 2.00 | | |",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no line\n%s\nin\n%s", want, text)
		}
	}
	if strings.Contains(text, "quick") {
		t.Errorf("a ratio of what was not measured:\n%s", text)
	}
}

func TestReplaceBetweenMarks(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	write := func(text string) {
		if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + beginMark + "; more -->\nold\n<!-- " + endMark + "\nafter\n")
	for range 2 { // once more changes nothing
		if err := replaceBetweenMarks(page, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	want := "before\n" + beginMark + "; more -->\n\nnew\n\n<!-- " + endMark + "\nafter\n"
	if err != nil || string(got) != want {
		t.Errorf("got\n%s\nwant\n%s%v", got, want, err)
	}
	write("no marks\n")
	if err := replaceBetweenMarks(page, "new\n"); err == nil {
		t.Error("a page without marks is taken")
	}
}

// The page that make bench writes has the marks.
func TestPage(t *testing.T) {
	data, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{beginMark, endMark} {
		if strings.Count(string(data), mark) != 1 {
			t.Errorf("the page has not %q once", mark)
		}
	}
}

// What one connection of the audit asked is asked by one, in its order; servers count their connections each for itself.
func TestConnections(t *testing.T) {
	got := connections([]statement{{"mysql", "7", "a"}, {"mysql-cell2", "7", "b"}, {"mysql", "7", "c"}, {"mysql", "8", "d"}})
	if len(got) != 3 || len(got["mysql 7"]) != 2 || got["mysql 7"][0].text != "a" || got["mysql 7"][1].text != "c" {
		t.Errorf("%+v", got)
	}
}

// The raw client asks for the candidates that the module asked for, not for those by which inventories are read.
func TestCandidates(t *testing.T) {
	asked := []request{
		{Service: "placement", Path: "/allocation_candidates", URL: "http://p/allocation_candidates?resources=VCPU%3A1"},
		{Service: "placement", Path: "/allocation_candidates", URL: "http://p/allocation_candidates?resources=DISK_GB%3A10%2CMEMORY_MB%3A1024%2CVCPU%3A2"},
		{Service: "placement", Path: "/resource_providers", URL: "http://p/resource_providers"},
	}
	if got := candidates(asked); len(got) != 1 || got[0].URL != asked[1].URL {
		t.Errorf("%+v", got)
	}
}

// Sizes beyond what the APIs are measured with have the rows of the databases alone, and say so.
func TestAPIMax(t *testing.T) {
	b := &bench{lab: &lab{}, set: settings{apiMax: 1000, peerMax: 1000, only: groups()}, statements: []statement{{"mysql", "1", "SELECT 1"}}}
	c := &cloud{Hosts: 50000}
	if chosen := b.choose(t.Context(), c, map[subject][]request{rawAll: {}, rawAllocations: {}, rawServers: {}, rawCandidates: {}}); !slices.Equal(chosen, []subject{databases, rawRows}) {
		t.Errorf("%v", chosen)
	}
	if !strings.Contains(strings.Join(c.NotRun, "; "), "placement_audit: not measured with 50000 hosts; BENCH_API_MAX=50000 does") {
		t.Errorf("%v", c.NotRun)
	}
}

// What was not asked for is not measured, and has no row.
func TestOnly(t *testing.T) {
	b := &bench{lab: &lab{}, set: settings{apiMax: 10000, peerMax: 1000, only: []string{"candidates"}}}
	c := &cloud{Hosts: 10000}
	if chosen := b.choose(t.Context(), c, map[subject][]request{rawCandidates: {{}}}); !slices.Equal(chosen, []subject{why, rawCandidates}) || len(c.NotRun) > 0 {
		t.Errorf("%v %v", chosen, c.NotRun)
	}
}

func TestParse(t *testing.T) {
	set, err := parse([]string{"-program", "p", "-sizes", "10000 1000,1000"})
	if err != nil || len(set.sizes) != 2 || set.sizes[0] != 1000 || set.peerMax != 1000 || set.apiMax != 10000 || !set.measures(peer) {
		t.Errorf("%+v, %v", set, err)
	}
	for _, wrong := range [][]string{{}, {"-program", "p", "-sizes", ""}, {"-program", "p", "-levels", "0"}, {"-program", "p", "-sizes", "x"}, {"-program", "p", "-only", "heal"}} {
		if _, err := parse(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
