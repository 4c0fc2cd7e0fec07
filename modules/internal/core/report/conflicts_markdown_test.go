// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// conflictPage is the page of one conflict that needs action, and of what was counted.
func conflictPage(t *testing.T, c explained.Conflict, s report.ConflictSummary) string {
	t.Helper()
	c.Act, s.Act = true, 1
	page, err := report.ConflictMarkdown(&report.Refusals{Conflicts: []explained.Conflict{c}, Summary: s})
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// A conflict has its command in a block, and the findings of the audit with links to their checks. What is in doubt is said.
func TestMarkdownOfAConflict(t *testing.T) {
	page := conflictPage(t, explained.Conflict{
		Conflict: "duplicate-name", Verdict: explained.Lasting, Message: "duplicate-name: provider name cn1 was refused once", Meaning: "It exists.", Remedy: "Find it.", Retried: "Nobody.",
		Command: "openstack resource provider list --name cn1", Findings: []string{"PLC203:provider:u1", "PLC501:cell:", "odd"},
	}, report.ConflictSummary{Noise: 2, Undated: 1, Unread: 3, Doubtful: 1})
	const docs = "(https://github.com/openstack-ops/ansible-collection-placement/blob/main/docs/checks/"
	for _, want := range []string{
		"- 2 ERROR lines are noise: the requests succeeded in the end\n",
		"## Could not be read\n\n- since and until could not be applied to 1 conflict, whose time could not be read\n- 3 lines could not be understood\n- 1 of them may tell of a refusal\n",
		"- **duplicate-name** (persistent): provider name cn1 was refused once\n  - Meaning: It exists.\n  - Remedy: Find it.\n" +
			"  - Command:\n\n    ```\n    openstack resource provider list --name cn1\n    ```\n\n  - Who tries again: Nobody.\n",
		"  - The audit found: [PLC203]" + docs + "PLC203.md) (provider u1), [PLC501]" + docs + "PLC501.md) (cell), [odd]" + docs + "odd.md)\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}

// What is not known, and what counts 0, is left out.
func TestMarkdownWithoutEmptyLines(t *testing.T) {
	page := conflictPage(t, explained.Conflict{Conflict: "duplicate-name", Verdict: explained.Lasting, Message: "it was refused"}, report.ConflictSummary{})
	if !strings.Contains(page, "\n\n- Logs read at 0001-01-01T00:00:00Z\n\n## Conflicts\n") || !strings.HasSuffix(page, "\n## To act on\n\n- **duplicate-name** (persistent): it was refused\n") {
		t.Errorf("%s", page)
	}
}
