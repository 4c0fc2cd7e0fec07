// SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
)

// mine are the checks of providers, inventories, aggregates and of Nova's mapping.
var mine = regexp.MustCompile(`^PLC([234]|50[13-9])`)

// A remedy is an imperative sentence without a command, which stands alone beside it.
func TestRemedies(t *testing.T) {
	var ours []*check.Check
	for _, c := range checks.All() {
		if mine.MatchString(c.ID) {
			ours = append(ours, c)
		}
	}
	for _, traits := range []bool{true, false} {
		s := ill(traits)
		checktest.LookTwice(s, ours...)
		for _, f := range check.Run(s, ours, check.Defaults()).Findings {
			first, _, _ := strings.Cut(f.Remedy.Text, " ")
			if r := []rune(first); len(r) == 0 || !unicode.IsUpper(r[0]) || slices.Contains([]string{"If", "When", "The", "It"}, first) {
				t.Errorf("%s: the remedy does not begin with what to do: %q", f.ID, f.Remedy.Text)
			}
			for _, program := range []string{"openstack ", "nova-manage ", "nova-status "} {
				if strings.Contains(f.Remedy.Text, program) {
					t.Errorf("%s: the text of the remedy holds a command: %q", f.ID, f.Remedy.Text)
				}
			}
			if strings.ContainsAny(f.Remedy.Command, ";&|\n") {
				t.Errorf("%s: more than one command: %q", f.ID, f.Remedy.Command)
			}
			if f.Subject.UUID != "" && !strings.Contains(f.Remedy.Text, f.Subject.UUID) {
				t.Errorf("%s: the remedy does not name %s: %q", f.ID, f.Subject.UUID, f.Remedy.Text)
			}
			if _, old := f.Evidence["service_host"]; old {
				t.Errorf("%s calls a host service_host", f.ID)
			}
		}
	}
}
