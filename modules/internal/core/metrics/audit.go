// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"bytes"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

const prefix = "placement_audit_"

// Audit writes counts for node_exporter's textfile collector. Each check that ran has a sample where there is
// nothing to count, so that a rate or an absence can be told from a zero. Every sample says which look it is of, and of which
// cloud: the files of a quick audit, of a full one and of another cloud lie side by side in one folder, and there no two samples may
// be the same.
func Audit(r *report.Report) ([]byte, error) {
	look := "full"
	if r.Summary.Quick != nil {
		look = "quick"
	}
	var out bytes.Buffer
	common := append([]string{"look", look}, cloudLabels(r.Labels, r.Cloud)...)
	for _, f := range (audit{r}).families() {
		f.write(&out, prefix, common...)
	}
	for _, f := range providerFamilies(r) {
		f.write(&out, providerPrefix, common...)
	}
	return out.Bytes(), nil
}

// audit is a report of an audit, counted.
type audit struct{ *report.Report }

func (a audit) families() []family {
	all := []family{
		{"info", "Version of the program that audited the cloud.", []sample{{[]string{"version", a.Version}, 1}}},
		{"findings", "Faults found.", a.findingSamples()},
		{"ignored_findings", "Faults found that an ignore rule accepts. They are not among the findings.", a.ignoredSamples()},
	}
	if a.Summary.ByState != nil {
		all = append(all, family{"gone_findings", "Faults of the baseline that are no longer there.", a.countSamples(a.Gone)})
	}
	all = append(all, []family{
		{"clean", "Whether everything could be read and nothing bad was found.", one(truth(a.Clean))},
		{"complete", "Whether every check that was asked for ran to its end.", one(truth(a.Complete))},
		{"not_run", "Whether the check could not be carried out, or not to its end.", a.notRunSamples()},
		{"suspects", "Suspects of the first look. Those that the second look confirms are findings.", a.suspectSamples()},
		{"not_judged", "Objects that the check saw but could not judge.", a.notJudgedSamples()},
		{"timestamp_seconds", "When the cloud was read, in seconds since 1970.", one(seconds(a.Summary.TakenAt))},
	}...)
	if a.Summary.Duration > 0 {
		all = append(all, family{"duration_seconds", "Seconds that it took to read the cloud.", one(a.Summary.Duration)})
	}
	return append(all,
		family{"requests", "HTTP requests of the audit, those of the login included.", counted("method", a.Requests)},
		family{"read_entries", "Entries of each list that was read.", counted("part", a.Summary.Read)},
	)
}

// findingSamples counts by state where there is a baseline.
func (a audit) findingSamples() []sample {
	if a.Summary.ByState == nil {
		return a.countSamples(a.Findings)
	}
	var all []sample
	for _, state := range []check.State{check.New, check.Known} {
		of := slices.DeleteFunc(slices.Clone(a.Findings), func(f check.Finding) bool { return f.State != state })
		for _, s := range a.countSamples(of) {
			all = append(all, sample{append(s.labels, "state", string(state)), s.value})
		}
	}
	return all
}

func (a audit) ignoredSamples() []sample {
	ignored := make([]check.Finding, len(a.Ignored))
	for i, f := range a.Ignored {
		ignored[i] = check.Finding{ID: f.ID}
	}
	return a.countSamples(ignored)
}

// countSamples counts findings by check. A check that did not run has a sample only if something was found before it
// ended.
func (a audit) countSamples(findings []check.Finding) []sample {
	n := map[string]int{}
	for _, f := range findings {
		n[f.ID]++
	}
	var all []sample
	for _, c := range a.Checks {
		if n[c.ID] > 0 || slices.Contains(a.Summary.ChecksRun, c.ID) {
			all = append(all, sample{append(labels(c), "severity", string(c.Severity)), float64(n[c.ID])})
		}
	}
	return all
}

func (a audit) notRunSamples() []sample {
	return a.perCheck(func(c *check.Check) float64 {
		return truth(slices.ContainsFunc(a.NotRun, func(n check.NotRun) bool { return n.Check == c.ID }))
	})
}

func (a audit) suspectSamples() []sample {
	return a.perCheck(func(c *check.Check) float64 { return float64(a.Summary.Suspects[c.ID]) })
}

func (a audit) notJudgedSamples() []sample {
	n := map[string]int{}
	for _, left := range a.Summary.NotJudged {
		n[left.Check] += left.Count
	}
	return a.perCheck(func(c *check.Check) float64 { return float64(n[c.ID]) })
}

func (a audit) perCheck(value func(*check.Check) float64) []sample {
	all := make([]sample, len(a.Checks))
	for i, c := range a.Checks {
		all[i] = sample{labels(c), value(c)}
	}
	return all
}

func labels(c *check.Check) []string { return []string{"check", c.ID, "name", c.Name} }

func counted[K ~string](label string, counts map[K]int) []sample {
	var all []sample
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, sample{[]string{label, string(key)}, float64(counts[key])})
	}
	return all
}
