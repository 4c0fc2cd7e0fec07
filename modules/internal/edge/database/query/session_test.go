// SPDX-License-Identifier: Apache-2.0

package query_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// Each server is told the limit in its own words, also behind a proxy that names another version. Without a limit nothing is read.
func TestLimit(t *testing.T) {
	const maria, oracle = "SET SESSION max_statement_time = 7", "SET SESSION max_execution_time = 7000"
	transaction := query.Framing()[3:5]
	for name, c := range map[string]struct {
		version, unknown string
		want             []string
	}{
		"MariaDB":                {"10.11.6-MariaDB-log", "max_execution_time", append([]string{maria}, transaction...)},
		"MySQL":                  {"8.0.36", "max_statement_time", append([]string{oracle}, transaction...)},
		"MariaDB behind a proxy": {"8.0.11", "max_execution_time", append([]string{oracle, maria}, transaction...)},
		"MySQL behind a proxy":   {"10.5-MariaDB", "max_statement_time", append([]string{maria, oracle}, transaction...)},
	} {
		of := &querytest.Server{Version: c.version, Unknown: c.unknown}
		if _, err := querytest.Begin(t, of); err != nil || !slices.Equal(of.Said, c.want) {
			t.Errorf("%s: %v, said %q", name, err, of.Said)
		}
	}
	if _, err := querytest.Begin(t, &querytest.Server{Version: "5.1", Unknown: "SET SESSION max_"}); err == nil {
		t.Error("a server without limit is read")
	}
}
