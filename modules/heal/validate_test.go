// SPDX-License-Identifier: Apache-2.0

package heal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

type args = map[string]any

// What makes no sense is refused before a cloud is asked, all of it at once.
func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("/dev/zero", link); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args args
		says []string
	}{
		"unknown checks": {
			args{"checks": []any{"PLC999"}, "skip_checks": []any{"nothing"}, "providers": []any{""}, "hosts": []any{" "}, "aggregates": []any{""}},
			[]string{"value of checks", "value of skip_checks", "providers[0] must not be empty", "hosts[0] must not be empty", "aggregates[0] must not be empty"},
		},
		"owners": {
			args{"owned": args{"projects": []any{""}}, "others": args{"users": []any{""}}},
			[]string{"owned -> projects[0] must not be empty", "others -> users[0] must not be empty"},
		},
		"a budget of nothing": {args{"max_share": 0, "max_changes": 0}, []string{"max_share", "max_changes"}},
		"times":               {args{"plan_age": 0, "grace": -1, "wait": -1, "stuck_after": 0}, []string{"plan_age", "grace", "wait", "stuck_after"}},
		"nothing watched":     {args{"checks": []any{"PLC210"}}, []string{"value of watch must be 1 or more for PLC210 flapping-provider"}},
		"no time to watch":    {args{"watch": 60, "timeout": 60}, []string{"value of watch must be less than timeout (60 seconds)"}},
		"both":                {args{"findings": []any{}, "report": "/x"}, []string{"findings", "report"}},
		"no finding":          {args{"findings": []any{args{"id": "PLC101"}, args{"fingerprint": "rm -rf"}}}, []string{"findings[0] must be a finding", "value of findings[1]"}},
		"reports": {
			args{"plan": filepath.Join(dir, "p"), "confirm": "0123456789ab", "reports": []any{args{"path": filepath.Join(dir, "p")}}},
			[]string{"value of reports[0] -> path must not be the same file as that of plan"},
		},
		"a plan alone":        {args{"plan": "/x"}, []string{"confirm must be given to follow a plan"}},
		"confirm alone":       {args{"confirm": "0123456789ab"}, []string{"confirm"}},
		"no digits":           {args{"plan": "/x", "confirm": "yes"}, []string{"value of confirm must be the first 12 digits of the digest"}},
		"no report":           {args{"report": filepath.Join(dir, "none")}, []string{"value of report must be a report in the format json"}},
		"a report of anybody": {args{"report": file("open", "{}", 0o666)}, []string{"value of report must be"}},
		"an endless report":   {args{"report": link}, []string{"value of report must be"}},
		"another file":        {args{"baseline": file("other", "{}", 0o600)}, []string{"value of baseline must be a report in the format json"}},
		"a journal nowhere":   {args{"journal": "/dev/null/x", "report": filepath.Join(dir, "none")}, []string{"value of report"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.args["auth_type"], c.args["placement_endpoint"] = "none", "http://127.0.0.1:1"
			answer := ansibletest.RunAtOnce(t, heal.Module(), c.args)
			msg, _ := answer["msg"].(string)
			for _, words := range c.says {
				if answer["failed"] != true || !strings.Contains(msg, words) {
					t.Errorf("it does not say %q: %s", words, msg)
				}
			}
		})
	}
}
