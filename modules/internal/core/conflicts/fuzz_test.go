// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/feed"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// FuzzBook gives any text to the parsers, line by line: nothing panics, and each conflict is of an event.
// `go test -fuzz FuzzBook ./modules/internal/core/conflicts` goes on for as long as wanted.
func FuzzBook(f *testing.F) {
	for _, line := range []string{
		nameLine, strings.ReplaceAll(nameLine, " ", "\n"), served(begun(), 1, inventories, 409, 263), "\xff\x00", "{", `{"MESSAGE": [1,2]}`,
		`{"MESSAGE":"` + strings.ReplaceAll(nameLine, `"`, `\"`) + `"}`, "2026-11-22 10:56:44.519 2882 ERROR x (409 {",
		"[pid: 27429|app: 0|req: 3/3] 127.0.0.1 () {40 vars in 787 bytes} [Sun Nov 22 10:54:39 2026] POST /resource_providers => generated 285 bytes in 36 msecs (HTTP/1.1 409) 6 headers",
		`192.0.2.31 - - [22/Nov/2026:11:54:39 +0100] "POST /resource_providers HTTP/1.1" 409 285 1001156 "-" "x"`,
		`1.2.3.4:5 [22/Nov/2026:10:54:39.554] front back/one 0/0/1/35/36 409 516 - - ---- 1/1/0/0/0 0/0 "POST /resource_providers HTTP/1.1"`,
		stamp(begun()) + " 7 WARNING placement.objects.allocation [req-1] Over capacity for VCPU on resource provider " + anUUID + ". Needed: 1",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := NewBook()
		log := &feed.Log{Parser: &lines.Parser{Zone: time.UTC, Cares: b.Cares}, Tell: func(e *lines.Event) { b.Add(e, Origin{}) }}
		for line := range strings.SplitSeq(text, "\n") {
			log.Line([]byte(line), false)
		}
		log.End()
		c := log.Counts
		conflicts := b.Conflicts(settings())
		n := 0
		for i := range conflicts {
			n += conflicts[i].Count
			if conflicts[i].Message == "" || conflicts[i].Count < 1 {
				t.Errorf("%+v", conflicts[i])
			}
		}
		if n > c.Events {
			t.Errorf("%d conflicts of %d events", n, c.Events)
		}
		if bad := notClean(t, []any{conflicts, b.Export(100)}); bad != "" {
			t.Errorf("%q got through", bad)
		}
		merged := NewBook()
		merged.Import(b.Export(100))
		if again := merged.Conflicts(settings()); len(again) > len(conflicts) {
			t.Errorf("%d conflicts, merged %d", len(conflicts), len(again))
		}
	})
}

// notClean returns a text in value that is not on one line as it may be shown, or one that is longer than any is.
func notClean(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	bad := ""
	foreign.Tree(tree, func(text string) string {
		if strings.TrimSpace(text) != foreign.Line(text) || utf8.RuneCountInString(text) > 2*lines.LongestDetail {
			bad = text
		}
		return text
	})
	return bad
}
