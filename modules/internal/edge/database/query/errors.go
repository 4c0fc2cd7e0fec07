// SPDX-License-Identifier: Apache-2.0

package query

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
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
		if reason := untrusted(err, at); reason != "" {
			return fmt.Errorf("%s: %s: %s", at.From, at.Server(), reason)
		}
		return fmt.Errorf("%s: %s can't be read: %s", at.From, at.Database(), foreign.Line(err.Error()))
	}
	return fmt.Errorf("%s: %s (error %d: %s)", at.From, reason(int(said.Number), at, table), said.Number, foreign.Short(said.Message, longestMessage))
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
	return fmt.Sprintf("%s can't be read", strings.TrimSpace("table "+table+" of "+at.Database()))
}
