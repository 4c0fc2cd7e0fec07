// SPDX-License-Identifier: Apache-2.0

package report

// Labels name the cloud in metrics. What is empty is taken from the cloud itself.
type Labels struct{ Cloud, Region string }

// Labelled is the report with these labels in its metrics.
func (r *Report) Labelled(l Labels) *Report {
	other := *r
	other.Labels = l
	return &other
}

// Labelled is the same of capacities.
func (c *Capacity) Labelled(l Labels) *Capacity {
	other := *c
	other.Labels = l
	return &other
}

// Labelled is the same of conflicts.
func (r *Refusals) Labelled(l Labels) *Refusals {
	other := *r
	other.Labels = l
	return &other
}
