// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// An undo keeps to the width of the terminal, whatever becomes of each step.
func TestTextKeepsToWidth(t *testing.T) {
	const uuid = "89c22d41-1823-413b-afcc-bd7ef4d85d19"
	r := &Result{Msg: "undo of run r: " + strings.Repeat("1 planned, ", 20) + "1 skipped", ready: true}
	states := []string{"planned", "done", "unchanged", "skipped", "failed", "unknown", "not tried"}
	for i, state := range states {
		r.Steps = append(r.Steps, Step{
			Step: i + 1, Op: repair.Allocations, Target: []string{uuid, uuid, uuid}, State: state, Reason: strings.Repeat("another client wrote it since ", 8),
		})
	}
	for _, width := range []int{80, 120, 200} {
		text := strings.Join(r.Show(screen.View{Width: width}), "\n")
		for line := range strings.SplitSeq(text, "\n") {
			if n := utf8.RuneCountInString(line); n > width {
				t.Errorf("%d columns, wanted at most %d: %s", n, width, line)
			}
		}
		for _, state := range states {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), state+" Restore the allocations of 89c22d41") {
				t.Errorf("%d columns: lacks what is %s:\n%s", width, state, text)
			}
		}
	}
}
