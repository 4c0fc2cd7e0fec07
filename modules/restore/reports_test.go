// SPDX-License-Identifier: Apache-2.0

package restore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
)

// What would be undone, and what can't be, is written as pages for people, for their owner only, in check mode too.
func TestReports(t *testing.T) {
	for second, wants := range map[string][]string{
		"other": {"Plan: nothing is changed yet", "PUT /resource_providers/" + renamed, "resource provider new", "resource provider old"},
		"old":   {"Something is left to do", "has taken the name old"},
	} {
		dir, cloud := t.TempDir(), names(t, second)
		pages := map[string]string{"markdown": filepath.Join(dir, "undo.md"), "html": filepath.Join(dir, "undo.html")}
		ansibletest.RunAtOnce(t, restore.Module(), map[string]any{
			"auth_type": "none", "placement_endpoint": cloud, "journal": run(t, cloud, rename(renamed, "old", "new")), "_ansible_check_mode": true,
			"reports": []any{map[string]any{"path": pages["markdown"], "format": "markdown"}, map[string]any{"path": pages["html"]}},
		})
		for format, path := range pages {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", path, info, err)
			}
			wantTexts(t, format, string(text), wants)
		}
	}
}

// wantTexts wants a page to have these. HTML has what a name is of in a column of its own.
func wantTexts(t *testing.T, format, page string, wants []string) {
	t.Helper()
	for _, want := range wants {
		if format == "html" {
			want = strings.TrimPrefix(want, "resource provider ")
		}
		if !strings.Contains(page, want) {
			t.Errorf("%s lacks %q: %.2000s", format, want, page)
		}
	}
}

// A report does not take the place of the journal.
func TestReportOverJournal(t *testing.T) {
	cloud := names(t, "other")
	journal := run(t, cloud, rename(renamed, "old", "new"))
	answer := ansibletest.RunAtOnce(t, restore.Module(), map[string]any{
		"auth_type": "none", "placement_endpoint": cloud, "journal": journal, "reports": []any{map[string]any{"path": journal}},
	})
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "must not be the same file as that of journal") {
		t.Errorf("%v", answer["msg"])
	}
}
