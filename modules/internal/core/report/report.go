// SPDX-License-Identifier: Apache-2.0

// Package report writes what an audit, or a look into logs, found for those who read it elsewhere. A format is a pure
// function from the result to bytes, one line in Formats or ConflictFormats each.
package report

import "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"

// Report is a result and the checks that were asked for.
type Report struct {
	Audit

	Checks []*check.Check
	// Version is that of the program; empty if it is not known.
	Version string
	// Limit is the lowest severity that makes a cloud unclean.
	Limit check.Severity
	// Providers are for formats that show capacities; nil if they were not read, or no such format is asked for.
	Providers []Provider
	// ProviderMetrics has Prometheus tell what each of the providers has.
	ProviderMetrics bool
	// Labels are in the metrics in place of what the cloud is called.
	Labels Labels
}

// Format is one way to write a report of a T.
type Format[T any] struct {
	Name string
	// Public says that everybody may read it. Names and ids of servers, projects and hosts are not for everybody.
	Public bool
	Write  func(T) ([]byte, error)
}

// Formats lists the formats of audits, by name.
func Formats() []Format[*Report] {
	return []Format[*Report]{
		{"json", false, JSON},
		{"junit", false, JUnit},
		{"markdown", false, Markdown},
		{"prometheus", true, Prometheus}, // it holds counts only, unless Providers are asked for; node_exporter reads it as another user
	}
}
