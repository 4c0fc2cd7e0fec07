// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each handler that a task notifies is there, by that name.
func TestHandlers(t *testing.T) {
	notified := regexp.MustCompile(`(?m)^ +notify: +(.+)$`)
	seen := 0
	for _, name := range files(t, ".yml") {
		path := filepath.ToSlash(name)
		role, found := strings.CutPrefix(path, "roles/")
		if !found || !strings.Contains(path, "/tasks/") {
			continue
		}
		role, _, _ = strings.Cut(role, "/")
		for _, match := range notified.FindAllStringSubmatch(read(t, name), -1) {
			seen++
			if !strings.Contains(read(t, "roles/"+role+"/handlers/main.yml"), "- name: "+match[1]+"\n") {
				t.Errorf("%s notifies %q, which is no handler of the role", path, match[1])
			}
		}
	}
	if seen == 0 {
		t.Error("no task notifies a handler")
	}
}
