// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// broken is a bed in which all faults are made; whatever happens they are healed in the end.
func broken(t *testing.T) (b *sickbed, healthy, ill map[string]string) {
	t.Helper()
	b = bed(t)
	if found := b.found(); len(found) > 0 {
		t.Skipf("the lab is not clean: %v", found)
	}
	healthy = b.records()
	t.Cleanup(func() { b.heal(nil) })
	b.breakAll()
	return b, healthy, b.records()
}

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// Whatever happens to a write: it is done again or reported, the journal tells of each that arrived, and in the end all is healed.
func TestLabHealHarmed(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b, healthy, _ := broken(t)
	var nth atomic.Int64
	kinds := []changetest.Fault{
		changetest.Cut, changetest.None, changetest.CutDone, changetest.HalfDone, changetest.Conflict, changetest.Broken, changetest.None,
		changetest.BrokenDone, changetest.Busy, changetest.BusyDone, changetest.Late,
	}
	proxy := changetest.NewProxy(t, b.Endpoints["placement"], func(r *http.Request) changetest.Fault {
		if !isWrite(r) {
			return changetest.None
		}
		return kinds[int(nth.Add(1)-1)%len(kinds)]
	})
	writes := b.Watch(t)
	for round := 0; ; round++ {
		answer := b.heal(map[string]any{"placement_endpoint": proxy.URL})
		if answer["failed"] == false && answer["changed"] == false {
			break
		}
		if round > 9 {
			t.Fatalf("not healed after %d rounds: %v\n%s", round, answer["msg"], text(answer["steps"]))
		}
	}
	journal := b.entries()
	for _, write := range writes.Writes(t) {
		if uuid := regexp.MustCompile(`[0-9a-f-]{36}`).FindString(write); !strings.Contains(journal, uuid) {
			t.Errorf("the journal does not tell of %s", write)
		}
	}
	if left := differences(healthy, b.records()); len(left) > 0 {
		t.Errorf("healed, but not as before:\n%s", strings.Join(left, "\n"))
	}
}

// entries is the journal as it is.
func (b *sickbed) entries() string {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.dir, "own", "journal.jsonl"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

// runs lists the runs of the journal that wrote something, newest first.
func (b *sickbed) runs() []string {
	b.t.Helper()
	var all []string
	for line := range strings.Lines(b.entries()) {
		var e change.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			b.t.Fatal(err)
		}
		if e.State == change.Intended && e.Undoes == "" && !slices.Contains(all, e.Run) {
			all = append(all, e.Run)
		}
	}
	slices.Reverse(all)
	return all
}

// However a run is ended, the next one finishes it, nothing is done twice, and all runs together are undone.
func TestLabHealKilled(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b, healthy, ill := broken(t)
	program := b.Build(t)
	for range live.Number(t, "PLACEMENT_HEAL_KILLS", 1) {
		for _, at := range []int64{3, 7, 10} { // of ten writes
			for _, before := range []bool{true, false} {
				b.kill(program, at, before)
			}
		}
		if rest := b.heal(nil); rest["failed"] != false {
			t.Fatalf("%v\n%s", rest["msg"], text(rest["steps"]))
		}
		if left := differences(healthy, b.records()); len(left) > 0 {
			t.Fatalf("healed, but not as before:\n%s", strings.Join(left, "\n"))
		}
		for _, run := range b.runs() {
			if undone := b.run(restore.Module(), map[string]any{"run": run}); undone["failed"] != false {
				t.Fatalf("undo: %v\n%s", undone["msg"], text(undone["steps"]))
			}
		}
		if left := differences(ill, b.records()); len(left) > 0 {
			t.Fatalf("undone, but not as before:\n%s", strings.Join(left, "\n"))
		}
	}
}

// kill ends the program with SIGKILL at its nth write, before or after Placement has it.
func (b *sickbed) kill(program string, nth int64, before bool) {
	b.t.Helper()
	var count atomic.Int64
	var cmd *exec.Cmd
	shoot := func(r *http.Request, now bool) {
		if isWrite(r) && now && count.Load() == nth {
			_ = cmd.Process.Kill()
			panic(http.ErrAbortHandler)
		}
	}
	proxy := changetest.NewProxy(b.t, b.Endpoints["placement"], func(*http.Request) changetest.Fault { return changetest.None })
	proxy.Arrived = func(r *http.Request) {
		if isWrite(r) {
			count.Add(1)
		}
		shoot(r, before)
	}
	proxy.Answered = func(r *http.Request) { shoot(r, !before) }
	args := map[string]any{
		"cloud": b.Cloud, "clouds_file": b.CloudsFile, "journal": filepath.Join(b.dir, "own", "journal.jsonl"), "max_share": 1.0, "grace": 1,
		"placement_endpoint": proxy.URL,
	}
	in, err := json.Marshal(maps.Clone(args))
	if err != nil {
		b.t.Fatal(err)
	}
	cmd = exec.CommandContext(b.t.Context(), program, "placement_heal")
	cmd.Stdin = bytes.NewReader(in)
	_ = cmd.Run() // it is killed, or there was less to do
}

// While a cell does not answer nothing is taken away, and why is said.
func TestLabHealCellDown(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b := bed(t)
	if found := b.found(); len(found) > 0 {
		t.Skipf("the lab is not clean: %v", found)
	}
	t.Cleanup(func() { b.heal(nil) })
	orphan := live.UUID()
	b.hold(orphan, map[string]live.Share{b.provider["cn1"]: share(1, 512, 1)})
	b.Command(t, "seed", "cell-down")
	up := func() { b.Command(t, "unseed", "cell-down") }
	t.Cleanup(up)
	writes := b.Watch(t)
	answer := b.heal(nil)
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || answer["changed"] != false || !strings.Contains(msg, "nothing is changed") {
		t.Errorf("%v", text(answer))
	}
	if sent := writes.Writes(t); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
}
