// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"
	"strings"
)

// Names are the custom names that Placement has, as far as it matters whether they are used.
type Names struct {
	Classes    []string `json:"classes"`           // every custom resource class, sorted
	FreeTraits []string `json:"unassigned_traits"` // the custom traits that no resource provider has, sorted
}

// CustomNames takes the custom ones of all resource classes and of the traits that no resource provider has.
func CustomNames(classes, freeTraits []string) *Names {
	return &Names{Classes: customs(classes), FreeTraits: customs(freeTraits)}
}

// customs returns the custom ones of these names, sorted and each once.
func customs(names []string) []string {
	kept := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.HasPrefix(name, "CUSTOM_") })
	slices.Sort(kept)
	return slices.Compact(kept)
}

// UnusedClasses lists the custom resource classes without an inventory on any provider and no usage, and that the flavor of no
// server names. Needs Customs, Capacities and Usages; wants Allocations and Servers.
func (s *Snapshot) UnusedClasses() []string {
	s.need(Customs)
	used := map[string]bool{}
	for _, p := range s.Providers() {
		for class := range s.Capacity(p.UUID) {
			used[class] = true
		}
		for class := range s.Usage(p.UUID) {
			used[class] = true
		}
	}
	if s.Usable(Allocations) {
		for _, a := range s.AllocationList {
			for class := range a.Resources {
				used[class] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(s.Custom.Classes), func(class string) bool { return used[class] || s.flavored("resources", class) })
}

// UnusedTraits lists the custom traits that no provider has and that the flavor of no server names. Needs Customs; wants Servers.
func (s *Snapshot) UnusedTraits() []string {
	s.need(Customs)
	return slices.DeleteFunc(slices.Clone(s.Custom.FreeTraits), func(trait string) bool { return s.flavored("trait", trait) })
}

// flavored reports whether the flavor of a server names a class or a trait: "trait:NAME", or with a group "trait1:NAME".
func (s *Snapshot) flavored(kind, name string) bool {
	if !s.Usable(Servers) {
		return false
	}
	for _, server := range s.Servers() {
		for key := range server.Flavor.ExtraSpecs {
			before, after, _ := strings.Cut(key, ":")
			if after == name && strings.HasPrefix(before, kind) {
				return true
			}
		}
	}
	return false
}
