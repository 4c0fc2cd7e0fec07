// SPDX-License-Identifier: Apache-2.0

// Package report writes what an audit found for those who read it elsewhere. A format is a pure function from the result
// to bytes, one file and one line in Formats each.
package report

import "github.com/openstack-ops/ansible-collection-placement/modules/internal/check"

// Report is a result and the checks that were asked for.
type Report struct {
	Audit

	Checks []*check.Check
}

// Format is one way to write a report.
type Format struct {
	Name string
	// Public says that everybody may read it. Names and ids of servers, projects and hosts are not for everybody.
	Public bool
	Write  func(*Report) ([]byte, error)
}

// Formats lists the formats, by name.
func Formats() []Format {
	return []Format{
		{"json", false, JSON},
		{"markdown", false, Markdown},
		{"prometheus", true, Prometheus}, // it holds counts only, and node_exporter reads it as another user
	}
}
