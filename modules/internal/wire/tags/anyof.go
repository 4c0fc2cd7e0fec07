// SPDX-License-Identifier: Apache-2.0

package tags

import "strings"

// AnyOf are the names of which an entry asks for one: those of in:A,B, or the entry itself.
func AnyOf(entry string) []string {
	list, several := strings.CutPrefix(entry, "in:")
	if !several {
		return []string{strings.TrimSpace(entry)}
	}
	names := strings.Split(list, ",")
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	return names
}
