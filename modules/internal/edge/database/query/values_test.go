// SPDX-License-Identifier: Apache-2.0

package query_test

import (
	"database/sql"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// A number that does not fit is refused, not cut.
func TestLargeNumbers(t *testing.T) {
	var n int32
	if err := query.Numbers(query.Row{sql.RawBytes("4294967297")}, &n); err == nil {
		t.Errorf("taken as %d", n)
	}
}
