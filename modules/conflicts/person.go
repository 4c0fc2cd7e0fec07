// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

// ExitCode reports whether action is needed, or not everything could be read.
func (r *Result) ExitCode() int {
	switch {
	case r.Summary.Act > 0:
		return terminal.Found
	case !r.Clean:
		return terminal.Incomplete
	}
	return terminal.Done
}

// Formats are the formats that the conflicts can be printed in.
func (r *Result) Formats() []string { return reportfiles.Names(reportfiles.ConflictFormats()) }

// Print is the conflicts in one of them.
func (r *Result) Print(format string) ([]byte, error) {
	return reportfiles.Print(reportfiles.ConflictFormats(), format, r.full)
}
