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

// Every command that help shows is one of that module, with flags that it has.
func TestExamplesOfCommands(t *testing.T) {
	all := modules.All()
	for _, c := range modules.Commands() {
		all = append(all, c.Module)
	}
	commands := 0
	for _, m := range all {
		doc, err := m.Doc()
		if err != nil {
			t.Fatal(err)
		}
		flags := flagsOf(t, m)
		for _, c := range doc.Commands {
			commands++
			if !strings.HasPrefix(c.Command, "placement "+m.ShortName()) || c.About == "" || strings.HasSuffix(c.About, ".") {
				t.Errorf("%s: %s: %s", m.Name, c.About, c.Command)
			}
			for _, flag := range regexp.MustCompile(`(?:^| )(--?[a-z-]+)`).FindAllStringSubmatch(c.Command, -1) {
				if !slices.Contains(flags, flag[1]) {
					t.Errorf("%s has no flag %s: %s", m.Name, flag[1], c.Command)
				}
			}
		}
	}
	if commands < 15 {
		t.Errorf("%d commands", commands)
	}
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
