// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// command is a program that a person is told to run, with what begins its arguments.
	command = regexp.MustCompile(`(?:^|[^\w/.-])(?:openstack|nova-manage|nova-status|placement-manage|placement-status|docker|podman|sudo|systemctl) +[-a-z]`)
	// added is what a template adds to a text.
	added = regexp.MustCompile(` ~ *|\{\{ *`)
)

// unsafeCommand reports whether a line of a template adds anything to a command: the modules build commands.
func unsafeCommand(line string) bool {
	at := command.FindStringIndex(line)
	if at == nil || strings.HasPrefix(strings.TrimSpace(line), "#") {
		return false
	}
	rest := line[at[1]:]
	for _, place := range added.FindAllStringIndex(rest, -1) {
		if next := rest[place[1]:]; !strings.HasPrefix(next, "'") {
			return true
		}
	}
	return false
}

// What roles and playbooks tell a person to run has no name in it.
func TestCommandsInTemplates(t *testing.T) {
	found := 0
	for _, name := range append(files(t, ".j2"), files(t, ".yml")...) {
		if top, _, _ := strings.Cut(filepath.ToSlash(name), "/"); top != "roles" && top != "playbooks" {
			continue
		}
		for i, line := range strings.Split(read(t, name), "\n") {
			if command.MatchString(line) {
				found++
			}
			if unsafeCommand(line) {
				t.Errorf("%s:%d: a name in a command, which the modules build: %.200s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
	if found == 0 {
		t.Error("no command was found")
	}
}

func TestUnsafeCommand(t *testing.T) {
	for line, want := range map[string]bool{
		`{{ 'Run openstack server show ' ~ host }}`: true,
		`Run openstack server show {{ host }}`:      true,
		`Run openstack server list; {{ 'x' }}`:      false,
		`# openstack server show {{ host }}`:        false,
		`the openstack {{ host }}`:                  false,
	} {
		if got := unsafeCommand(line); got != want {
			t.Errorf("%v for %s", got, line)
		}
	}
}
