// SPDX-License-Identifier: Apache-2.0

// Package report writes what an audit, or a look into logs, found for those who read it elsewhere: what the results are, and
// each of them as JSON, as a page of Markdown and as text. The other formats have packages of their own.
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
