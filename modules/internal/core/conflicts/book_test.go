// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

const (
	anUUID   = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"
	onePID   = "req-1eed1a4c-a36d-4405-83e2-c86dfe1d8148"
	nameBody = `{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n Conflicting resource provider name: compute-01 already exists.  ", "request_id": "req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8"}]}`
	nameLine = "2026-11-22 10:56:44.519 2882 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] [req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8] Failed to create resource provider record in placement API for UUID " + anUUID + ". Got 409: " + nameBody + "."
)

func testParser() *lines.Parser { return &lines.Parser{Zone: time.UTC} }

func begun() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

func settings() Settings { return Settings{PersistentAfter: 5, StormRate: 60} }

// body is an answer as Placement writes it.
func body(code, detail string) string {
	type e struct {
		Status    int    `json:"status"`
		Title     string `json:"title"`
		Detail    string `json:"detail"`
		Code      string `json:"code,omitempty"`
		RequestID string `json:"request_id"`
	}
	text, _ := json.Marshal(map[string][]e{"errors": {{
		409, "Conflict", "There was a conflict when trying to complete your request.\n\n " + detail + "  ", code, "req-" + anUUID,
	}}})
	return strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(string(text))
}

// requestID makes a request id of a number.
func requestID(n int) string { return fmt.Sprintf("req-%08d-0000-4000-8000-000000000000", n) }

func stamp(at time.Time) string { return at.Format(lines.OsloTime) }

// served is Placement's request line.
func served(at time.Time, id int, request string, status, length int) string {
	return fmt.Sprintf("%s 7 INFO placement.requestlog [None %s u p - - default default] 127.0.0.1 %q status: %d len: %d microversion: 1.39",
		stamp(at), requestID(id), request, status, length)
}

// refused is what Nova says of the same.
func refused(at time.Time, id int, what, detail string) string {
	return fmt.Sprintf("%s 7 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] [%s] %s Got 409: %s",
		stamp(at), requestID(id), what, body(catalogue.ConcurrentUpdate, detail))
}

func read(t *testing.T, b *Book, from Origin, texts ...string) {
	t.Helper()
	for _, line := range texts {
		e, outcome := testParser().Parse([]byte(line))
		if outcome != lines.Found {
			t.Fatalf("%q: %v", line, outcome)
		}
		b.Add(&e, from)
	}
}

func only(t *testing.T, b *Book) explained.Conflict {
	t.Helper()
	all := b.Conflicts(settings())
	if len(all) != 1 {
		t.Fatalf("%d conflicts, want 1: %+v", len(all), all)
	}
	return all[0]
}

const inventories = "PUT /resource_providers/" + anUUID + "/inventories"

