// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import "testing"

// The alert rules are well-formed, fire when they should and not otherwise: testdata/rules.yml tells when.
func TestRules(t *testing.T) {
	promtool(t, "", "check", "rules", "../../roles/scheduled_audit/files/placement.rules")
	promtool(t, "", "test", "rules", "testdata/rules.yml")
}
