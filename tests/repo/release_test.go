// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"regexp"
	"strings"
	"testing"
)

// What pip installs has a hash.
func TestRequirementsHaveHashes(t *testing.T) {
	requirement := regexp.MustCompile(`(?m)^[^#\s].*`)
	hashed := regexp.MustCompile(`^[a-zA-Z0-9._-]+==[^ ;]+ (?:; .* )?\\$`)
	for _, path := range matches(t, "tests/ansible/requirements-*.txt") {
		text := read(t, path)
		all := requirement.FindAllString(text, -1)
		for _, line := range all {
			if !hashed.MatchString(line) || !strings.Contains(text, line+"\n    --hash=sha256:") {
				t.Errorf("%s: %s has no version and hash: run scripts/lock", path, line)
			}
		}
		if len(all) < 5 {
			t.Errorf("%s: only %d requirements", path, len(all))
		}
	}
	if !strings.Contains(read(t, "scripts/setup"), "install --no-deps --require-hashes -r") {
		t.Error("scripts/setup installs what has no hash")
	}
}
