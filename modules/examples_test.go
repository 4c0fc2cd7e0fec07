// SPDX-License-Identifier: Apache-2.0

package modules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Every module shows commands in its help, and each of them is one of that module, with flags that it has. placement_verdict shows none:
// its options are what other modules returned.
func TestExamplesOfCommands(t *testing.T) {
	all := modules.All()
	for _, c := range modules.Commands() {
		all = append(all, c.Module)
	}
	for _, m := range all {
		doc, err := m.Doc()
		if doc == nil {
			t.Error(err)
			continue
		}
		if len(doc.Commands) == 0 && m.Name != "placement_verdict" {
			t.Errorf("doc.yml of %s: no commands: add one with about and command, which its help shows as an example", m.Name)
		}
		flags := flagsOf(t, m)
		for _, c := range doc.Commands {
			if !strings.HasPrefix(c.Command, "placement "+m.ShortName()) || c.About == "" || strings.HasSuffix(c.About, ".") {
				t.Errorf("%s: %s: %s", m.Name, c.About, c.Command)
			}
			if unknown := unknownFlags(c.Command, flags); len(unknown) > 0 {
				t.Errorf("%s has no flag %v: %s", m.Name, unknown, c.Command)
			}
		}
	}
}

// unknownFlags lists those of a command that are none of these.
func unknownFlags(command string, flags []string) []string {
	var unknown []string
	for _, flag := range regexp.MustCompile(`(?:^| )(--?[a-z-]+)`).FindAllStringSubmatch(command, -1) {
		if !slices.Contains(flags, flag[1]) {
			unknown = append(unknown, flag[1])
		}
	}
	return unknown
}

// flagsOf are the flags of a module, those of every command among them.
func flagsOf(t *testing.T, m *ansible.Module) []string {
	t.Helper()
	table, err := m.Options()
	if err != nil {
		t.Fatal(err)
	}
	flags := []string{"-o", "--check", "--diff", "--brief", "--wide"}
	for _, o := range table {
		for _, name := range append([]string{o.Name}, o.Aliases...) {
			flags = append(flags, "--"+strings.ReplaceAll(name, "_", "-"))
		}
	}
	return flags
}
