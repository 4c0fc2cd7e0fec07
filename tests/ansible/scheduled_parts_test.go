// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"strings"
	"testing"
)

// Check mode touches nothing; the first run puts everything there, the second changes nothing, and absent takes all away. The
// role takes its time, so that the releases share the parts of this.
func TestScheduledAudit(t *testing.T) {
	parts := []func(*testing.T, *scheduled){
		func(t *testing.T, x *scheduled) {
			x.ran(t)
			x.left = []string{"rules/placement.rules"}
			x.comeAndGo(t, x.play("first", ""), x.absent())
		},
		func(t *testing.T, x *scheduled) { x.logsOnly(t) },
		func(t *testing.T, x *scheduled) {
			x.check(t, x.play("first", ""))
			x.checkAbsent(t)
		},
		func(t *testing.T, x *scheduled) {
			x.ran(t)
			x.others(t)
			x.twice(t)
		},
	}
	eachCore(t, func(t *testing.T, s *site) {
		for i := s.place; i < len(parts); i += s.of {
			x := newScheduled(t, newSite(t, s.builds, s.core))
			x.raw = i%2 == 1
			parts[i](t, x)
		}
	})
}

// twice puts everything there and takes it away, each two times: the second time changes nothing.
func (x *scheduled) twice(t *testing.T) {
	t.Helper()
	absent := x.play("absent", "scheduled_audit_state: absent")
	out := x.comeAndGo(t, x.play("first", ""), x.play("second", ""), absent, strings.Replace(absent, "absent", "gone", 1))
	for _, again := range []string{"second", "gone"} {
		if lines := changedLine.FindAllString(section(t, out, again), -1); len(lines) != 0 {
			t.Errorf("%s: the second run changed something: %v", again, lines)
		}
	}
}
