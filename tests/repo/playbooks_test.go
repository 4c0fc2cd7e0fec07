// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// play is a playbook: the variables that its head names, those that it reads, and those that it sets itself.
type play struct {
	path              string
	named, reads, own []string
}

var (
	remark = regexp.MustCompile(`(?m)^\s*#.*$`)
	// row is a line of the head that begins with the variables that it is about.
	row = regexp.MustCompile(`(?m)^#   ((?:[a-z]\w*_\w+(?:, )?)+)(?:\s|$)`)
	// variable is what begins with the name of the collection or of the module, and is neither the module nor a text.
	variable = regexp.MustCompile(`(?:^|[^\w.'])((?:placement|heal)_\w+)`)
	sets     = regexp.MustCompile(`(?m)^\s+(?:- )?(?:register: (\w+)|(\w+):)`)
)

// playsOf are the playbooks that people run.
func playsOf(t *testing.T) []play {
	t.Helper()
	var all []play
	for _, path := range matches(t, "playbooks/*.yml") {
		all = append(all, playOf(path, read(t, path)))
	}
	return all
}

func playOf(path, text string) play {
	head, _, _ := strings.Cut(text, "\n- name: ")
	p := play{path: path}
	for _, line := range row.FindAllStringSubmatch(head, -1) {
		p.named = append(p.named, strings.Split(line[1], ", ")...)
	}
	body := remark.ReplaceAllString(text, "")
	for _, found := range variable.FindAllStringSubmatch(body, -1) {
		p.reads = append(p.reads, found[1])
	}
	for _, found := range sets.FindAllStringSubmatch(body, -1) {
		p.own = append(p.own, found[1]+found[2])
	}
	return p
}

// The head of a playbook names each variable that the playbook reads, and no other. The role cloud reads two for all of them.
func TestVariablesOfPlaybooks(t *testing.T) {
	cloud := read(t, "roles/cloud/vars/main.yml") + read(t, "roles/cloud/defaults/main.yml")
	seen := 0
	for _, p := range playsOf(t) {
		seen += len(p.named)
		for _, name := range slices.Compact(slices.Sorted(slices.Values(p.reads))) {
			if !slices.Contains(p.named, name) && !slices.Contains(p.own, name) {
				t.Errorf("%s reads %s, which its head does not name: add a line with its meaning and its default below \"# Variables\"", p.path, name)
			}
		}
		for _, name := range p.named {
			if !slices.Contains(p.reads, name) && !regexp.MustCompile(`\b`+name+`\b`).MatchString(cloud) {
				t.Errorf("%s names %s in its head and never reads it: give it to a module or a role there, or take the line out", p.path, name)
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d variables", seen)
	}
}

// A variable that is forgotten on either side is seen; a module, a group, a result and a comment are none.
func TestPlayOf(t *testing.T) {
	p := playOf("x", `---
# Variables:
#   placement_since, placement_until
#                             when
#   placement_unread          never

- name: Read
  openstack_ops.placement.placement_conflicts:
    since: "{{ placement_since | default(groups['placement_all']) }}"
    more: "{{ (placement_more) }}"
    # placement_comment
  register: placement_result
`)
	if want := []string{"placement_since", "placement_until", "placement_unread"}; !slices.Equal(p.named, want) {
		t.Errorf("named: %v", p.named)
	}
	if want := []string{"placement_since", "placement_more", "placement_result"}; !slices.Equal(p.reads, want) || !slices.Contains(p.own, "placement_result") {
		t.Errorf("reads %v, own %v", p.reads, p.own)
	}
}
