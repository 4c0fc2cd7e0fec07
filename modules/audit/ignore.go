// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// ignoreFaults returns all that is wrong with the rules.
func (o *Options) ignoreFaults() error {
	all := checks.All()
	var faults []error
	for i, a := range o.Ignore {
		at := fmt.Sprintf("ignore[%d]", i)
		if strings.TrimSpace(a.Reason) == "" {
			faults = append(faults, &ansible.OptionError{Option: at + " -> reason", Reason: "must say why the finding is accepted"})
		}
		faults = append(faults, a.subjectFaults(at, all)...)
	}
	return several.Join(faults...)
}

func (a Accepted) subjectFaults(at string, all []*check.Check) []error {
	switch {
	case a.Fingerprint != "" && a.Check+a.Subject != "":
		return []error{&ansible.OptionError{Option: at, Reason: "must have either fingerprint, or check and subject, not both"}}
	case a.Fingerprint != "":
		return a.fingerprintFaults(at, all)
	case a.Check == "" && a.Subject == "":
		return []error{&ansible.OptionError{Option: at, Reason: "must have either fingerprint, or check and subject"}}
	}
	var faults []error
	if _, err := survey.Named(at+" -> check", []string{a.Check}, all); err != nil {
		faults = append(faults, err)
	}
	if a.Subject == "" {
		faults = append(faults, &ansible.OptionError{
			Option: at + " -> subject", Reason: "must be a pattern for names or UUIDs; \"*\" is all of them",
		})
	}
	if err := triage.BadPattern(a.Subject); err != nil {
		faults = append(faults, &ansible.OptionError{
			Option: at + " -> subject", Value: a.Subject, Reason: survey.BadPattern,
		})
	}
	return faults
}

// fingerprintFaults refuses what no finding can have: check, kind of subject and UUID.
func (a Accepted) fingerprintFaults(at string, all []*check.Check) []error {
	parts := strings.SplitN(a.Fingerprint, ":", 3)
	if len(parts) != 3 {
		return []error{&ansible.OptionError{
			Option: at + " -> fingerprint", Value: a.Fingerprint, Reason: "must be a fingerprint as findings have it, such as PLC201:provider:UUID",
		}}
	}
	i := slices.IndexFunc(all, func(c *check.Check) bool { return c.ID == parts[0] })
	if i < 0 || string(all[i].Subject) != parts[1] {
		return []error{&ansible.OptionError{
			Option: at + " -> fingerprint", Value: a.Fingerprint,
			Reason: "must begin with the id and the subject of a check that exists, such as PLC201:provider:",
		}}
	}
	return nil
}

// rules gives the options the form in which findings are matched.
func (o *Options) rules() []triage.Rule {
	all := checks.All()
	rules := make([]triage.Rule, len(o.Ignore))
	for i, a := range o.Ignore {
		rules[i] = triage.Rule{Fingerprint: a.Fingerprint, Subject: a.Subject, Reason: a.Reason}
		ids, _ := survey.Named("ignore", []string{a.Check}, all) // Validate has seen that it exists
		for id := range ids {
			rules[i].Check = id
		}
	}
	return rules
}
