// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// Validate reports all that can be known to be wrong before a cloud is asked: check names that do not exist, rules that
// say nothing, files that can't be written, and faults in the connection options where they are used.
func (o *Options) Validate(call *ansible.Call) error {
	asked := o.Asked.Faults(o.demanded()...)
	faults := several.Join(asked, o.ignoreFaults(), o.fileFaults(call), o.watchFaults())
	if o.Snapshot != "" {
		return faults
	}
	faults = several.Join(faults, connection.DatabaseFaults(&o.Where, o.Watch), o.rowFaults())
	if o.Used() {
		return faults
	}
	return several.Join(faults, connection.Faults(&o.Options))
}

// demanded are the parts on demand that are read.
func (o *Options) demanded() []snapshot.Part {
	var parts []snapshot.Part
	if o.Watch > 0 || o.Snapshot != "" {
		parts = append(parts, snapshot.Generations)
	}
	if o.Used() || o.Snapshot != "" {
		parts = append(parts, snapshot.Rows)
	}
	return parts
}

// rowFaults refuses a check by name that needs what no API shows.
func (o *Options) rowFaults() error {
	var faults []error
	for _, c := range o.Chosen.Run {
		if c.Demands() == snapshot.Rows && !o.Used() {
			faults = append(faults, &ansible.OptionError{
				Option: "source", Value: o.Source, Reason: fmt.Sprintf("must be database for %s %s, which checks names", c.ID, c.Name),
			})
		}
	}
	return several.Join(faults...)
}

// sentence is the result in one line: first whether all is well, then why not.
func sentence(a *report.Audit) string {
	found := "no findings"
	if words := a.Summary.BySeverity.Words(); len(words) > 0 {
		found = strings.Join(words, ", ")
	}
	if n := a.Summary.ByState; n != nil {
		found += fmt.Sprintf(" (%d new, %d known, %d gone)", n.New, n.Known, n.Gone)
	}
	if n := a.Summary.Ignored; n > 0 {
		found += fmt.Sprintf(", %d ignored", n)
	}
	left := ""
	if n := a.Summary.LeftAlone; n > 0 {
		left = fmt.Sprintf("; %d not judged", n)
	}
	how := ""
	if a.Summary.Quick != nil {
		how = " at a quick look"
	}
	switch {
	case !a.Complete:
		return fmt.Sprintf("INCOMPLETE%s: %s%s; %s", how, found, left, unread(a.NotRun))
	case a.Clean:
		return "clean" + how + ": " + found + left
	}
	return "not clean" + how + ": " + found + left
}

// unread says which checks did not run, and which ran without some hosts and providers.
func unread(notRun []check.NotRun) string {
	var whole, partly []check.NotRun
	var ids, without []string
	for _, n := range notRun {
		if len(n.Without) > 0 {
			partly, without = append(partly, n), append(without, n.Without...)
			continue
		}
		whole, ids = append(whole, n), append(ids, n.Check)
	}
	var words []string
	if len(whole) > 0 {
		words = append(words, fmt.Sprintf("%d checks not run (%s): %s", len(whole), strings.Join(ids, ", "), whole[0].Reason))
	}
	if len(partly) > 0 {
		slices.Sort(without)
		words = append(words, fmt.Sprintf("%d checks judged without %s: %s",
			len(partly), strings.Join(slices.Compact(without), ", "), partly[0].Cause))
	}
	return strings.Join(words, "; ")
}
