// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// What two conflicts of one kind have in common is said once, and each target has its command. What could not be read is no
// absence of conflicts.
func TestTextOfConflicts(t *testing.T) {
	refused := func(name string) explained.Conflict {
		return explained.Conflict{
			Conflict: "duplicate-name", Verdict: explained.Lasting, Act: true, Count: 3, Target: explained.Target{Name: name}, Message: "duplicate-name: provider name " + name + " was refused 3 times",
			Meaning: "A resource provider with that name exists.", Remedy: "Delete it.", Retried: "nova-compute, in every task",
			Command: "openstack resource provider list --name " + name, Findings: []string{"PLC203:provider:u1", "PLC202:provider:u1"},
			Clients: []explained.Pace{{Client: explained.Client{Host: "cn1", Service: "nova-compute"}}, {}, {}, {}},
		}
	}
	r := &report.Refusals{
		Conflicts: []explained.Conflict{refused("cn1"), refused("cn2\n$ rm -rf /")}, Summary: report.ConflictSummary{Conflicts: 6, Act: 2, Undated: 2, Unread: 1, Noise: 1},
		NotRead: []report.NotRead{{Source: "/var/log/x.log", Reason: "permission denied"}},
	}
	text := strings.Join(r.Show(screen.View{Width: 80}), "\n") + "\n"
	for _, want := range []string{
		"INCOMPLETE       6 refused requests, 2 to act on; 1 ERROR line is noise: the\n                 request succeeded in the end\n\nCould not be read\n",
		"    - provider name cn1 was refused 3 times\n      The audit found: PLC203 (provider u1), PLC202 (provider u1)\n", "nova-compute on cn1, a client, 2 more\n",
		"\n      $ openstack resource provider list --name cn1\n", "Could not be read\n  /var/log/x.log: permission denied\n  since and until could not be applied to 2 conflicts, whose time could not be\n    read\n  1 line could not be understood\n\nVERDICT ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	r.Summary.Noise = 2
	if again := strings.Join(r.Show(screen.View{}), " "); !strings.Contains(again, "; 2 ERROR lines are noise: the requests succeeded in the end") {
		t.Errorf("%s", again)
	}
	if strings.Count(text, "Delete it.") != 1 || strings.Contains(text, "\n$ rm") {
		t.Errorf("%s", text)
	}
}
