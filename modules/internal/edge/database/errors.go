// SPDX-License-Identifier: Apache-2.0

package database

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

// The errors of MySQL and MariaDB that have an explanation.
const (
	errDBAccess      = 1044
	errAccess        = 1045
	errNoDB          = 1049
	errNoColumn      = 1054
	errTableAccess   = 1142
	errColumnAccess  = 1143
	errNoTable       = 1146
	errTimeMariaDB   = 1969
	errTimeMySQL     = 3024
	errNoSuchSetting = 1193
)

// explain says in one sentence which option or table an error is about. It quotes what the server says, which has no password in it.
func explain(err error, at address.Address, table string) error {
	var said *mysql.MySQLError
	if !errors.As(err, &said) {
		return fmt.Errorf("%s: %s can't be read: %s", at.From, where(at), foreign.Line(err.Error()))
	}
	return fmt.Errorf("%s: %s (error %d: %s)", at.From, reason(int(said.Number), at, table), said.Number, foreign.Short(said.Message, longestMessage))
}

const longestMessage = 300

func reason(number int, at address.Address, table string) string {
	user := foreign.Short(at.User, longestMessage)
	switch number {
	case errAccess:
		return fmt.Sprintf("%s refuses user %s: correct its user or password, or create it there", at.Server(), user)
	case errDBAccess:
		return fmt.Sprintf("user %s may not use %s: grant it what docs/database.md lists", user, where(at))
	case errNoDB:
		return fmt.Sprintf("there is no %s", where(at))
	case errTableAccess, errColumnAccess:
		return fmt.Sprintf("user %s may not read table %s of %s: grant it what docs/database.md lists", user, table, where(at))
	case errNoTable:
		return fmt.Sprintf("%s has no table %s: it is another service's, or its schema is older than Zed's", where(at), table)
	case errNoColumn:
		return fmt.Sprintf("table %s of %s lacks a column: its schema is older than Zed's, or newer than this version can read", table, where(at))
	case errTimeMariaDB, errTimeMySQL:
		return fmt.Sprintf("reading table %s of %s took longer than statement_timeout", table, where(at))
	case errNoSuchSetting:
		return fmt.Sprintf("%s can't limit the time of a statement: it must be MariaDB 10.1 or MySQL 5.7.8, or newer", at.Server())
	}
	return fmt.Sprintf("%s can't be read", strings.TrimSpace("table "+table+" of "+where(at)))
}

func where(at address.Address) string {
	if at.Schema == "" {
		return "the server " + at.Server()
	}
	return fmt.Sprintf("database %s on %s", at.Schema, at.Server())
}
