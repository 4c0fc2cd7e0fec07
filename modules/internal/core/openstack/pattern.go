// SPDX-License-Identifier: Apache-2.0

package openstack

import (
	"path"
	"strings"
)

// slashes hides slashes, which stars of package path do not go over: names of providers may hold them.
func slashes(text string) string { return strings.ReplaceAll(text, "/", "\x00") }

// Pattern is a pattern for whole names, as shells have them: a star stands for any text, a question mark for one character, and
// [a-c] for one of these.
type Pattern string

// Valid reports whether the pattern is one.
func (p Pattern) Valid() bool {
	_, err := path.Match(slashes(string(p)), "")
	return err == nil
}

// Matches reports whether the pattern stands for the name.
func (p Pattern) Matches(name string) bool {
	ok, err := path.Match(slashes(string(p)), slashes(name))
	return ok && err == nil
}
