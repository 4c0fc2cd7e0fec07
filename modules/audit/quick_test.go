// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// quickRecorded audits the recorded cloud quickly and counts the providers whose allocations were read at the first look.
func quickRecorded(t *testing.T, quick bool) (answer map[string]any, reads int64) {
	t.Helper()
	var n atomic.Int64
	counting := func(path string) bool {
		if ofProvider("/allocations")(path) {
			n.Add(1)
		}
		return false
	}
	answer = runModule(t, map[string]any{
		"auth_type": "admin_token", "auth": map[string]any{"token": "t0ken"}, "grace": 0, "quick": quick,
		"placement_endpoint": replay(t, "placement", counting, nil),
		"compute_endpoint":   replay(t, "compute", never, nil),
	})
	return answer, n.Load()
}

// A quick look finds on the recorded cloud what the full audit finds, for none of its faults hides another's usage, reads
// fewer allocations, and says that it was quick.
func TestQuickRecorded(t *testing.T) {
	full, all := quickRecorded(t, false)
	quick, few := quickRecorded(t, true)
	if got, want := fingerprints(quick), fingerprints(full); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if few >= all {
		t.Errorf("read the allocations of %d providers, the full audit of %d", few, all)
	}
	msg, _ := quick["msg"].(string)
	if !strings.Contains(msg, "quick look") || quick["complete"] != true {
		t.Errorf("%q, not run %v", msg, notRun(quick))
	}
	summary, _ := quick["summary"].(map[string]any)
	if summary["quick"] == nil {
		t.Errorf("the summary does not say what the quick look left out: %v", summary)
	}
}

// oneUnit audits a recorded cloud whose inventories allow one unit at a time, so that most consumers violate that; at the
// first reading of each only, where so asked.
func oneUnit(t *testing.T, quick, once bool) []string {
	t.Helper()
	var mu sync.Mutex
	reads, maxUnit := map[string]int{}, regexp.MustCompile(`"max_unit": ?\d+`)
	answer := runModule(t, map[string]any{
		"auth_type": "admin_token", "auth": map[string]any{"token": "t0ken"}, "grace": 0, "quick": quick,
		"placement_endpoint": replay(t, "placement", ofProvider("/inventories"), func(w http.ResponseWriter, e exchange) {
			mu.Lock()
			defer mu.Unlock()
			body := e.Body
			if reads[e.Path]++; !once || reads[e.Path] == 1 {
				body = maxUnit.ReplaceAllString(body, `"max_unit": 1`)
			}
			_, _ = w.Write([]byte(body))
		}),
		"compute_endpoint": replay(t, "compute", never, nil),
	})
	return slices.DeleteFunc(fingerprints(answer), func(f string) bool { return !strings.HasPrefix(f, "PLC110") })
}

// What a quick look took for granted is read before a suspect is looked at twice, so that it is found too.
func TestQuickSuspects(t *testing.T) {
	full, quick := oneUnit(t, false, false), oneUnit(t, true, false)
	if len(full) == 0 || !slices.Equal(full, quick) {
		t.Errorf("found %v, quickly %v", full, quick)
	}
}

// A consumer is judged twice by its provider's inventories, which may be presumed at the first look.
func TestInventoriesLookedAtTwice(t *testing.T) {
	if found := oneUnit(t, false, true); len(found) > 0 {
		t.Errorf("found %v by inventories of the first look", found)
	}
}