// Two lines of two services about one request are one conflict, with what each knows.
func TestJoin(t *testing.T) {
	compute := Origin{Host: "compute-01", Service: "nova-compute"}
	client := refused(begun(), 1, "Failed to create resource provider record in placement API for UUID "+anUUID+".", "Conflicting resource provider name: compute-01 already exists.")
	server := served(begun().Add(-time.Millisecond), 1, "POST /resource_providers", 409, 285)
	for name, lines := range map[string][]string{"client first": {client, server}, "server first": {server, client}} {
		b := NewBook()
		read(t, b, compute, lines...)
		c := only(t, b)
		want := explained.Target{Type: catalogue.OfName, Name: "compute-01"}
		if c.Conflict != "duplicate-name" || c.Target != want || c.Count != 1 || c.Verdict != explained.Lasting || !c.Act || c.Evidence["rule"] != explained.RulePermanent {
			t.Errorf("%s: %+v", name, c)
		}
		if len(c.Clients) != 1 || c.Clients[0].Host != "compute-01" || !reflect.DeepEqual(c.Evidence["wanted_by_uuids"], []string{anUUID}) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// Nova's ERROR at each try is noise when the next try goes through.
func TestTransient(t *testing.T) {
	b := NewBook()
	for i := range 3 {
		at := begun().Add(time.Duration(i) * time.Second)
		read(t, b, Origin{Service: "nova-compute"}, refused(at, i, "Failed to update inventory to [{}] for resource provider with UUID "+anUUID+". ", "resource provider generation conflict"))
	}
	for i := range 3 {
		read(t, b, Origin{}, served(begun().Add(time.Duration(i)*time.Second), i, inventories, 409, 263))
	}
	read(t, b, Origin{}, served(begun().Add(4*time.Second), 9, inventories, 200, 300))
	c := only(t, b)
	if c.Verdict != explained.Passed || c.Act || c.Count != 3 || c.LongestRun != 3 || c.Evidence["error_lines"] != 3 || c.Evidence["rule"] != explained.RuleThrough {
		t.Errorf("%+v", c)
	}
	if !c.SucceededAfter.Equal(begun().Add(4 * time.Second)) {
		t.Errorf("went through at %v", c.SucceededAfter)
	}
}

func TestVerdicts(t *testing.T) {
	second := time.Second
	for name, c := range map[string]struct {
		failures int
		every    time.Duration
		through  []time.Duration // after the beginning
		verdict  explained.Verdict
		rule     string
		longest  int
	}{
		"once":                   {1, second, nil, explained.Undecided, explained.RuleNothing, 1},
		"too few":                {4, second, nil, explained.Undecided, explained.RuleNothing, 4},
		"again and again":        {5, second, nil, explained.Lasting, explained.RuleRepeated, 5},
		"through between":        {8, 2 * second, []time.Duration{3 * second, 9 * second}, explained.Undecided, explained.RuleNothing, 3},
		"through, then again":    {8, 2 * second, []time.Duration{second}, explained.Lasting, explained.RuleRepeated, 7},
		"through at the end":     {9, 2 * second, []time.Duration{time.Minute}, explained.Passed, explained.RuleThrough, 9},
		"through before":         {5, second, []time.Duration{-second}, explained.Lasting, explained.RuleRepeated, 5},
		"storm":                  {60, second, []time.Duration{2 * time.Minute}, explained.Storm, explained.RuleStorm, 60},
		"not quite a storm":      {59, second, []time.Duration{2 * time.Minute}, explained.Passed, explained.RuleThrough, 59},
		"a storm that lasts":     {60, second, nil, explained.Lasting, explained.RuleRepeated, 60},
		"many, but not a minute": {100, 2 * second, []time.Duration{time.Hour}, explained.Passed, explained.RuleThrough, 100},
	} {
		b := NewBook()
		var events []string
		for i := range c.failures {
			events = append(events, served(begun().Add(time.Duration(i)*c.every), i, inventories, 409, 263))
		}
		for i, at := range c.through {
			events = append(events, served(begun().Add(at), 1000+i, inventories, 200, 300))
		}
		inOrder(events)
		read(t, b, Origin{}, events...)
		got := only(t, b)
		if got.Verdict != c.verdict || got.Evidence["rule"] != c.rule || got.LongestRun != c.longest || got.Count != c.failures {
			t.Errorf("%s: %s by %v, run %d of %d; want %s by %s, run %d", name, got.Verdict, got.Evidence["rule"], got.LongestRun, got.Count, c.verdict, c.rule, c.longest)
		}
	}
}

// A claim that found no room is over when the consumer got its place elsewhere.
func TestCapacity(t *testing.T) {
	trace := stamp(begun()) + " 7 WARNING placement.objects.allocation [None " + requestID(1) + " u p - - default default] Over capacity for VCPU on resource provider " + anUUID + ". Needed: 1, Used: 8, Capacity: 8.0"
	consumer := "PUT /allocations/aaaaaaaa-0000-4000-8000-000000000001"
	b := NewBook()
	read(t, b, Origin{}, trace, served(begun(), 1, consumer, 409, 400))
	c := only(t, b)
	if c.Conflict != "over-capacity" || c.Target.UUID != anUUID || c.Verdict != explained.Lasting || !reflect.DeepEqual(c.Evidence["resource_classes"], []string{"VCPU"}) {
		t.Errorf("%+v", c)
	}
	read(t, b, Origin{}, served(begun().Add(time.Second), 2, consumer, 204, 0))
	if c := only(t, b); c.Verdict != explained.Passed || c.Act {
		t.Errorf("%+v", c)
	}
}

// An access log's line is another view of the same request, not another conflict; one of another time or length is.
func TestAccess(t *testing.T) {
	apache := func(at time.Time, length int) string {
		return fmt.Sprintf(`192.0.2.31 - - [%s] "%s HTTP/1.1" 409 %d 1000 "-" "x"`, at.Format("02/Jan/2006:15:04:05 -0700"), inventories, length)
	}
	b := NewBook()
	read(t, b, Origin{}, served(begun(), 1, inventories, 409, 263), served(begun().Add(time.Second), 2, inventories, 409, 263))
	read(t, b, Origin{}, apache(begun(), 263), apache(begun().Add(time.Second), 263))
	c := only(t, b)
	if c.Count != 2 || len(c.Clients) != 1 || c.Clients[0].Address != "192.0.2.31" || c.Clients[0].Count != 2 {
		t.Errorf("%+v", c)
	}
	read(t, b, Origin{}, apache(begun().Add(time.Minute), 263), apache(begun(), 999))
	if got := total(b); got != 4 {
		t.Errorf("%d conflicts", got)
	}
}

func total(b *Book) int {
	n := 0
	for _, c := range b.Conflicts(settings()) {
		n += c.Count
	}
	return n
}

// The logs of several hosts, merged, tell what one host's would; also in JSON, in any order and twice.
func TestMerge(t *testing.T) {
	placement, compute, other := NewBook(), NewBook(), NewBook("PUT inventories/"+anUUID)
	read(t, placement, Origin{Host: "control01"}, served(begun(), 1, inventories, 409, 263))
	read(t, compute, Origin{Host: "compute-01", Service: "nova-compute"}, refused(begun(), 1, "Failed to update inventory to [{}] for resource provider with UUID "+anUUID+". ", "resource provider generation conflict"))
	read(t, other, Origin{Host: "control02"}, served(begun().Add(time.Second), 3, inventories, 200, 263))
	placement.settle()
	if open := placement.Export(9).Open; !reflect.DeepEqual(open, []string{"PUT inventories/" + anUUID}) {
		t.Errorf("open: %v", open)
	}
	for _, books := range [][]*Book{{placement, compute, other}, {other, compute, placement}, {compute, placement, compute, other}} {
		merged := NewBook()
		for _, b := range books {
			text, err := json.Marshal(b.Export(100))
			if err != nil {
				t.Fatal(err)
			}
			var x Export
			if err := json.Unmarshal(text, &x); err != nil {
				t.Fatal(err)
			}
			merged.Import(x)
		}
		c := only(t, merged)
		if c.Count != 1 || c.Verdict != explained.Passed || c.Clients[0].Host != "compute-01" || c.Evidence["error_lines"] != 1 {
			t.Errorf("%+v", c)
		}
	}
}

// Far more conflicts than are kept are still counted, once each, in bounded memory.
func TestBounds(t *testing.T) {
	b := NewBook()
	b.most = bounds{records: 400, tallies: 200, subjects: 2000}
	n := 3*b.most.records + 7
	for i := range n {
		at := begun().Add(time.Duration(i) * time.Millisecond)
		read(t, b, Origin{}, served(at, i, fmt.Sprintf("PUT /allocations/aaaaaaaa-0000-4000-8000-%012d", i), 409, 280))
	}
	read(t, b, Origin{Service: "nova-compute"}, refused(begun(), 1, "Failed to save allocation for x.", "consumer generation conflict - expected 1 but got None"))
	if got := total(b); got != n {
		t.Errorf("%d conflicts, want %d", got, n)
	}
	if len(b.records) > b.most.records || len(b.tallies) > b.most.tallies+50 || len(b.watched) > b.most.subjects {
		t.Errorf("keeps %d records, %d tallies, %d subjects", len(b.records), len(b.tallies), len(b.watched))
	}
	x := b.Export(10)
	if len(x.Records) != 10 {
		t.Errorf("exports %d records", len(x.Records))
	}
	merged := NewBook()
	merged.Import(x)
	if got := total(merged); got != n || merged.Unjoined() != n-10 {
		t.Errorf("%d merged, %d unjoined, want %d", got, merged.Unjoined(), n)
	}
}

// What is outside of the wanted time is not counted.
func TestTimes(t *testing.T) {
	b := NewBook()
	b.Since, b.Until = begun(), begun().Add(time.Minute)
	for i, at := range []time.Duration{-time.Second, 0, time.Minute, time.Minute + time.Second} {
		read(t, b, Origin{}, served(begun().Add(at), i, inventories, 409, 263))
	}
	if c := only(t, b); c.Count != 2 {
		t.Errorf("%d in time", c.Count)
	}
}

func inOrder(lines []string) {
	for i := range lines {
		for j := i; j > 0 && strings.Compare(lines[j][:23], lines[j-1][:23]) < 0; j-- {
			lines[j], lines[j-1] = lines[j-1], lines[j]
		}
	}
}

// An access log alone tells too what went through, and two of them are two views of one request, not two conflicts.
func TestAccessAlone(t *testing.T) {
	apache := func(at time.Time, status, length int) string {
		return fmt.Sprintf(`192.0.2.31 - - [%s] "%s HTTP/1.1" %d %d 1000 "-" "x"`, at.Format("02/Jan/2006:15:04:05 -0700"), inventories, status, length)
	}
	haproxy := fmt.Sprintf(`192.0.2.31:1 [%s] placement_api_front placement_api_back/one 0/0/1/35/3001 409 516 - - ---- 1/1/0/0/0 0/0 "%s HTTP/1.1"`,
		begun().Add(-3*time.Second).Format("02/Jan/2006:15:04:05.000"), inventories)
	b := NewBook()
	for i := range 6 {
		read(t, b, Origin{}, apache(begun().Add(time.Duration(i)*time.Minute), 409, 560), apache(begun().Add(time.Duration(i)*time.Minute+time.Second), 200, 9))
	}
	read(t, b, Origin{}, haproxy)
	if c := only(t, b); c.Verdict != explained.Passed || c.Count != 6 || c.Conflict != explained.Unexplained {
		t.Errorf("%+v", c)
	}
	// Debian's Apache counts the headers too.
	b = NewBook()
	read(t, b, Origin{}, served(begun(), 1, inventories, 409, 263), apache(begun(), 409, 560))
	if c := only(t, b); c.Count != 1 || c.Conflict != "inventory-generation" {
		t.Errorf("%+v", c)
	}
}

// What was only counted is settled by what went through later, here or on another host.
func TestFoldedSettles(t *testing.T) {
	client, server := NewBook(), NewBook("consumer/aaaaaaaa-0000-4000-8000-000000000001")
	for i := range 8 {
		read(t, client, Origin{Service: "nova-compute"}, refused(begun().Add(time.Duration(i)*time.Second), i,
			"Failed to save allocation for aaaaaaaa-0000-4000-8000-000000000001.", "consumer generation conflict - expected 1 but got None"))
	}
	client.fold(1)
	if c := only(t, client); c.Verdict != explained.Lasting || c.Count != 8 || c.Evidence["not_settled"] != 8 {
		t.Errorf("%+v", c)
	}
	read(t, server, Origin{}, served(begun().Add(time.Minute), 99, "PUT /allocations/aaaaaaaa-0000-4000-8000-000000000001", 204, 0))
	merged := NewBook()
	merged.Import(client.Export(1))
	if open := merged.Open(); !reflect.DeepEqual(open, []string{"consumer/aaaaaaaa-0000-4000-8000-000000000001"}) {
		t.Errorf("open: %v", open)
	}
	merged.Import(server.Export(1))
	merged.Import(NewBook().Export(1))
	if c := only(t, merged); c.Verdict != explained.Passed || c.Count != 8 || c.SucceededAfter == nil {
		t.Errorf("%+v", c)
	}
}

// What no log names can't be followed, so nobody can say that it failed again and again; a kind that stays does.
func TestNotFollowed(t *testing.T) {
	b := NewBook()
	for i := range 9 {
		read(t, b, Origin{}, served(begun().Add(time.Duration(i)*time.Second), i, "POST /allocations", 409, 280))
	}
	if c := only(t, b); c.Verdict != explained.Undecided || c.Evidence["not_followed"] != 9 {
		t.Errorf("%+v", c)
	}
	b = NewBook()
	read(t, b, Origin{}, served(begun(), 1, "POST /resource_providers", 409, 285))
	if c := only(t, b); c.Verdict != explained.Lasting || c.Conflict != "duplicate-name" {
		t.Errorf("%+v", c)
	}
}

// One consumer that found a place elsewhere does not excuse the others.
func TestMixed(t *testing.T) {
	b := NewBook()
	for i := range 3 {
		read(t, b, Origin{}, stamp(begun())+" 7 WARNING placement.objects.allocation [None "+requestID(i)+" u p - - default default] Over capacity for VCPU on resource provider "+anUUID+". Needed: 1, Used: 8, Capacity: 8.0",
			served(begun(), i, fmt.Sprintf("PUT /allocations/aaaaaaaa-0000-4000-8000-00000000000%d", i), 409, 400))
	}
	read(t, b, Origin{}, served(begun().Add(time.Second), 9, "PUT /allocations/aaaaaaaa-0000-4000-8000-000000000002", 204, 0))
	if c := only(t, b); c.Verdict != explained.Lasting || c.SucceededAfter != nil || !strings.Contains(c.Message, "3 times at") && !strings.Contains(c.Message, "(1 went through later)") {
		t.Errorf("%+v", c)
	}
}
