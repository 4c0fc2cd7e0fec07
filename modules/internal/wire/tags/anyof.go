// SPDX-License-Identifier: Apache-2.0

package tags

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

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

// AnyOfFaults refuses entries that are neither a trait nor in: and several of them.
func AnyOfFaults(option string, entries []string) []error {
	var faults []error
	for i, entry := range entries {
		if slices.ContainsFunc(AnyOf(entry), func(name string) bool { return !Named(name) }) {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("%s[%d]", option, i), Value: entry,
				Reason: "must be one trait, of capitals, digits and underscores, or in: and several of them with commas, such as in:A,B",
			})
		}
	}
	return faults
}
