// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// point is where a run is ended: at its nth write, before or after Placement has it.
type point struct {
	nth    int64
	before bool
}

func (p point) String() string {
	return fmt.Sprintf("write %d, %s", p.nth, map[bool]string{true: "before", false: "after"}[p.before])
}

// points lists all points of a plan of so many writes.
func points(writes int) []point {
	var all []point
	for n := range int64(writes) {
		all = append(all, point{n + 1, true}, point{n + 1, false})
	}
	return all
}

// However a run is ended, the next one finishes it, nothing is done twice, and all runs together are undone. PLACEMENT_HEAL_KILLS says
// how many points are tried, PLACEMENT_HEAL_SEED which come first.
func TestLabHealKilled(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b, healthy, ill := broken(t)
	program := b.Build(t)
	writes := len(b.rehearse(ill).Reached())
	if writes < 10 {
		t.Fatalf("a plan of %d writes", writes)
	}
	all := dealt(t, points(writes))
	start, few := time.Now(), min(int(live.Number(t, "PLACEMENT_HEAL_KILLS", 3)), len(all))
	for _, at := range all[:few] {
		fine := t.Run(at.String(), func(t *testing.T) { b.in(t).killed(program, at, healthy, ill) })
		if !fine && len(differences(ill, b.rows())) > 0 {
			return // the next one would be about something else
		}
	}
	t.Logf("HEAL killed at %d of the %d points of a plan of %d writes, %.1f s each", few, len(all), writes, time.Since(start).Seconds()/float64(few))
}

// dealt is a shuffled list, the same for the same PLACEMENT_HEAL_SEED.
func dealt[T any](t *testing.T, all []T) []T {
	t.Helper()
	seed := live.Number(t, "PLACEMENT_HEAL_SEED", time.Now().UnixNano())
	t.Logf("PLACEMENT_HEAL_SEED=%d", seed)
	rand.New(rand.NewPCG(uint64(seed), 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// in is the bed for a test within the test, with a journal of its own.
func (b *sickbed) in(t *testing.T) *sickbed {
	own := *b
	own.t, own.dir = t, t.TempDir()
	return &own
}

// rehearse heals once behind a proxy, which remembers what it has seen, and undoes that.
func (b *sickbed) rehearse(ill map[string]string) *changetest.Proxy {
	b.t.Helper()
	proxy := b.proxy(func(*http.Request) changetest.Fault { return changetest.None })
	b.fine(b.heal(map[string]any{"placement_endpoint": proxy.URL}), "done", 10)
	b.undoAll(ill)
	return proxy
}

func (b *sickbed) proxy(decide func(*http.Request) changetest.Fault) *changetest.Proxy {
	return changetest.NewProxy(b.t, b.Endpoints["placement"], decide)
}

// undoAll undoes all runs, the newest first: then all has to be as before them.
func (b *sickbed) undoAll(ill map[string]string) {
	b.t.Helper()
	for _, run := range b.runs() {
		if undone := b.run(restore.Module(), map[string]any{"run": run}); undone["failed"] != false {
			b.t.Fatalf("undo: %v\n%s", undone["msg"], text(undone["steps"]))
		}
	}
	if left := differences(ill, b.rows()); len(left) > 0 {
		b.t.Fatalf("undone, but not as before:\n%s", strings.Join(left, "\n"))
	}
}

// cured fails the test unless all is as it was before anything was broken, when an audit found nothing.
func (b *sickbed) cured(healthy map[string]string) {
	b.t.Helper()
	if left := differences(healthy, b.rows()); len(left) > 0 {
		b.t.Fatalf("healed, but not as before:\n%s", strings.Join(left, "\n"))
	}
}

// killed ends one run, has another one finish it, and undoes both.
func (b *sickbed) killed(program string, at point, healthy, ill map[string]string) {
	sent := b.kill(program, at)
	second := b.proxy(func(*http.Request) changetest.Fault { return changetest.None })
	if rest := b.heal(map[string]any{"placement_endpoint": second.URL}); rest["failed"] != false {
		b.t.Fatalf("%v\n%s", rest["msg"], text(rest["steps"]))
	}
	var applied []string
	for _, w := range slices.Concat(sent, second.Reached()) {
		if w.Status < http.StatusBadRequest {
			applied = append(applied, w.Method+" "+w.Path)
		}
	}
	slices.Sort(applied)
	if once := slices.Compact(slices.Clone(applied)); len(once) != len(applied) {
		b.t.Errorf("something is done twice:\n%s", strings.Join(applied, "\n"))
	}
	b.cured(healthy)
	b.undoAll(ill)
}

// kill ends the program with SIGKILL at a point, and returns the writes that Placement got.
func (b *sickbed) kill(program string, at point) []changetest.Reached {
	b.t.Helper()
	var count atomic.Int64
	var shot atomic.Bool
	var cmd *exec.Cmd
	shoot := func(r *http.Request, before bool) {
		if isWrite(r) && before == at.before && count.Load() == at.nth {
			shot.Store(true)
			_ = cmd.Process.Kill()
			panic(http.ErrAbortHandler)
		}
	}
	proxy := b.proxy(func(*http.Request) changetest.Fault { return changetest.None })
	proxy.Arrived = func(r *http.Request) {
		if isWrite(r) {
			count.Add(1)
		}
		shoot(r, true)
	}
	proxy.Answered = func(r *http.Request) { shoot(r, false) }
	in, err := json.Marshal(map[string]any{
		"cloud": b.Cloud, "clouds_file": b.CloudsFile, "journal": filepath.Join(b.dir, "own", "journal.jsonl"), "max_share": 1.0, "grace": 1,
		"placement_endpoint": proxy.URL,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	cmd = exec.CommandContext(b.t.Context(), program, "placement_heal")
	cmd.Stdin, cmd.Stdout = bytes.NewReader(in), &out
	if err := cmd.Run(); err == nil || !shot.Load() {
		b.t.Fatalf("it was not killed: %v %s", err, &out)
	}
	return proxy.Reached()
}
