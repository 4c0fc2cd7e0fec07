// SPDX-License-Identifier: Apache-2.0

package query

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

// Each error is one line that names the option, and the table where it is about one, whatever the server or a name has in it.
func TestExplain(t *testing.T) {
	at := address.Address{User: "audit\n\x1b[31m", Password: "s3cret-of-the-test", Host: "fd00::1", Port: 3306, Schema: "nova", From: "nova_conf"}
	errs := []error{errors.New("dial tcp: refused\r\nmore")}
	for _, number := range []uint16{errDBAccess, errAccess, errNoDB, errNoColumn, errTableAccess, errColumnAccess, errNoTable, errTimeMariaDB, errTimeMySQL, errNoSuchSetting, 1} {
		errs = append(errs, &mysql.MySQLError{Number: number, Message: "said\n\x1b[2J" + strings.Repeat("x", 2*longestMessage)})
	}
	for _, err := range errs {
		text := explain(err, at, Statement{Table: "services"}).Error()
		if foreign.Line(text) != text || !strings.HasPrefix(text, "nova_conf: ") || !strings.Contains(text, "[fd00::1]:3306") ||
			strings.Contains(text, at.Password) || len(text) > 1000 {
			t.Errorf("%v: %q", err, text)
		}
	}
}

// A statement that reads several tables is about the one that the server names, whatever else it says.
func TestBlamedTable(t *testing.T) {
	all := All()
	for name, c := range map[string]struct {
		of      Statement
		number  uint16
		message string
		want    string
	}{
		"table":            {all.Instances, errTableAccess, "SELECT command denied to user 'a'@'h' for table `nova`.`instance_extra`", "instance_extra"},
		"older":            {all.Memberships, errTableAccess, "SELECT command denied to user 'a'@'h' for table 'placement_aggregates'", "placement_aggregates"},
		"column":           {all.FreeTraits, errColumnAccess, "SELECT command denied to user 'a'@'h' for column 'name' in table 'traits'", "traits"},
		"part of a name":   {all.Traits, errTableAccess, "SELECT command denied to user 'a'@'h' for table 'resource_provider_traits'", "resource_provider_traits"},
		"user of the name": {all.Instances, errTableAccess, "SELECT command denied to user 'instances'@'h' for table 'instance_extra'", "instance_extra"},
		"no table":         {all.Instances, errNoTable, "Table 'nova.instance_extra' doesn't exist", "instance_extra"},
		"no column":        {all.Instances, errNoColumn, "Unknown column 'e.flavor' in 'field list'", "instance_extra"},
		"column of both":   {all.Instances, errNoColumn, "Unknown column 'e.deleted' in 'on clause'", "instance_extra or instances"},
		"foreign":          {all.Instances, errTableAccess, "for table 'x\x1b[31m'", "instances"},
		"one table":        {all.Users, errTableAccess, "nothing", "users"},
		"another error":    {all.Instances, errTimeMariaDB, "table 'instance_extra'", "instances"},
	} {
		text := explain(&mysql.MySQLError{Number: c.number, Message: c.message}, address.Address{User: "a", Host: "h", From: "nova_conf", Schema: "x"}, c.of).Error()
		if named, _, _ := strings.Cut(text, " (error"); !strings.Contains(strings.ReplaceAll(named, ":", " ")+" ", "table "+c.want+" ") || foreign.Line(text) != text {
			t.Errorf("%s: %q, want %s", name, text, c.want)
		}
	}
}

// What has no number of the server names the option and the table as well.
func TestLost(t *testing.T) {
	s := &Session{at: address.Address{From: "nova_conf", Host: "db", Port: 1}, log: &lastLine{}}
	s.log.Print("packets.go:58 ", "read tcp: i/o timeout\n")
	for err, want := range map[error]string{
		mysql.ErrInvalidConn:     "nova_conf: table services of database nova on db:1 can't be read: invalid connection (read tcp: i/o timeout)",
		context.DeadlineExceeded: "nova_conf: table services of database nova on db:1 can't be read: context deadline exceeded",
	} {
		if got := s.explain(err, s.in("nova"), All().Services).Error(); got != want {
			t.Errorf("%q\nwant %q", got, want)
		}
	}
	unknown := explain(&mysql.MySQLError{Number: 1}, s.in("nova"), Statement{}).Error()
	if !strings.HasPrefix(unknown, "nova_conf: database nova on db:1 can't be read (") {
		t.Errorf("%q", unknown)
	}
}

// An address that shares the session of another has its error as its own.
func TestSharedError(t *testing.T) {
	err := explain(errors.New("refused"), address.Address{From: "placement_conf", Host: "db", Port: 1}, Statement{})
	if got := At(err, address.Address{From: "nova_conf"}).Error(); got != "nova_conf: the server db:1 can't be read: refused" {
		t.Errorf("%q", got)
	}
	if err := At(nil, address.Address{From: "nova_conf"}); err != nil {
		t.Error(err)
	}
}
