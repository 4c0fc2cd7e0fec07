// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// databasePassword is that of an SQL user. It has what a template and a URL would change.
const databasePassword = "sql%2F'p4ss-{of}-the-timers"

// databaseOptions are variables of a play with the full audit alone, which reads databases.
const databaseOptions = `scheduled_audit_parts: [full]
    scheduled_audit_full_options: {source: database, database: {host: 192.0.2.2, user: reader, password: "` + databasePassword + `"}}`

// The password of an SQL user is in the arguments of the part that needs it, for root's eyes only, and in no output: neither as a
// difference nor in what is read again when the part goes.
func TestScheduledSecret(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		x := newScheduled(t, s)
		changed := strings.Replace(x.play("second", databaseOptions), "192.0.2.2", "192.0.2.3", 1)
		r := x.plays(t, []string{x.play("first", databaseOptions), changed, x.absent()}, "--diff", "-vvv").ok(t)
		wantHidden(t, r.out)
		if !strings.Contains(r.out, "+OnCalendar=03:30") {
			t.Errorf("no difference is shown:\n%s", r.out)
		}
		x.wantOnlyIn(t, "after-first", "etc/full.json")
		x.wantOnlyIn(t, "after-second", "etc/full.json")
		if text := read(t, x.dir+"/after-second/etc/full.json"); !strings.Contains(text, "192.0.2.3") {
			t.Errorf("the second run did not write the arguments: %s", text)
		}
	})
}

// wantOnlyIn holds the password of the SQL user to these files of what a play left, which nobody else may read.
func (x *scheduled) wantOnlyIn(t *testing.T, after string, names ...string) {
	t.Helper()
	dir := filepath.Join(x.dir, after)
	for _, name := range files(t, dir) {
		path := filepath.Join(dir, name)
		if has := strings.Contains(read(t, path), databasePassword); has != slices.Contains(names, name) {
			t.Errorf("%s: the password is in %s: %v", after, name, has)
		}
	}
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, err, info)
		}
	}
}

// wantHidden holds that the password of the SQL user is in no output.
func wantHidden(t *testing.T, out string) {
	t.Helper()
	for _, hidden := range encoded(databasePassword) {
		if strings.Contains(out, hidden) {
			t.Errorf("the password is in the output, as %q:\n%s", hidden, around(out, hidden))
		}
	}
}

// encoded returns a text as it is, as JSON and Python may quote it, and as base64 shows it within a longer text, whose bytes before it
// are not known.
func encoded(text string) []string {
	all := []string{text, strings.ReplaceAll(text, "'", `\'`)}
	for before := range 3 {
		whole := base64.StdEncoding.EncodeToString(append(make([]byte, before), text...))
		all = append(all, whole[(before*8+5)/6:(before+len(text))*8/6])
	}
	return all
}

// A text is found in what base64 makes of a longer one, wherever it stands there.
func TestEncoded(t *testing.T) {
	for before := range 4 {
		shown := base64.StdEncoding.EncodeToString([]byte(`{"a": ""`[:before+3] + databasePassword + "\"}\n"))
		if !slices.ContainsFunc(encoded(databasePassword), func(hidden string) bool { return strings.Contains(shown, hidden) }) {
			t.Errorf("%d: not found in %s", before, shown)
		}
	}
}
