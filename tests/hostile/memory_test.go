// SPDX-License-Identifier: Apache-2.0

//go:build hostile

package hostile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/program"
)

// mostMemory is what a hostile or broken service may cost, in MiB.
const mostMemory = 512

// run is one run of the program.
type run struct {
	answer map[string]any
	out    string
	peak   int // MiB
	took   time.Duration
}

func audit(t *testing.T, placement string, args map[string]any) run {
	t.Helper()
	input, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), placement, "placement_audit")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &errs
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	peak := make(chan int)
	go func() { peak <- watch(cmd.Process.Pid, ended) }()
	err = cmd.Wait()
	close(ended)
	r := run{out: out.String(), peak: <-peak, took: time.Since(began)}
	if json.Unmarshal(out.Bytes(), &r.answer) != nil || errs.Len() > 0 {
		t.Fatalf("no answer: %v %.500s %.2000s", err, out.String(), errs.String())
	}
	return r
}

// watch returns the largest resident size that a process had until it ended, in MiB.
func watch(pid int, ended <-chan struct{}) int {
	peak := 0
	for {
		peak = max(peak, highWater(pid))
		select {
		case <-ended:
			return peak
		case <-time.After(time.Millisecond):
		}
	}
}

func highWater(pid int) int {
	status, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	_, after, found := strings.Cut(string(status), "VmHWM:")
	if !found {
		return 0
	}
	kilobytes, _ := strconv.Atoi(strings.Fields(after)[0])
	return kilobytes >> 10
}

// bomb is what a service does, and what a person reads of it.
type bomb struct {
	hostile answers
	want    string // empty where the program may well get through, or to the end of its time
}

// patience is how many seconds the program gets: enough, or where there is no end some.
func (b bomb) patience() int {
	const enough, some = 120, 3
	if b.want != "" {
		return enough
	}
	return some
}

// lists are bombs in the place of a list.
func lists() map[string]bomb {
	list := func(hostile http.HandlerFunc) answers {
		return at("/placement/resource_providers", "/resource_providers", hostile)
	}
	empty := func(int) string { return "{}" }
	long := func(i int) string { return provider(i, strings.Repeat("x", 60_000)) }
	return map[string]bomb{
		"an endless list":   {list(endless(`{"resource_providers": [`, provider(1, "x")+",")), "answer larger than 64 MiB"},
		"an endless name":   {list(endless(`{"resource_providers": [{"uuid": "`, "a")), "answer larger than 64 MiB"},
		"an endless length": {list(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999999") }), "answer larger than 64 MiB"},
		"empty objects":     {list(upTo(60, `{"resource_providers": [`, empty, `]}`)), "no uuid at /resource_providers/0"},
		"unread objects":    {list(upTo(20, `{"resource_providers": [], "x": [`, empty, `]}`)), ""},
		"a list of 60 MiB":  {list(upTo(60, `{"resource_providers": [`, func(i int) string { return provider(i, "x") }, `]}`)), "more than an answer may hold"},
		"long names":        {list(upTo(20, `{"resource_providers": [`, long, `]}`)), ""},
		"servers of 60 MiB": {at("/compute/servers/detail", "", upTo(60, `{"servers": [`, server, `]}`)), "more than an answer may hold"},
		"pages of servers":  {pages("/compute/servers/detail", "servers", server), ""},
		"pages of names": {pages("/compute/servers/detail", "servers", func(i int) string {
			return strings.Replace(server(i), "server-", strings.Repeat("ü", 900), 1)
		}), ""},
		"pages of migrations": {pages("/compute/os-migrations", "migrations", migration), ""},
	}
}

// parts are bombs in what belongs to providers, 16 at a time.
func parts() map[string]bomb {
	packed := blanks(300)
	class := func(i int) string {
		return fmt.Sprintf(`"C%d": {"total": 1, "reserved": 0, "min_unit": 1, "max_unit": 1, "step_size": 1, "allocation_ratio": 1.0}`, i)
	}
	holding := func(i int) string {
		return fmt.Sprintf(`"c%d": {"resources": {"VCPU": 1}, "consumer_generation": 1}`, i)
	}
	name := func(i int) string { return fmt.Sprintf(`"%x":0`, i) }
	allocations, inventories := `{"resource_provider_generation": 1, "allocations": {`, `{"resource_provider_generation": 1, "inventories": {`
	of := func(what string, hostile http.HandlerFunc) answers {
		return manyProviders(at("/placement/resource_providers/", what, hostile))
	}
	one := "/placement/resource_providers/00000001"
	owned := `{"allocations": {"00000001-0000-4000-8000-000000000000": {"resources": {"VCPU": 1}}}, "project_id": "p", "user_id": "u", "consumer_generation": 1}`
	return map[string]bomb{
		"endless inventories": {of("/inventories", endless(inventories, `"X": {"total": 1},`)), "answer larger than 64 MiB"},
		"endless blanks":      {of("", endless("", " ")), "answer larger than 64 MiB"},
		"endless refusals": {of("", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			endless(`{"errors": [`, "{},")(w, r)
		}), "500 Internal Server Error"},
		"a packed bomb": {of("", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed)
		}), "answer larger than 64 MiB"},
		"unread names":          {of("", upTo(60, `{"x": {`, name, `}}`)), "more names than an object may have"},
		"inventories of 30 MiB": {of("/inventories", upTo(30, inventories, class, `}}`)), "more names than an object may have"},
		"inventories of 5 MiB":  {of("/inventories", upTo(5, inventories, class, `}}`)), ""},
		"consumers of 20 MiB": {manyProviders(first(
			at(one, "/allocations", upTo(20, allocations, holding, `}}`)),
			at(one, "/usages", says(`{"resource_provider_generation": 1, "usages": {"VCPU": 1000000}}`)),
			at("/placement/resource_providers/", "/usages", says(`{"resource_provider_generation": 1, "usages": {"C1": 0}}`)),
			at("/placement/resource_providers/", "/inventories", says(inventories+class(1)+`}}`)),
		)), "more than an answer may hold"},
		"orphans of 8 MiB": {manyProviders(first(
			at(one, "/allocations", upTo(8, allocations, holding, `}}`)),
			at(one, "/usages", says(`{"resource_provider_generation": 1, "usages": {"VCPU": 1000000}}`)),
			at("/placement/resource_providers/", "/usages", says(`{"resource_provider_generation": 1, "usages": {"C1": 0}}`)),
			at("/placement/resource_providers/", "/inventories", says(inventories+class(1)+`}}`)),
			at("/placement/allocations/", "", says(owned)),
		)), ""},
		"two million headers": {of("", headers(strings.Repeat("X-A: y\r\n", 100), 20_000)), "headers exceeded"},
		"a header of 50 MB":   {of("", headers("X-A: "+strings.Repeat("b", 50<<20)+"\r\n", 1)), "headers exceeded"},
	}
}

