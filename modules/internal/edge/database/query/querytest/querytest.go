// SPDX-License-Identifier: Apache-2.0

// Package querytest has a server for the tests of what asks databases.
package querytest

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// The errors of the server, by number.
const (
	noAccess      = 1142
	noSuchSetting = 1193
	tooLong       = 1969
)

// Limit is how long a statement of its sessions may take.
const Limit = 7 * time.Second

// Server stands for one that fails where a real one can't be made to: in the middle of an answer, or behind a proxy.
type Server struct {
	Unknown string                              // a setting that it does not know
	Proxy   bool                                // a proxy in front of it takes that all the same, and passes it to nobody
	Rows    map[string][][]driver.Value         // key of a statement, mostly its table -> rows
	Made    map[string]func(int) []driver.Value // the same -> its rows one by one, nil behind the last
	Broken  string                              // the same, whose rows end with an error
	Denied  bool                                // no table may be read
	Deny    string                              // the table that may not be read
	Said    []string                            // what it was told, but for what it was asked
	Took    []string                            // what of that reached it and was not refused
	Asked   [][]any                             // the values that came with statements
}

// Connect makes it a driver.Connector.
func (s *Server) Connect(context.Context) (driver.Conn, error) { return s, nil }

// Driver makes it a driver.Connector.
func (s *Server) Driver() driver.Driver { return nil }

// Prepare fails: nothing is prepared.
func (s *Server) Prepare(string) (driver.Stmt, error) { return nil, errors.New("nothing is prepared") }

// Close does nothing.
func (s *Server) Close() error { return nil }

// Begin fails: transactions are begun by a statement.
func (s *Server) Begin() (driver.Tx, error) { return nil, errors.New("begun by a statement") }

// ExecContext takes every setting but Unknown.
func (s *Server) ExecContext(_ context.Context, text string, _ []driver.NamedValue) (driver.Result, error) {
	s.Said = append(s.Said, text)
	switch unknown := s.Unknown != "" && strings.Contains(text, s.Unknown); {
	case unknown && !s.Proxy:
		return nil, &mysql.MySQLError{Number: noSuchSetting, Message: "Unknown system variable '" + s.Unknown + "'"}
	case !unknown:
		s.Took = append(s.Took, text)
	}
	return driver.ResultNoRows, nil
}

// QueryContext answers the statements of the fixed list, for the database x.
func (s *Server) QueryContext(_ context.Context, text string, values []driver.NamedValue) (driver.Rows, error) {
	if len(values) > 0 {
		var all []any
		for _, one := range values {
			all = append(all, one.Value)
		}
		s.Asked = append(s.Asked, all)
	}
	for _, st := range query.Statements() {
		if st.In("x") == text && (s.Denied || st.Table == s.Deny) {
			return nil, &mysql.MySQLError{Number: noAccess, Message: "SELECT command denied to user"}
		}
		if st.In("x") == text {
			return &answer{rows: s.Rows[st.Key()], made: s.Made[st.Key()], columns: st.Columns, broken: st.Key() == s.Broken}, nil
		}
	}
	return nil, errors.New("not in the list: " + text)
}

type answer struct {
	rows    [][]driver.Value
	made    func(int) []driver.Value
	next    int
	columns int
	broken  bool
}

func (a *answer) Columns() []string { return make([]string, a.columns) }
func (a *answer) Close() error      { return nil }

func (a *answer) Next(into []driver.Value) error {
	if a.made != nil {
		if one := a.made(a.next); one != nil {
			copy(into, one)
			a.next++
			return nil
		}
	}
	if len(a.rows) > 0 {
		copy(into, a.rows[0])
		a.rows = a.rows[1:]
		return nil
	}
	if a.broken {
		return &mysql.MySQLError{Number: tooLong, Message: "Query execution was interrupted"}
	}
	return io.EOF
}

// Begin begins a transaction with the server. The test closes it.
func Begin(t testing.TB, of *Server) (*query.Session, error) {
	t.Helper()
	s, err := query.Begin(t.Context(), of, address.Address{Host: "db", Port: 3306, From: "placement_conf"}, Limit)
	if err == nil {
		t.Cleanup(s.Close)
	}
	return s, err
}

// Session is Begin, of which nothing fails.
func Session(t testing.TB, of *Server) *query.Session {
	t.Helper()
	s, err := Begin(t, of)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
