// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"bytes"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Conflicts writes counts for node_exporter's textfile collector. Labels are names of the catalogue and verdicts:
// however many hosts and consumers are in the logs, there are no more samples than these. Every sample names its cloud, as those
// of audits do.
func Conflicts(r *report.Refusals) ([]byte, error) {
	var out bytes.Buffer
	for _, f := range (refusals{r}).families() {
		f.write(&out, prefix+"conflicts", cloudLabels(r.Labels, r.Cloud)...)
	}
	return out.Bytes(), nil
}

// refusals are conflicts, counted.
type refusals struct{ *report.Refusals }

func (r refusals) families() []family {
	all := []family{
		{"", "Requests that were refused in the time that was looked at, by what they are and what became of them.", r.counts()},
		{"_verdicts", "Conflicts by kind and target in the time that was looked at, by what became of them.", r.verdicts()},
		{"_act", "Conflicts by kind and target that need action.", r.acts()},
		{"_complete", "Whether every log that was found could be read to its end.", one(truth(r.Complete))},
		{"_logs_read", "Logs that were read.", one(float64(len(r.Sources)))},
		{"_logs_not_read", "Logs that could not be read, or not to their ends.", one(float64(len(r.NotRead)))},
		{"_lines_not_understood", "Lines of the logs that could not be understood.", one(float64(r.Summary.Unread))},
		{"_noise_lines", "Lines at ERROR about what went through after all.", one(float64(r.Summary.Noise))},
		{"_timestamp_seconds", "When the logs were read, in seconds since 1970.", one(seconds(r.Summary.TakenAt))},
		{"_duration_seconds", "How long the logs were read.", one(r.Summary.Duration)},
	}
	if since := r.Summary.Since; since != nil {
		until := r.Summary.TakenAt
		if r.Summary.Until != nil {
			until = *r.Summary.Until
		}
		all = append(all, family{"_window_seconds", "How much time was looked at.", one(until.Sub(*since).Seconds())})
	}
	return all
}

// counts has all verdicts of what was refused at all, and nothing of what was not.
func (r refusals) counts() []sample {
	n := map[string]map[explained.Verdict]int{}
	for _, c := range r.Conflicts {
		if n[c.Conflict] == nil {
			n[c.Conflict] = map[explained.Verdict]int{}
		}
		n[c.Conflict][c.Verdict] += c.Count
	}
	var all []sample
	for _, name := range explained.Kinds() {
		for _, v := range explained.Verdicts() {
			if n[name] != nil {
				all = append(all, sample{[]string{"conflict", name, "verdict", string(v)}, float64(n[name][v])})
			}
		}
	}
	return all
}

func (r refusals) verdicts() []sample {
	var all []sample
	for _, v := range explained.Verdicts() {
		all = append(all, sample{[]string{"verdict", string(v)}, float64(r.Summary.ByVerdict[string(v)])})
	}
	return all
}

// acts has every kind, so that a zero can be told from nothing.
func (r refusals) acts() []sample {
	n := map[string]int{}
	for _, c := range r.Conflicts {
		if c.Act {
			n[c.Conflict]++
		}
	}
	var all []sample
	for _, name := range explained.Kinds() {
		all = append(all, sample{[]string{"conflict", name}, float64(n[name])})
	}
	return all
}
