// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

// A report about conflicts is not taken for one of an audit.
func TestConflictsAreNoAudit(t *testing.T) {
	data, err := report.ConflictJSON(reporttest.Refusals())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := report.Decode(data); err == nil || report.FormatOf(data) != report.ConflictFile {
		t.Errorf("%v, format %s", err, report.FormatOf(data))
	}
}
