// SPDX-License-Identifier: Apache-2.0

package query

import (
	"cmp"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

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

// failure is an error in one sentence, and the option that it is about. lacks is that the server answers, and has no such table for this user.
type failure struct {
	from, text string
	lacks      bool
}

func (f failure) Error() string { return f.from + ": " + f.text }

func failed(at address.Address, format string, values ...any) error {
	return failure{from: at.From, text: fmt.Sprintf(format, values...)}
}

// At returns an error of Open as one of this address: several of one server share a session, and the first of them opened it.
func At(err error, at address.Address) error {
	var f failure
	if errors.As(err, &f) {
		return failure{from: at.From, text: f.text, lacks: f.lacks}
	}
	return err
}

// Lacks reports whether an error is about one table that is not there for this user, or not as it is read: the others may be.
func Lacks(err error) bool {
	var f failure
	return errors.As(err, &f) && f.lacks
}

// explain says in one sentence which option or table an error is about; the statement is none where nothing is read yet. It quotes what the
// server says, which has no password in it.
func explain(err error, at address.Address, st Statement) error {
	var said *mysql.MySQLError
	if errors.As(err, &said) {
		text := fmt.Sprintf("%s (error %d: %s)", reason(int(said.Number), at, st.blamed(said)), said.Number, foreign.Short(said.Message, longestMessage))
		return failure{at.From, text, slices.Contains([]int{errTableAccess, errColumnAccess, errNoTable, errNoColumn}, int(said.Number))}
	}
	if reason := untrusted(err, at); reason != "" {
		return failed(at, "%s: %s", at.Server(), reason)
	}
	return failed(at, "%s can't be read: %s", place(at, st.Table), foreign.Short(err.Error(), longestMessage))
}

// explain adds what the driver said of a connection that was lost.
func (s *Session) explain(err error, at address.Address, st Statement) error {
	if line := s.log.text(); line != "" && (errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, driver.ErrBadConn)) {
		err = fmt.Errorf("%w (%s)", err, line)
	}
	return explain(err, at, st)
}

// lastLine is a log of which the last line is kept.
type lastLine struct {
	mutex sync.Mutex
	line  string
}

// Print makes it a mysql.Logger.
func (l *lastLine) Print(values ...any) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.line = fmt.Sprint(values...)
}

// text is the line without the place in the driver that it begins with.
func (l *lastLine) text() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if file, rest, cut := strings.Cut(l.line, " "); cut && strings.Contains(file, ".go:") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(l.line)
}

// place names a table; the database alone where none is read.
func place(at address.Address, table string) string {
	if table == "" {
		return at.Database()
	}
	return "table " + table + " of " + at.Database()
}

// blamed is the table of a statement that an error is about. A statement that reads several is about the one that the server names. Its
// text is foreign: only our own names are looked for in it.
func (s Statement) blamed(said *mysql.MySQLError) string {
	switch said.Number {
	case errTableAccess, errColumnAccess, errNoTable:
		last, blamed := -1, s.Table
		for table := range s.Reads {
			if i := quoted(said.Message, table); i > last {
				last, blamed = i, table // a user or a column of that name comes before
			}
		}
		return blamed
	case errNoColumn:
		var having []string
		for table, columns := range s.Reads {
			if slices.ContainsFunc(columns, func(c string) bool { return quoted(said.Message, c) >= 0 }) {
				having = append(having, table)
			}
		}
		slices.Sort(having)
		return cmp.Or(strings.Join(having, " or "), s.Table)
	}
	return s.Table
}

// quoted is the last place of a message where a name stands in quotes, whole or behind a dot; -1 if there is none.
func quoted(message, name string) int {
	all := regexp.MustCompile("['`.]"+regexp.QuoteMeta(name)+"['`]").FindAllStringIndex(message, -1)
	if len(all) == 0 {
		return -1
	}
	return all[len(all)-1][0]
}

// untrusted says why a connection that has to be encrypted is not made; empty if that is not the reason.
func untrusted(err error, at address.Address) string {
	authorities := "the authorities of this machine: name the file with its authority as ssl_ca, or as database -> ca_cert"
	if at.TLS.CA != "" {
		authorities = "the authorities in " + at.TLS.CA + ": name the file with its authority"
	}
	var signer x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.Is(err, mysql.ErrNoTLS):
		return "the server offers no TLS, which the options or the URL ask for: switch it on there, or take ssl_ca out"
	case errors.As(err, &signer):
		return "its certificate is signed by none of " + authorities
	case errors.As(err, &name):
		return fmt.Sprintf("its certificate is not for %s, but for %s: connect by that name, or set ssl_check_hostname=false in the URL", at.Host, holders(name.Certificate))
	case errors.As(err, &invalid):
		return "its certificate is not valid: " + foreign.Short(invalid.Error(), longestMessage)
	}
	return ""
}

// holders are the names and addresses that a certificate is for.
func holders(c *x509.Certificate) string {
	all := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	if len(all) == 0 {
		return "no name"
	}
	return foreign.Short(strings.Join(all, ", "), longestMessage)
}

const longestMessage = 300

func reason(number int, at address.Address, table string) string {
	user := foreign.Short(at.User, longestMessage)
	switch number {
	case errAccess:
		return fmt.Sprintf("%s refuses user %s: correct its user or password, or create it there", at.Server(), user)
	case errDBAccess:
		return fmt.Sprintf("user %s may not use %s: grant it what docs/database.md lists", user, at.Database())
	case errNoDB:
		return fmt.Sprintf("there is no %s", at.Database())
	case errTableAccess, errColumnAccess:
		return fmt.Sprintf("user %s may not read table %s of %s: grant it what docs/database.md lists", user, table, at.Database())
	case errNoTable:
		return fmt.Sprintf("%s has no table %s: it is another service's, or its schema is older than Zed's", at.Database(), table)
	case errNoColumn:
		return fmt.Sprintf("table %s of %s lacks a column: its schema is older than Zed's, or newer than this version can read", table, at.Database())
	case errTimeMariaDB, errTimeMySQL:
		return fmt.Sprintf("reading table %s of %s took longer than statement_timeout", table, at.Database())
	case errNoSuchSetting:
		return fmt.Sprintf("%s can't limit the time of a statement: it must be MariaDB 10.1 or MySQL 5.7.8, or newer", at.Server())
	}
	return place(at, table) + " can't be read"
}
