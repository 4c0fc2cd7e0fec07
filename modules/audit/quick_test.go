// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"strings"
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
