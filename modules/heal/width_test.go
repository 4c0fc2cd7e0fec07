// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// What was done keeps to the width of the terminal, whatever became of each step. Only commands stand whole on a line.
func TestTextKeepsToWidth(t *testing.T) {
	const long = "it holds DISK_GB 20, MEMORY_MB 2048, VCPU 1 on cn1 (89c22d41-1823-413b-afcc-bd7ef4d85d19), and nobody else does"
	r := &Result{
		Changed: true, Msg: "1 done, 1 failed, 1 unknown, 1 skipped, 1 not tried, 1 unchanged, 1 by hand", Run: "r", Journal: "/root/journal.jsonl",
		Proof: &Proof{
			Complete: true, Findings: []check.Finding{{ID: "PLC201", Message: long}},
			Candidates: []Candidate{{Host: "cn1", Reason: long}},
		},
	}
	for i, state := range []heal.State{heal.Done, heal.Failed, heal.Unknown, heal.Skipped, heal.NotTried, heal.Unchanged, heal.ByHand} {
		r.Steps = append(r.Steps, Step{Step: heal.Step{Number: i + 1, State: state, What: long, Reason: long, Command: "openstack " + long, Destructive: true}})
	}
	for _, width := range []int{80, 120, 200} {
		text := strings.Join(r.Show(screen.View{Width: width, Cloud: "--cloud lab"}), "\n")
		for line := range strings.SplitSeq(text, "\n") {
			if n := utf8.RuneCountInString(line); n > width && !strings.Contains(line, " $ ") {
				t.Errorf("%d columns, wanted at most %d: %s", n, width, line)
			}
		}
		flat := strings.Join(strings.Fields(text), " ")
		for _, s := range r.Steps {
			if want := string(s.State) + " it holds DISK_GB 20"; !strings.Contains(flat, want) {
				t.Errorf("%d columns: lacks %q:\n%s", width, want, text)
			}
		}
		if want := "$ placement restore --cloud lab --journal /root/journal.jsonl --run r --check"; !strings.HasSuffix(text, want) {
			t.Errorf("%d columns: does not end with %q:\n%s", width, want, text)
		}
	}
}
