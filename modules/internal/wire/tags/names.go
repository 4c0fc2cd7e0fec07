// SPDX-License-Identifier: Apache-2.0

package tags

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// custom is how the names of traits and resource classes begin that operators make.
const custom = "CUSTOM_"

// The forms of names of traits and resource classes (placement/schemas/trait.py, placement/schemas/resource_class.py).
var (
	nameForm   = regexp.MustCompile(`^[A-Z0-9_]{1,255}$`)
	customForm = regexp.MustCompile(`^CUSTOM_[A-Z0-9_]{1,248}$`)
	otherwise  = regexp.MustCompile(`[^A-Z0-9_]+`)
)

// Custom reports whether a name is one that operators make and delete.
func Custom(name string) bool { return customForm.MatchString(name) }

// Counted says how many there are of what the names are of, such as "312 traits, 2 custom".
func Counted(names []string, what string) string {
	custom := 0
	for _, name := range names {
		if Custom(name) {
			custom++
		}
	}
	return fmt.Sprintf("%s, %d custom", report.Count(len(names), what), custom)
}

// Named reports whether a text can be the name of a trait or of a resource class.
func Named(name string) bool { return nameForm.MatchString(name) }

// NameFaults refuses what is no name of a trait or a resource class.
func NameFaults(option string, names []string) []error {
	var faults []error
	for i, name := range names {
		if !nameForm.MatchString(name) {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("%s[%d]", option, i), Value: name, Reason: "must be capitals, digits and underscores, such as " + example(name),
			})
		}
	}
	return faults
}

// CustomFaults refuses what no operator can make or delete.
func CustomFaults(option string, names []string) []error {
	var faults []error
	for i, name := range names {
		if !Custom(name) {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("%s[%d]", option, i), Value: name,
				Reason: "must begin with CUSTOM_, as Placement makes and deletes all others by itself, such as " + custom + strings.TrimPrefix(example(name), custom),
			})
		}
	}
	return faults
}

// example makes a name of what was probably meant.
func example(name string) string {
	fixed := strings.Trim(otherwise.ReplaceAllString(strings.ToUpper(strings.TrimSpace(name)), "_"), "_")
	if fixed == "" {
		return custom + "GOLD"
	}
	const most = 60
	return fixed[:min(len(fixed), most)]
}

// PatternFault refuses what is no pattern for names.
func PatternFault(pattern string) error {
	if pattern != "" && openstack.Pattern(pattern).Valid() {
		return nil
	}
	return &ansible.OptionError{Option: "pattern", Value: pattern, Reason: "must be a shell pattern, with each bracket closed"}
}
