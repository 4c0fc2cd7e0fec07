// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

// ExitCode tells a clean cloud from one with faults, and from one that could not be read. Findings beyond max_findings count.
func (r *Result) ExitCode() int {
	bad := func(f check.Finding) bool { return f.Severity.AtLeast(r.limit) }
	switch {
	case slices.ContainsFunc(r.full.Findings, bad):
		return terminal.Found
	case !r.Complete:
		return terminal.Incomplete
	}
	return terminal.Done
}

// Formats are the formats that the audit can be printed in.
func (r *Result) Formats() []string { return reportfiles.Names(reportfiles.AuditFormats()) }

// Print is the audit in one of them, with all its findings.
func (r *Result) Print(format string) ([]byte, error) {
	return reportfiles.Print(reportfiles.AuditFormats(), format, r.full)
}
