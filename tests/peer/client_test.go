// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// side is what one of the two makes in Placement. Its names are of its own, so that both have the same beside each other.
type side struct {
	root, child, consumer, aggregate string // UUIDs
	name                             string // of everything that has a name
}

func newSide(name string) side {
	return side{root: live.UUID(), child: live.UUID(), consumer: live.UUID(), aggregate: live.UUID(), name: name}
}

// fill puts the names of a side where a wish has placeholders.
func (s side) fill(text string) string {
	return strings.NewReplacer("ROOT", s.root, "CHILD", s.child, "CONSUMER", s.consumer, "AGGREGATE", s.aggregate,
		"NAME", s.name, "LABEL", strings.ToUpper(s.name)).Replace(text)
}

// general is the other way round: what was answered, with placeholders for all that only this side has.
func (s side) general(text string) string {
	return strings.NewReplacer(s.root, "ROOT", s.child, "CHILD", s.consumer, "CONSUMER", s.aggregate, "AGGREGATE",
		s.name, "NAME", strings.ToUpper(s.name), "LABEL").Replace(text)
}

// clients are the client of Placement and this collection's program, on one lab.
type clients struct {
	*live.Lab
	t         *testing.T
	raw       *live.Raw
	openstack string // the client's program
	home      string // of the journal
	project   string
	user      string
}

// TestLabClient makes each of the client's 31 wishes twice, with its own command and with a module, and compares what both leave
// in Placement, and what both read. PLACEMENT_CLIENT names the program; make soak installs it.
func TestLabClient(t *testing.T) {
	openstack := os.Getenv("PLACEMENT_CLIENT")
	if openstack == "" {
		t.Skip("needs the client of Placement: scripts/setup client, and PLACEMENT_CLIENT=$PWD/.venv/client/bin/openstack")
	}
	l := live.Find(t)
	l.Build(t)
	cloud := l.Login(t)
	c := &clients{Lab: l, t: t, raw: l.Raw(t), openstack: openstack, home: t.TempDir(), project: cloud.Project, user: cloud.User}
	tag := live.UUID()[:8]
	theirs, ours := newSide("clienta"+tag), newSide("clientb"+tag)
	t.Cleanup(func() { c.clear(theirs); c.clear(ours) })
	done := map[string]bool{}
	var their, our time.Duration
	for _, w := range wishes() {
		said, took := c.types(theirs, w)
		answer, quick := c.runs(ours, w)
		their, our = their+took, our+quick
		t.Logf("CLIENT %-45s %6.2f s, %s %6.3f s", w.command(), took.Seconds(), w.module, quick.Seconds())
		done[w.command()] = true
		if a, b := c.state(theirs), c.state(ours); a != b {
			t.Fatalf("%s leaves\n%s\n%s leaves\n%s", w.line, a, w.module, b)
		}
		if w.read == nil {
			continue
		}
		if a, b := w.read(said), w.same(answer); !reflect.DeepEqual(a, b) || reflect.ValueOf(a).Len() == 0 {
			t.Errorf("%s reads %v, %s reads %v", w.line, a, w.module, b)
		}
	}
	t.Logf("CLIENT %s: %d commands, %.1f s; the modules %.2f s", live.Release(), len(done), their.Seconds(), our.Seconds())
	if len(done) != 31 {
		t.Errorf("%d of the client's 31 commands were tried", len(done))
	}
}

// types runs the client's command of a wish, and returns what it says.
func (c *clients) types(s side, w wish) (any, time.Duration) {
	c.t.Helper()
	words := strings.Fields(s.fill(c.own(strings.ReplaceAll(w.line, "GENERATION", c.generation(s)))))
	if w.read != nil {
		words = append(words, "-f", "json")
	}
	cmd := exec.CommandContext(c.t.Context(), c.openstack, words...)
	cmd.Env = append(os.Environ(), "OS_CLIENT_CONFIG_FILE="+c.CloudsFile, "OS_CLOUD="+c.Cloud, "OS_PLACEMENT_API_VERSION=1.29")
	start := time.Now()
	out, err := cmd.Output()
	took := time.Since(start)
	if err != nil {
		var ended *exec.ExitError
		if errors.As(err, &ended) {
			out = ended.Stderr
		}
		c.t.Fatalf("openstack %v: %v\n%s", words, err, out)
	}
	var said any
	if w.read != nil {
		if err := json.Unmarshal([]byte(s.general(string(out))), &said); err != nil {
			c.t.Fatalf("openstack %v: %v\n%s", words, err, out)
		}
	}
	return said, took
}

