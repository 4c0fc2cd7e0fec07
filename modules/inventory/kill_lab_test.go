// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// victim is the program at work on a provider of its own, behind a proxy that stops the time for it.
type victim struct {
	t        *testing.T
	lab      *live.Lab
	provider *changetest.Provider
	program  string
	journal  string
	at       int // generation of the provider
	before   change.Inventories
	after    change.Inventories
	op       string
	known    int // entries of earlier runs
	proxy    *changetest.Proxy
	process  *exec.Cmd
	started  chan struct{}
	dead     chan struct{}
	once     *sync.Once
}

// kill sends SIGKILL, once there is a process, and waits until it is gone.
func (v *victim) kill() {
	<-v.started
	v.once.Do(func() { _ = v.process.Process.Kill() })
	<-v.dead
}

// request calls f when a request with that method and end of path comes by.
func request(method, end string, f func()) func(*http.Request) {
	return func(r *http.Request) {
		if r.Method == method && strings.HasSuffix(r.URL.Path, end) {
			f()
		}
	}
}

// watch kills when the journal has so many bytes or lines, looking without a pause.
func (v *victim) watch(reached func(journal []byte, err error) bool) {
	go func() {
		for {
			select {
			case <-v.dead:
				return
			default:
			}
			if reached(os.ReadFile(v.journal)) {
				v.kill()
				return
			}
		}
	}()
}

// killPoints are the points between read, journal, write and answer. Each arms a run; some may come too late, and then the
// run ends by itself, which is judged just the same.
func killPoints() map[string]func(*victim) {
	lines := func(n int) func(*victim) {
		return func(v *victim) {
			data, _ := os.ReadFile(v.journal)
			had := bytes.Count(data, []byte("}\n"))
			v.watch(func(now []byte, _ error) bool { return bytes.Count(now, []byte("}\n")) >= had+n })
		}
	}
	return map[string]func(*victim){
		"before usages are read":      func(v *victim) { v.proxy.Arrived = request(http.MethodGet, "/usages", v.kill) },
		"usages read":                 func(v *victim) { v.proxy.Answered = request(http.MethodGet, "/usages", v.kill) },
		"before inventories are read": func(v *victim) { v.proxy.Arrived = request(http.MethodGet, "/inventories", v.kill) },
		"inventories read":            func(v *victim) { v.proxy.Answered = request(http.MethodGet, "/inventories", v.kill) },
		"journal opened": func(v *victim) {
			v.journal, v.known = filepath.Join(v.t.TempDir(), "new", "journal.jsonl"), 0
			v.watch(func(_ []byte, err error) bool { return err == nil })
		},
		"something in the journal": func(v *victim) {
			data, _ := os.ReadFile(v.journal)
			v.watch(func(now []byte, _ error) bool { return len(now) > len(data) })
		},
		"intended in the journal": lines(1),
		"written in the journal":  lines(2),
		"write on its way, lost": func(v *victim) {
			v.proxy.Decide = func(r *http.Request) changetest.Fault {
				if r.Method == http.MethodPut {
					return changetest.Cut
				}
				return changetest.None
			}
			v.proxy.Arrived = request(http.MethodPut, "/inventories", func() { v.ahead(); v.kill() })
		},
		"write on its way, arrives": func(v *victim) {
			v.proxy.Arrived = request(http.MethodPut, "/inventories", func() { v.ahead(); v.kill() })
		},
		"write done, before its answer": func(v *victim) { v.proxy.Answered = request(http.MethodPut, "/inventories", v.kill) },
		"answer on its way": func(v *victim) {
			v.proxy.Answered = request(http.MethodPut, "/inventories", func() {
				go func() { time.Sleep(rand.N(2 * time.Millisecond)); v.kill() }()
			})
		},
		"any time": func(v *victim) {
			go func() { time.Sleep(200*time.Millisecond + rand.N(500*time.Millisecond)); v.kill() }()
		},
	}
}

// ahead holds that the journal is ahead of the write that arrives.
func (v *victim) ahead() {
	all, err := change.ReadJournal(v.journal)
	if err != nil || len(all) != v.known+1 {
		v.t.Errorf("a write arrives, and the journal has %d entries of this run: %v", len(all)-v.known, err)
		return
	}
	if e := all[v.known]; e.State != change.Intended || e.Op != v.op || e.Provider != v.provider.UUID || !maps.Equal(e.After, v.after) || !maps.Equal(e.Before, v.before) {
		v.t.Errorf("a write arrives, and the journal has %+v", e)
	}
}

// recall tells what the program will know of drains. All runs go through one proxy, so that it is one cloud.
func (v *victim) recall(entries []change.Entry) *change.Drains {
	return change.Recall(entries, openstack.CloudOf([]string{v.proxy.URL}, ""), v.provider.UUID)
}

