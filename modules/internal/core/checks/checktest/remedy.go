// SPDX-License-Identifier: Apache-2.0

package checktest

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// remedy holds the remedy of a finding to the rules: an imperative sentence, and one command that stands alone beside it.
func remedy(t *testing.T, f check.Finding) {
	t.Helper()
	first, _, _ := strings.Cut(f.Remedy.Text, " ")
	if r := []rune(first); len(r) == 0 || !unicode.IsUpper(r[0]) || slices.Contains([]string{"If", "When", "The", "It"}, first) {
		t.Errorf("%s: the remedy does not begin with what to do: %q", f.ID, f.Remedy.Text)
	}
	for _, program := range []string{"openstack ", "nova-manage ", "nova-status "} {
		if strings.Contains(f.Remedy.Text, program) {
			t.Errorf("%s: the text of the remedy holds a command, which belongs into Remedy.Command: %q", f.ID, f.Remedy.Text)
		}
	}
	if strings.ContainsAny(f.Remedy.Command, ";&|\n") {
		t.Errorf("%s: more than one command: %q", f.ID, f.Remedy.Command)
	}
	blocked := strings.HasPrefix(f.Remedy.Text, "First end what is stuck (PLC") // names another finding
	if f.Subject.UUID != "" && !blocked && !strings.Contains(f.Remedy.Text, f.Subject.UUID) {
		t.Errorf("%s: the remedy does not name %s: %q", f.ID, f.Subject.UUID, f.Remedy.Text)
	}
}
