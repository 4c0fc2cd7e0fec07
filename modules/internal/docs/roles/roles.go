// SPDX-License-Identifier: Apache-2.0

// Package roles says what variables the collection's roles have: structs with the tags that options of modules have too.
// The roles' argument specifications, defaults and pages are made of them. What the roles do is below roles/.
package roles

// Role is one role.
type Role struct {
	Name string
	// Short is one sentence without a period, Description the paragraphs behind it, in Markdown.
	Short       string
	Description []string
	// Options is a pointer to a struct. A variable's name is that of the role, an underscore and the option's.
	Options any
	// Defaults are those that take other variables in, as Jinja expressions, by option.
	Defaults map[string]string
	// Sets lists the facts that the role leaves for others, with what they hold.
	Sets [][2]string
	// Example is a playbook.
	Example string
	// More is what its page says behind that, in Markdown.
	More string
}

// All is the only list of the roles, by name.
func All() []Role {
	return []Role{
		cloud(),
		decommissionCheck(),
		postUpgrade(),
		preUpgrade(),
		scheduledAudit(),
	}
}