// runs has the module fulfil the wish, and returns its answer.
func (c *clients) runs(s side, w wish) (map[string]any, time.Duration) {
	c.t.Helper()
	var args map[string]any
	if err := json.Unmarshal([]byte(s.fill(c.own(w.args))), &args); err != nil {
		c.t.Fatalf("%s: %v", w.args, err)
	}
	if !strings.HasSuffix(w.module, "_info") {
		args["journal"] = filepath.Join(c.home, "journal.jsonl")
	}
	start := time.Now()
	var answer json.RawMessage
	err := c.Module(c.t.Context(), w.module, args, &answer)
	took := time.Since(start)
	var general map[string]any
	if err == nil {
		err = json.Unmarshal([]byte(s.general(string(answer))), &general)
	}
	if err != nil || general["failed"] != false {
		c.t.Fatalf("%s %s: %v\n%s", w.module, w.args, err, answer)
	}
	return general, took
}

// generation is that of the side's root, which the client has to be told.
func (c *clients) generation(s side) string {
	var provider struct{ Generation int }
	_ = json.Unmarshal(c.raw.Do(c.t.Context(), http.MethodGet, "/resource_providers/"+s.root, nil).Body, &provider)
	return strconv.Itoa(provider.Generation)
}

// own puts the lab's project and user where a wish names them.
func (c *clients) own(text string) string {
	return strings.NewReplacer("PROJECT", c.project, "USER", c.user).Replace(text)
}

// state is all that Placement has of a side, but generations, with placeholders.
func (c *clients) state(s side) string {
	c.t.Helper()
	parts := []string{}
	for _, uuid := range []string{s.root, s.child} {
		at := "/resource_providers/" + uuid
		for _, path := range []string{at, at + "/inventories", at + "/aggregates", at + "/traits", at + "/usages", at + "/allocations"} {
			parts = append(parts, s.general(path)+": "+c.read(s, path))
		}
	}
	parts = append(parts, "consumer: "+c.read(s, "/allocations/"+s.consumer))
	for _, path := range []string{"/traits?name=startswith:CUSTOM_" + strings.ToUpper(s.name), "/resource_classes"} {
		for _, name := range strings.Split(c.read(s, path), `"`) {
			if strings.HasPrefix(name, "CUSTOM_LABEL") {
				parts = append(parts, name)
			}
		}
	}
	return strings.Join(parts, "\n")
}

// read is what Placement answers, without generations and links, in one order.
func (c *clients) read(s side, path string) string {
	c.t.Helper()
	answer := c.raw.Do(c.t.Context(), http.MethodGet, path, nil)
	if answer.Err != nil || answer.Status != http.StatusOK && answer.Status != http.StatusNotFound {
		c.t.Fatalf("GET %s: %d %v %s", path, answer.Status, answer.Err, answer.Body)
	}
	if answer.Status == http.StatusNotFound {
		return "404"
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(s.general(string(answer.Body))), &body); err != nil {
		c.t.Fatal(err)
	}
	for _, key := range []string{"generation", "resource_provider_generation", "links"} {
		delete(body, key)
	}
	for _, key := range []string{"traits", "aggregates"} {
		if list, is := body[key].([]any); is {
			slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
	}
	if of, is := body["allocations"].(map[string]any); is {
		for _, one := range of {
			if share, is := one.(map[string]any); is {
				delete(share, "generation")
				delete(share, "consumer_generation")
			}
		}
	}
	delete(body, "consumer_generation")
	out, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(out)
}

// clear takes away what a test that failed has left.
func (c *clients) clear(s side) {
	ctx := context.WithoutCancel(c.t.Context())
	upper := strings.ToUpper(s.name)
	for _, path := range []string{
		"/allocations/" + s.consumer, "/resource_providers/" + s.child, "/resource_providers/" + s.root,
		"/traits/CUSTOM_" + upper, "/resource_classes/CUSTOM_" + upper, "/resource_classes/CUSTOM_" + upper + "_SET",
	} {
		c.raw.Do(ctx, http.MethodDelete, path, nil)
	}
}
