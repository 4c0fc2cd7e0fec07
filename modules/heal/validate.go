// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"regexp"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{
		MutuallyExclusive: [][]string{{"findings", "report"}},
		RequiredBy:        map[string][]string{"confirm": {"plan"}},
	}
}

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	o.Usual, o.Always = heal.Checks(), heal.Witnesses()
	if o.Watch > 0 {
		o.Always = append(o.Always, heal.Flapping)
	}
	faults := []error{
		connection.Faults(&o.Options), o.Asked.Faults(o.demanded()...), o.Asked.WatchFaults(o.Watch, o.TaskTimeout()), o.confirmFaults(call), o.fileFaults(call),
	}
	if o.MaxShare == 0 {
		faults = append(faults, &ansible.OptionError{Option: "max_share", Value: "0", Reason: "must be more than 0: with a budget of 0 nothing is healed"})
	}
	for i, f := range o.Findings {
		if fingerprint, _ := f["fingerprint"].(string); !isFingerprint(fingerprint) {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("findings[%d]", i), Value: fingerprint,
				Reason: "must be a finding of placement_audit, with a fingerprint such as PLC201:provider:UUID",
			})
		}
	}
	return several.Join(faults...)
}

func isFingerprint(text string) bool {
	return regexp.MustCompile(`^PLC[0-9]{3}:[a-z]+:[^\s]*$`).MatchString(text)
}

// confirmFaults refuses a plan that is to be followed without its digest.
func (o *Options) confirmFaults(call *ansible.Call) error {
	const digits = `^[0-9a-f]{12}([0-9a-f]{52})?$`
	switch {
	case o.Confirm != "" && !regexp.MustCompile(digits).MatchString(o.Confirm):
		return &ansible.OptionError{Option: "confirm", Value: o.Confirm, Reason: "must be the first 12 digits of the digest of the plan, or all 64"}
	case o.Plan != "" && !call.CheckMode && o.Confirm == "":
		return &ansible.OptionError{Option: "confirm", Reason: "must be given to follow a plan: the first 12 digits of its digest, which the run in check mode returned"}
	}
	return nil
}

// fileFaults refuses reports that can't be written or would replace a file that the options name.
func (o *Options) fileFaults(call *ansible.Call) error {
	journal, _ := o.JournalPath() // the task fails by itself without one
	return reportfiles.Faults(call, reportfiles.Files(reportfiles.OfPlans(o.Reports)), reportfiles.File{Option: "plan", Path: o.Plan},
		reportfiles.File{Option: "report", Path: o.Report}, reportfiles.File{Option: "baseline", Path: o.Baseline}, reportfiles.File{Option: "journal", Path: journal})
}

// given is what the task was told to heal, and what the cloud was like before.
type given struct {
	wanted   map[string]bool // fingerprints; nil: all that is found
	cloud    openstack.Cloud
	baseline *report.Audit
}

// given reads the files that the options name.
func (o *Options) given(call *ansible.Call) (*given, error) {
	g := &given{}
	if call.Given("findings") {
		g.wanted = map[string]bool{}
		for _, f := range o.Findings {
			text, _ := f["fingerprint"].(string)
			g.wanted[text] = true
		}
	}
	if o.Report != "" {
		a, err := reported("report", o.Report)
		if err != nil {
			return nil, err
		}
		if err := o.fresh("report", o.Report, a.Summary.TakenAt, call.Now()); err != nil {
			return nil, err
		}
		g.cloud, g.wanted = a.Cloud, map[string]bool{}
		for _, f := range a.Findings {
			g.wanted[f.Fingerprint] = true
		}
	}
	if err := o.widen(g.wanted); err != nil {
		return nil, err
	}
	if o.Baseline != "" {
		var err error
		if g.baseline, err = reported("baseline", o.Baseline); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// widen has the checks run whose findings are wanted, unless the options name some themselves.
func (o *Options) widen(wanted map[string]bool) error {
	if len(o.Checks) > 0 || len(wanted) == 0 {
		return nil
	}
	for fingerprint := range wanted {
		o.Usual = append(o.Usual, check.IDOf(fingerprint))
	}
	return o.Asked.Faults(o.demanded()...)
}

// reported reads a report that decides what is written.
func reported(option, path string) (*report.Audit, error) {
	data, err := files.ReadOwn(path, files.MaxSnapshot)
	if err == nil {
		var a *report.Audit
		if a, err = report.Decode(data); err == nil {
			return a, nil
		}
	}
	return nil, &ansible.OptionError{
		Option: option, Value: path, Reason: fmt.Sprintf("must be a report in the format json, of this user's own (%v)", files.Cause(err)),
	}
}

// fresh refuses what is too old to rest a write on.
func (o *Options) fresh(option, path string, made, now time.Time) error {
	age := now.Sub(made)
	limit := time.Duration(o.PlanAge) * time.Second
	switch {
	case age > limit:
		return &ansible.OptionError{Option: option, Value: path, Reason: fmt.Sprintf(
			"must not be older than plan_age (%d seconds); it is from %s", o.PlanAge, made.UTC().Format(time.RFC3339))}
	case age < -limit:
		return &ansible.OptionError{Option: option, Value: path, Reason: "must not be from the future; it is from " + made.UTC().Format(time.RFC3339)}
	}
	return nil
}

// only keeps the findings that the task was told to heal. What is wanted and not found any more is returned by itself.
func (g *given) only(found []check.Finding) (kept []check.Finding, gone []string) {
	if g.wanted == nil {
		return found, nil
	}
	seen := map[string]bool{}
	for _, f := range found {
		if g.wanted[f.Fingerprint] {
			kept = append(kept, f)
			seen[f.Fingerprint] = true
		}
	}
	for fingerprint := range g.wanted {
		if !seen[fingerprint] {
			gone = append(gone, fingerprint)
		}
	}
	return kept, gone
}

// refusal says why nothing was done.
func refusal(why string) error { return fmt.Errorf("nothing is changed: %s", why) }

// demanded are the parts on demand that are read.
func (o *Options) demanded() []snapshot.Part {
	if o.Watch > 0 {
		return []snapshot.Part{snapshot.Generations}
	}
	return nil
}
