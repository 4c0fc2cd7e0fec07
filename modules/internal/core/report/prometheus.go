// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

const prefix = "placement_audit_"

// Prometheus writes counts for node_exporter's textfile collector. Each check that ran has a sample where there is
// nothing to count, so that a rate or an absence can be told from a zero. Every sample says which look it is of, and of which
// cloud: the files of a quick audit, of a full one and of another cloud lie side by side in one folder, and there no two samples may
// be the same.
func Prometheus(r *Report) ([]byte, error) {
	look := "full"
	if r.Summary.Quick != nil {
		look = "quick"
	}
	var out bytes.Buffer
	common := append([]string{"look", look}, r.Labels.of(r.Cloud)...)
	for _, f := range r.families() {
		f.write(&out, prefix, common...)
	}
	for _, f := range r.providerFamilies() {
		f.write(&out, providerPrefix, common...)
	}
	return out.Bytes(), nil
}

// family is one metric, a gauge: it goes up and down with the cloud.
type family struct {
	name, help string
	samples    []sample
}

type sample struct {
	labels []string // name, value, name, value …
	value  float64
}

func (r *Report) families() []family {
	all := []family{
		{"info", "Version of the program that audited the cloud.", []sample{{[]string{"version", r.Version}, 1}}},
		{"findings", "Faults found.", r.findingSamples()},
		{"ignored_findings", "Faults found that an ignore rule accepts. They are not among the findings.", r.ignoredSamples()},
	}
	if r.Summary.ByState != nil {
		all = append(all, family{"gone_findings", "Faults of the baseline that are no longer there.", r.countSamples(r.Gone)})
	}
	all = append(all, []family{
		{"clean", "Whether everything could be read and nothing bad was found.", one(truth(r.Clean))},
		{"complete", "Whether every check that was asked for ran to its end.", one(truth(r.Complete))},
		{"not_run", "Whether the check could not be carried out, or not to its end.", r.notRunSamples()},
		{"suspects", "What the first look showed; a finding is what the second showed too.", r.suspectSamples()},
		{"not_judged", "What the check saw but may not judge.", r.notJudgedSamples()},
		{"timestamp_seconds", "When the cloud was read, in seconds since 1970.", one(seconds(r.Summary.TakenAt))},
	}...)
	if r.Summary.Duration > 0 {
		all = append(all, family{"duration_seconds", "How long the cloud was read.", one(r.Summary.Duration)})
	}
	return append(all,
		family{"requests", "HTTP requests of the audit, those of the login included.", counted("method", r.Requests)},
		family{"read_entries", "Entries of each list that was read.", counted("part", r.Summary.Read)},
	)
}

// findingSamples counts by state where there is a baseline.
func (r *Report) findingSamples() []sample {
	if r.Summary.ByState == nil {
		return r.countSamples(r.Findings)
	}
	var all []sample
	for _, state := range []check.State{check.New, check.Known} {
		of := slices.DeleteFunc(slices.Clone(r.Findings), func(f check.Finding) bool { return f.State != state })
		for _, s := range r.countSamples(of) {
			all = append(all, sample{append(s.labels, "state", string(state)), s.value})
		}
	}
	return all
}

func (r *Report) ignoredSamples() []sample {
	ignored := make([]check.Finding, len(r.Ignored))
	for i, f := range r.Ignored {
		ignored[i] = check.Finding{ID: f.ID}
	}
	return r.countSamples(ignored)
}

// countSamples counts findings by check. A check that did not run has a sample only if something was found before it
// ended.
func (r *Report) countSamples(findings []check.Finding) []sample {
	n := map[string]int{}
	for _, f := range findings {
		n[f.ID]++
	}
	var all []sample
	for _, c := range r.Checks {
		if n[c.ID] > 0 || slices.Contains(r.Summary.ChecksRun, c.ID) {
			all = append(all, sample{append(labels(c), "severity", string(c.Severity)), float64(n[c.ID])})
		}
	}
	return all
}

func (r *Report) notRunSamples() []sample {
	return r.perCheck(func(c *check.Check) float64 {
		return truth(slices.ContainsFunc(r.NotRun, func(n check.NotRun) bool { return n.Check == c.ID }))
	})
}

func (r *Report) suspectSamples() []sample {
	return r.perCheck(func(c *check.Check) float64 { return float64(r.Summary.Suspects[c.ID]) })
}

func (r *Report) notJudgedSamples() []sample {
	n := map[string]int{}
	for _, left := range r.Summary.NotJudged {
		n[left.Check] += left.Count
	}
	return r.perCheck(func(c *check.Check) float64 { return float64(n[c.ID]) })
}

func (r *Report) perCheck(value func(*check.Check) float64) []sample {
	all := make([]sample, len(r.Checks))
	for i, c := range r.Checks {
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

func one(value float64) []sample { return []sample{{nil, value}} }

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// write writes the metric in the text format, or nothing if it has no samples. All of these get the common labels too.
func (f family) write(out *bytes.Buffer, prefix string, common ...string) {
	if len(f.samples) == 0 {
		return
	}
	name := prefix + f.name
	fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, escapeHelp(f.help), name)
	for _, s := range f.samples {
		out.WriteString(name)
		s.labels = slices.Concat(common, s.labels)
		s.writeLabels(out)
		out.WriteString(" " + strconv.FormatFloat(s.value, 'f', -1, 64) + "\n")
	}
}

func (s sample) writeLabels(out *bytes.Buffer) {
	if len(s.labels) == 0 {
		return
	}
	var pairs []string
	for i := 0; i+1 < len(s.labels); i += 2 {
		pairs = append(pairs, s.labels[i]+`="`+escapeLabel(s.labels[i+1])+`"`)
	}
	out.WriteString("{" + strings.Join(pairs, ",") + "}")
}

func escapeHelp(text string) string { return strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(text) }

func escapeLabel(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(strings.ToValidUTF8(text, "\uFFFD"))
}