// tokens are bombs in the place of a token.
func tokens() map[string]bomb {
	token := func(then http.HandlerFunc) answers {
		return at("/identity/", "", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Subject-Token", "t0ken")
			w.WriteHeader(http.StatusCreated)
			then(w, r)
		})
	}
	objects := strings.Repeat("{},", 340_000)
	return map[string]bomb{
		"an endless token": {token(endless(`{"token": {"x": [`, "{},")), "answer larger than 1 MiB"},
		"empty objects":    {token(says(`{"token": {"x": [` + objects + `{}]}}`)), "the catalogue is empty"},
	}
}

// Whatever a service answers, the program takes no more memory than it may, says what is wrong, and never that all is well.
func TestMemory(t *testing.T) {
	placement := program.Build(t, "../..")
	for kind, bombs := range map[string]map[string]bomb{"list": lists(), "part": parts(), "token": tokens()} {
		for name, b := range bombs {
			t.Run(kind+"/"+name, func(t *testing.T) {
				c := newCloud(t, b.hostile)
				r := audit(t, placement, c.args(map[string]any{"timeout": b.patience()}))
				t.Logf("%d MiB, %.1f s, %d requests at once: %.150v", r.peak, r.took.Seconds(), c.most, r.answer["msg"])
				if r.peak > mostMemory || r.peak < 10 {
					t.Errorf("it took %d MiB", r.peak)
				}
				if !strings.Contains(r.out, b.want) || b.want != "" && r.answer["complete"] == true {
					t.Errorf("it does not say %q: %.1000s", b.want, r.out)
				}
				if r.answer["clean"] == true {
					t.Error("it is clean")
				}
			})
		}
	}
}

// What grows without end is given up, with a sentence that says what to do.
func TestGivenUp(t *testing.T) {
	c := newCloud(t, pages("/compute/servers/detail", "servers", server))
	environment := map[string]any{"GOMEMLIMIT": "64MiB"} // as a task has it
	r := audit(t, program.Build(t, "../.."), c.args(map[string]any{"timeout": 60, "_ansible_environment": environment}))
	if msg := fmt.Sprint(r.answer["msg"]); r.answer["failed"] != true || !strings.Contains(msg, "given up") || !strings.Contains(msg, "GOMEMLIMIT") {
		t.Errorf("%s", msg)
	}
	if r.peak > 150 {
		t.Errorf("it took %d MiB", r.peak)
	}
	t.Logf("%d MiB, %.1f s", r.peak, r.took.Seconds())
}
