// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// confirm keeps the suspects that the second look shows too, as it shows them. It returns what the second look leaves
// alone of the others.
func (v *Verdict) confirm(c *Check, suspects []Finding, again *Pass, first *snapshot.Snapshot) []left {
	second := first.Second
	shown, kept := map[string]Finding{}, map[string]left{} // by fingerprint and stamp, by UUID
	for _, g := range again.findings {
		shown[g.Fingerprint+" "+g.stamp] = g
	}
	for _, l := range again.left {
		kept[l.uuid] = l
	}
	unseen := 0
	var alone []left
	for _, f := range suspects {
		same, shows := shown[f.Fingerprint+" "+f.stamp]
		l, leaves := kept[f.Subject.UUID]
		switch {
		case !covered(second, f.Subject) || blind(c, first, f.Subject):
			unseen++
		case restless(second, f.Subject):
			alone = append(alone, left{f.Subject.UUID, "what it holds changed while it was looked at again"})
		case shows:
			v.Findings = append(v.Findings, same)
		case leaves:
			alone = append(alone, l)
		}
	}
	if unseen > 0 {
		v.notRun(c, fmt.Sprintf("%d suspects were not looked at twice: %s", unseen, whyUnseen(second, c.Subject)), whyUnseen(second, c.Subject))
	}
	return alone
}

func restless(l *snapshot.Look, s Subject) bool {
	ofConsumer := s.Type == OfConsumer || s.Type == OfServer
	return ofConsumer && l != nil && slices.Contains(l.Restless, s.UUID)
}

// blind reports whether the second look could not read the inventories that the check judges a consumer by.
func blind(c *Check, first *snapshot.Snapshot, s Subject) bool {
	l := first.Second
	if l == nil || l.Unseen == "" || s.Type != OfConsumer && s.Type != OfServer {
		return false
	}
	return slices.ContainsFunc(holding(first, c, s.UUID), func(uuid string) bool { return !l.CoversProvider(uuid) })
}

func whyUnseen(l *snapshot.Look, kind SubjectType) string {
	if l != nil && l.Unproven != "" && kind != OfProvider {
		return "it is unknown whether their servers are gone: " + l.Unproven
	}
	if l != nil && l.Unseen != "" {
		return "resource providers could not be read again: " + l.Unseen
	}
	return "the snapshot holds no second look at them"
}

// covered reports whether the second look was at all that a suspect is about.
func covered(l *snapshot.Look, s Subject) bool {
	switch s.Type {
	case OfProvider:
		return l.CoversProvider(s.UUID)
	case OfCell:
		return l != nil && l.Parts[snapshot.Services].Read
	case OfService: // its microversions are those of the whole run
		return l != nil
	case OfConsumer, OfServer:
	}
	return l.CoversConsumer(s.UUID)
}
