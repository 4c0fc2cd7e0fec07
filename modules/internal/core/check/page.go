// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"
)

// Paragraph is a part of a text on a check's page.
type Paragraph struct {
	Text    string
	Command bool // it is one command
}

// Paragraphs takes a text of a page apart: each line is a paragraph, or a command if it begins with a program that operators run.
func Paragraphs(text string) []Paragraph {
	lines := strings.Split(text, "\n")
	out := make([]Paragraph, len(lines))
	for i, line := range lines {
		program, _, _ := strings.Cut(line, " ")
		out[i] = Paragraph{line, slices.Contains(programs(), program)}
	}
	return out
}

// programs are those that texts of pages tell operators to run.
func programs() []string {
	return []string{"openstack", "nova-manage", "placement-manage", "placement-status", "mysql"}
}