// wish chooses what the program is to do, something that changes the provider: put back what is drained, or else drain it
// or set its total. It returns the options and notes what they make of the provider.
func (v *victim) wish(entries []change.Entry) map[string]any {
	if back := change.Undrain(change.Trace{Generation: v.at}, v.before, nil, v.recall(entries)); back.Changes() {
		v.op, v.after = change.OpUndrain, back.After
		return map[string]any{"drain": false}
	}
	if drain := change.Drain(change.Trace{}, v.before, nil); drain.Changes() && rand.IntN(2) == 0 {
		v.op, v.after = change.OpDrain, drain.After
		return map[string]any{"drain": true}
	}
	total, none := v.before["VCPU"].Total%1000+1+rand.IntN(500), 0
	wishes := map[string]change.Wish{"VCPU": {Total: &total, Reserved: &none}}
	v.op, v.after = change.OpInventories, change.Judge(v.before, nil, wishes, change.Present, false).After
	return map[string]any{"inventories": map[string]any{"VCPU": map[string]any{"total": total, "reserved": none}}}
}

// read returns what is in the journal.
func (v *victim) read() []change.Entry {
	v.t.Helper()
	all, err := change.ReadJournal(v.journal)
	if err != nil {
		v.t.Fatal(err)
	}
	return all
}

// run starts the program, lets the armed point kill it, and says what is left.
func (v *victim) run(arm func(*victim)) string {
	v.t.Helper()
	v.known, v.started, v.dead, v.once = len(v.read()), make(chan struct{}), make(chan struct{}), &sync.Once{}
	v.proxy.Reset()
	v.proxy.Arrived = request(http.MethodPut, "/inventories", v.ahead)
	v.process = exec.CommandContext(context.WithoutCancel(v.t.Context()), v.program, "placement_inventory")
	started := v.started
	arm(v)
	arrived := v.proxy.Arrived
	v.proxy.Arrived = func(r *http.Request) { <-started; arrived(r) }
	options := v.wish(v.read())
	maps.Copy(options, map[string]any{
		"clouds_file": v.lab.CloudsFile, "cloud": v.lab.Cloud, "placement_endpoint": v.proxy.URL, "provider": v.provider.UUID, "journal": v.journal,
	})
	args, err := json.Marshal(options)
	if err != nil {
		v.t.Fatal(err)
	}
	var out bytes.Buffer
	v.process.Stdin, v.process.Stdout = bytes.NewReader(args), &out
	if err := v.process.Start(); err != nil {
		v.t.Fatal(err)
	}
	close(started)
	err = v.process.Wait()
	close(v.dead)
	if err != nil && !strings.Contains(err.Error(), "killed") {
		v.t.Fatalf("the program failed: %v: %s", err, &out)
	}
	return v.judge(err == nil)
}

// judge holds that the provider is as before or as after, and that the journal says which.
func (v *victim) judge(survived bool) string {
	v.t.Helper()
	v.proxy.Gone(v.t) // what the dead program sent
	sent := v.proxy.Sent()
	now, err := v.provider.Read(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	is := map[bool]change.Mark{true: change.Written, false: change.NotWritten}[maps.Equal(now.Inventories, v.after)]
	if is == change.NotWritten && !maps.Equal(now.Inventories, v.before) {
		v.t.Errorf("the provider is neither as before nor as after: %+v", now)
	}
	says, how := change.NotWritten, "no entry"
	switch mine := v.read()[v.known:]; len(mine) {
	case 0:
		if len(sent) != 0 {
			v.t.Errorf("%d writes without a journal entry", len(sent))
		}
	case 1:
		says, how = change.Settled(mine[0], now.Generation, now.Inventories), "intended"
	case 2:
		says, how = mine[1].State, "ended"
	case 3:
		says, how = mine[1].State, "ended"
		if v.op != change.OpDrain || mine[2].State != change.Confirmed {
			v.t.Errorf("%d entries: %+v", len(mine), mine)
		}
	default:
		v.t.Errorf("%d entries", len(mine))
	}
	if says != is || survived && how != "ended" {
		v.t.Errorf("the journal says %q (%s), but it is %q", says, how, is)
	}
	v.before, v.at = now.Inventories, now.Generation
	if survived {
		how += ", survived"
	}
	return v.op + ", " + how + ": " + string(is)
}

// Whenever it is killed, a provider is as before or as after, and the journal says which.
func TestLabKilled(t *testing.T) {
	live.OneIsEnough(t, "zed")
	l := live.Find(t)
	program := l.Build(t)
	provider := changetest.NewProvider(t, l.Raw(t), "kill", changetest.Start())
	journal := filepath.Join(t.TempDir(), "journal.jsonl")
	proxy := changetest.NewProxy(t, l.Endpoints["placement"], func(*http.Request) changetest.Fault { return changetest.None })
	state, at := changetest.Start(), 0
	for name, arm := range killPoints() {
		t.Run(name, func(t *testing.T) {
			v := &victim{t: t, lab: l, provider: provider, program: program, journal: journal, before: state, at: at, proxy: proxy}
			ends := map[string]int{}
			for range 6 {
				v.journal = journal
				ends[v.run(arm)]++
			}
			state, at = v.before, v.at
			t.Log(ends)
		})
	}
}
