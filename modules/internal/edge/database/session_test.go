// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

// server stands for one that fails where a real one can't be made to: in the middle of an answer, or behind a proxy.
type server struct {
	version string
	unknown string                              // a setting that it does not know
	rows    map[string][][]driver.Value         // table -> rows
	made    map[string]func(int) []driver.Value // table -> its rows one by one, nil behind the last
	broken  string                              // the table whose rows end with an error
	denied  bool                                // no table may be read
	said    []string
}

func (s *server) Connect(context.Context) (driver.Conn, error) { return s, nil }
func (s *server) Driver() driver.Driver                        { return nil }
func (s *server) Prepare(string) (driver.Stmt, error)          { return nil, errors.New("nothing is prepared") }
func (s *server) Close() error                                 { return nil }
func (s *server) Begin() (driver.Tx, error)                    { return nil, errors.New("begun by a statement") }

func (s *server) ExecContext(_ context.Context, text string, _ []driver.NamedValue) (driver.Result, error) {
	s.said = append(s.said, text)
	if s.unknown != "" && strings.Contains(text, s.unknown) {
		return nil, &mysql.MySQLError{Number: errNoSuchSetting, Message: "Unknown system variable '" + s.unknown + "'"}
	}
	return driver.ResultNoRows, nil
}

func (s *server) QueryContext(_ context.Context, text string, _ []driver.NamedValue) (driver.Rows, error) {
	if text == askVersion {
		return &answer{rows: [][]driver.Value{{[]byte(s.version)}}, columns: 1}, nil
	}
	for _, st := range Statements() {
		if st.In("x") == text && s.denied {
			return nil, &mysql.MySQLError{Number: errTableAccess, Message: "SELECT command denied to user"}
		}
		if st.In("x") == text {
			return &answer{rows: s.rows[st.table], made: s.made[st.table], columns: st.columns, broken: st.table == s.broken}, nil
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
		return &mysql.MySQLError{Number: errTimeMariaDB, Message: "Query execution was interrupted"}
	}
	return io.EOF
}

func sessionOf(t testing.TB, of *server) *session {
	t.Helper()
	s := &session{db: sql.OpenDB(of), limit: 7 * time.Second, at: address.Address{Host: "db", Port: 3306, From: "placement_conf"}}
	t.Cleanup(s.close)
	var err error
	if s.conn, err = s.db.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Each server is told the limit in its own words, also behind a proxy that names another version. Without a limit nothing is read.
func TestLimit(t *testing.T) {
	const maria, oracle = "SET SESSION max_statement_time = 7", "SET SESSION max_execution_time = 7000"
	for name, c := range map[string]struct {
		version, unknown string
		want             []string
	}{
		"MariaDB":                {"10.11.6-MariaDB-log", "max_execution_time", []string{maria, isolate, begin}},
		"MySQL":                  {"8.0.36", "max_statement_time", []string{oracle, isolate, begin}},
		"MariaDB behind a proxy": {"8.0.11", "max_execution_time", []string{oracle, maria, isolate, begin}},
		"MySQL behind a proxy":   {"10.5-MariaDB", "max_statement_time", []string{maria, oracle, isolate, begin}},
	} {
		of := &server{version: c.version, unknown: c.unknown}
		if err := sessionOf(t, of).begin(t.Context()); err != nil || !slices.Equal(of.said, c.want) {
			t.Errorf("%s: %v, said %q", name, err, of.said)
		}
	}
	if err := sessionOf(t, &server{version: "5.1", unknown: "SET SESSION max_"}).begin(t.Context()); err == nil {
		t.Error("a server without limit is read")
	}
}

// An error after some rows leaves the parts that need the table unread, and the others read.
func TestBrokenRows(t *testing.T) {
	b := func(text string) driver.Value { return []byte(text) }
	of := &server{broken: "allocations", rows: map[string][][]driver.Value{
		"resource_classes":   {{b("1"), b("VCPU")}},
		"resource_providers": {{b("5"), b("p-1"), b("cmp1"), b("3"), b("5"), nil}, {b("6"), b("p-2"), b("lost"), b("0"), nil, nil}},
		"inventories":        {{b("5"), b("1"), b("8"), b("0"), b("1"), b("8"), b("1"), b("16")}},
		"consumers":          {{b("c-1"), b("1"), b("1"), b("1"), nil}},
		"allocations":        {{b("5"), b("1"), b("c-1"), b("2")}},
	}}
	p := newStock(sessionOf(t, of), "x", newIDs())
	parts := ofStock()
	p.read(t.Context(), sweep{parts: parts}.needs, filter{})
	s := &snapshot.Snapshot{}
	p.fill(s, parts)
	for _, part := range []snapshot.Part{snapshot.Allocations, snapshot.Usages, snapshot.Incomplete} {
		if st := s.Parts[part]; st.Read || !strings.Contains(st.Reason, "statement_timeout") || !strings.Contains(st.Reason, "allocations") {
			t.Errorf("%s: %+v", part, st)
		}
	}
	if p.err(snapshot.Rows) == nil {
		t.Error("what only the databases show counts as read")
	}
	want := openstack.Provider{UUID: "p-1", Name: "cmp1", Generation: 3, RootUUID: "p-1"}
	if !s.Parts[snapshot.Inventories].Read || len(s.ProviderList) != 1 || s.ProviderList[0] != want || s.InventoryMap["p-1"]["VCPU"].Total != 8 {
		t.Errorf("%+v %+v", s.Parts, s.ProviderList)
	}
}
