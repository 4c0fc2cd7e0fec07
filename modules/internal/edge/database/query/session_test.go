// SPDX-License-Identifier: Apache-2.0

package query_test

import (
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// A server is told the limit in the words of both kinds, also behind a proxy that takes what it does not know. Without a limit nothing is read.
func TestLimit(t *testing.T) {
	const maria, oracle = "SET SESSION max_statement_time = 7", "SET SESSION max_execution_time = 7000"
	transaction := query.Framing()[2:4]
	for name, c := range map[string]struct {
		unknown string
		proxy   bool
		took    string
	}{
		"MariaDB":                {"max_execution_time", false, maria},
		"MySQL":                  {"max_statement_time", false, oracle},
		"MariaDB behind a proxy": {"max_execution_time", true, maria},
		"MySQL behind a proxy":   {"max_statement_time", true, oracle},
	} {
		of := &querytest.Server{Unknown: c.unknown, Proxy: c.proxy}
		if _, err := querytest.Begin(t, of); err != nil || !slices.Equal(of.Took, append([]string{c.took}, transaction...)) {
			t.Errorf("%s: %v, took %q", name, err, of.Took)
		}
	}
	if _, err := querytest.Begin(t, &querytest.Server{Unknown: "SET SESSION max_"}); err == nil || !strings.Contains(err.Error(), "limit the time") {
		t.Errorf("a server without limit is read: %v", err)
	}
	if _, err := querytest.Begin(t, &querytest.Server{Unknown: "TRANSACTION"}); err == nil {
		t.Error("a server without transactions is read")
	}
}

// What is wrong in a row is said with the option, the table and the server.
func TestRowRefused(t *testing.T) {
	s := querytest.Session(t, &querytest.Server{Rows: map[string][][]driver.Value{"users": {{[]byte("1"), []byte("x")}}}})
	err := s.Each(t.Context(), query.All().Users, "x", func(query.Row) error { return errors.New("a row has y") })
	if err == nil || err.Error() != "placement_conf: table users of database x on db:3306: a row has y" {
		t.Errorf("%v", err)
	}
}
