// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/audit"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// unwatched makes the snapshot one of a run without the option watch.
func unwatched(s *snapshot.Snapshot) { delete(s.Parts, snapshot.Generations) }

func unreadable(s *snapshot.Snapshot) {
	s.MarkFailed(snapshot.Generations, "list resource providers: 403")
}

func ran(answer map[string]any, id string) bool {
	list, _ := dig(answer, "summary", "checks_run").([]any)
	return slices.Contains(list, any(id))
}

// A saved snapshot brings its samples. Without any the check is left out, or not run where it is named.
func TestWatchOfSnapshot(t *testing.T) {
	const fight = "PLC210:provider:" + checktest.Compute
	wanted(t, runModule(t, map[string]any{"snapshot": saved(t, checktest.Fought)}), fight)
	wanted(t, runModule(t, map[string]any{"snapshot": saved(t, checktest.Fought), "checks": "PLC210"}), fight)
	answer := runModule(t, map[string]any{"snapshot": saved(t, unwatched)})
	if wanted(t, answer); ran(answer, "PLC210") || !ran(answer, "PLC301") {
		t.Errorf("ran %v", dig(answer, "summary", "checks_run"))
	}
	for name, args := range map[string]map[string]any{
		"named":         {"snapshot": saved(t, unwatched), "checks": "flapping-provider"},
		"named of two":  {"snapshot": saved(t, unwatched), "checks": "PLC301,PLC210"},
		"could not":     {"snapshot": saved(t, unreadable)},
		"all that stay": {"snapshot": saved(t, unwatched), "skip_checks": allBut(t, "PLC210")},
	} {
		answer := runModule(t, args)
		if reasons := notRun(answer); len(reasons) != 1 || !strings.Contains(reasons["PLC210"], "generations could not be read") || answer["clean"] != false {
			t.Errorf("%s: not run %v, clean %v", name, reasons, answer["clean"])
		}
	}
}

// allBut lists the ids of all checks but one: those that ran on a snapshot that holds everything.
func allBut(t *testing.T, id string) []any {
	t.Helper()
	list, _ := dig(runModule(t, map[string]any{"snapshot": saved(t)}), "summary", "checks_run").([]any)
	return slices.DeleteFunc(list, func(ran any) bool { return ran == id })
}

// watchRecorded watches the recorded cloud, in which nobody writes, with what else is asked for. Where broken says so of the
// nth list of providers, the fault answers: a sample of the watch. From its second sample on, it waits until the audit's own list was read.
func watchRecorded(t *testing.T, broken func(nth int64) bool, f fault, args map[string]any) map[string]any {
	t.Helper()
	var lists atomic.Int64
	var beyond atomic.Bool // the audit's own list is read: what needs it is asked for
	all := map[string]any{
		"auth_type": "admin_token", "auth": map[string]any{"token": "t0ken"}, "grace": 0, "watch": 1,
		"placement_endpoint": replay(t, "placement", func(path string) bool {
			if path != "/resource_providers" {
				beyond.Store(beyond.Load() || strings.HasPrefix(path, "/resource_providers/"))
				return false
			}
			return broken(lists.Add(1))
		}, f),
		"compute_endpoint": replay(t, "compute", never, nil),
	}
	for key, value := range args {
		all[key] = value
	}
	return ansibletest.RunAfter(t, audit.Module(), all, beyond.Load) // the watch waits for the audit
}

func whole(int64) bool { return false }

// Without the option nobody watches, with it the check runs beside the others, and says nothing of a cloud that stands still.
func TestWatchRecorded(t *testing.T) {
	without := watchRecorded(t, whole, nil, map[string]any{"watch": 0})
	with := watchRecorded(t, whole, nil, nil)
	if ran(without, "PLC210") || !ran(with, "PLC210") || with["complete"] != true {
		t.Errorf("ran %v and %v", dig(without, "summary", "checks_run"), dig(with, "summary", "checks_run"))
	}
	if !slices.Equal(fingerprints(without), fingerprints(with)) {
		t.Errorf("found %v and %v", fingerprints(without), fingerprints(with))
	}
	if samples, _ := dig(with, "summary", "read", "generations").(float64); samples < 8 {
		t.Errorf("%v samples", samples)
	}
	if dig(without, "summary", "read", "generations") != nil {
		t.Errorf("read %v", dig(without, "summary", "read"))
	}
}

// What was watched is saved with the rest, and judged again from there; check mode does the same but saves nothing.
func TestWatchSaved(t *testing.T) {
	for mode, kept := range map[bool]bool{true: false, false: true} {
		path := filepath.Join(t.TempDir(), "saved.json")
		answer := watchRecorded(t, whole, nil, map[string]any{"save_snapshot": path, "_ansible_check_mode": mode})
		if !ran(answer, "PLC210") || answer["changed"] != false || answer["complete"] != true {
			t.Errorf("check mode %v: %v", mode, answer["msg"])
		}
		again := runModule(t, map[string]any{"snapshot": path})
		if kept == (again["failed"] == true) || kept && !ran(again, "PLC210") {
			t.Errorf("check mode %v: %v", mode, again["msg"])
		}
	}
	path := filepath.Join(t.TempDir(), "saved.json")
	watchRecorded(t, whole, nil, map[string]any{"save_snapshot": path, "watch": 0})
	if again := runModule(t, map[string]any{"snapshot": path}); again["complete"] != true || ran(again, "PLC210") {
		t.Errorf("%v, ran %v", again["msg"], dig(again, "summary", "checks_run"))
	}
}

// Whatever happens to one sample, the check is not run, and only that.
func TestWatchUnread(t *testing.T) {
	whole := auditRecorded(t, "", nil, nil)
	const fine = 3 // that of the audit, and two samples
	for name, f := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := watchRecorded(t, func(nth int64) bool { return nth > fine }, f, nil)
			reasons := notRun(answer)
			if len(reasons) != 1 || reasons["PLC210"] == "" || answer["clean"] != false || answer["failed"] == true {
				t.Errorf("not run %v: %v", reasons, answer["msg"])
			}
			if !slices.Equal(fingerprints(answer), fingerprints(whole)) {
				t.Errorf("found %v, want %v", fingerprints(answer), fingerprints(whole))
			}
		})
	}
}

// A watch takes no more requests than it has samples while nobody writes.
func TestWatchIsCheap(t *testing.T) {
	gets := func(answer map[string]any) float64 {
		n, _ := dig(answer, "requests", http.MethodGet).(float64)
		return n
	}
	with := watchRecorded(t, whole, nil, nil)
	samples, _ := dig(with, "summary", "read", "generations").(float64)
	if extra := gets(with) - gets(watchRecorded(t, whole, nil, map[string]any{"watch": 0})); extra != samples {
		t.Errorf("%v more requests for %v samples", extra, samples)
	}
}
