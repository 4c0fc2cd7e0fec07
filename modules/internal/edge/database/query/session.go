// SPDX-License-Identifier: Apache-2.0

// Package query asks the databases of Placement and Nova: the fixed list of statements, the one read-only transaction of a connection that they
// are sent in, and the values of the rows that come back. What fails is told in one sentence, which names the option, the server and the table.
package query

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// How long a server may take to answer a connection.
const dialTimeout = 15 * time.Second

// Session is one connection in one read-only transaction: all that is read through it is of one moment.
type Session struct {
	db    *sql.DB
	conn  *sql.Conn
	at    address.Address
	limit time.Duration
}

// Open connects and begins the transaction, in which a statement may take no longer than the limit. Close the session when done. An error is one
// sentence, which names the option that the address is from and has no password in it.
func Open(ctx context.Context, at address.Address, limit time.Duration) (*Session, error) {
	config, err := driverConfig(at, limit)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, explain(err, at, "")
	}
	return Begin(ctx, connector, at, limit)
}

// Begin is Open over a connector: the address is what errors name.
func Begin(ctx context.Context, over driver.Connector, at address.Address, limit time.Duration) (*Session, error) {
	s := &Session{db: sql.OpenDB(over), at: at, limit: limit}
	var err error
	if s.conn, err = s.db.Conn(ctx); err == nil {
		err = s.begin(ctx)
	}
	if err != nil {
		s.Close()
		return nil, explain(err, at, "")
	}
	return s, nil
}

// driverConfig allows nothing that would show a password to somebody else.
func driverConfig(at address.Address, limit time.Duration) (*mysql.Config, error) {
	c := mysql.NewConfig()
	c.User, c.Passwd = at.User, at.Password
	c.Net, c.Addr = "tcp", net.JoinHostPort(at.Host, strconv.Itoa(at.Port))
	if at.Socket != "" {
		c.Net, c.Addr = "unix", at.Socket
	}
	c.Timeout, c.ReadTimeout, c.WriteTimeout = dialTimeout, limit+dialTimeout, dialTimeout
	c.Logger = log.New(io.Discard, "", 0)
	var err error
	c.TLS, err = trust(at)
	return c, err
}

// trust is how the connection is encrypted; nil if it is not.
func trust(at address.Address) (*tls.Config, error) {
	if at.TLS.CA == "" && !at.TLS.System {
		return nil, nil
	}
	c := &tls.Config{ServerName: at.Host, MinVersion: tls.VersionTLS12} // without RootCAs those of the machine count
	if at.TLS.CA != "" {
		pem, err := files.Read(at.TLS.CA, files.MaxConfig)
		if err != nil {
			return nil, fmt.Errorf("%s: its ssl_ca %s can't be read: %w", at.From, at.TLS.CA, files.Cause(err))
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: its ssl_ca %s has no certificate", at.From, at.TLS.CA)
		}
	}
	if at.TLS.AnyName {
		c.InsecureSkipVerify, c.VerifyConnection = true, signedBy(c.RootCAs) // the chain is verified all the same
	}
	if at.TLS.Cert == "" {
		return c, nil
	}
	own, err := pair(at.TLS.Cert, at.TLS.Key)
	if err != nil {
		return nil, fmt.Errorf("%s: its ssl_cert and ssl_key can't be used: %w", at.From, err)
	}
	c.Certificates = []tls.Certificate{own}
	return c, nil
}

// pair reads a certificate and its key.
func pair(certFile, keyFile string) (tls.Certificate, error) {
	cert, err := files.Read(certFile, files.MaxConfig)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := files.Read(keyFile, files.MaxConfig)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

// signedBy verifies the certificate, whatever name it is for.
func signedBy(roots *x509.CertPool) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		between := x509.NewCertPool()
		for _, c := range state.PeerCertificates[1:] {
			between.AddCert(c)
		}
		_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
		return err
	}
}

func (s *Session) begin(ctx context.Context) error {
	var version string
	if err := s.conn.QueryRowContext(ctx, askVersion).Scan(&version); err != nil {
		return err
	}
	if err := s.limitTime(ctx, strings.Contains(version, "MariaDB")); err != nil {
		return err
	}
	for _, one := range []string{isolate, begin} {
		if _, err := s.conn.ExecContext(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// limitTime limits the time of each statement. A proxy may name another version than that of the server behind it: where that does
// not know the one setting, it knows the other.
func (s *Session) limitTime(ctx context.Context, mariaDB bool) error {
	settings := []string{
		strings.Replace(limitMySQL, "MILLISECONDS", strconv.FormatInt(s.limit.Milliseconds(), 10), 1),
		strings.Replace(limitMariaDB, "SECONDS", strconv.FormatInt(int64(s.limit.Seconds()), 10), 1),
	}
	if mariaDB {
		slices.Reverse(settings)
	}
	_, err := s.conn.ExecContext(ctx, settings[0])
	var said *mysql.MySQLError
	if errors.As(err, &said) && said.Number == errNoSuchSetting {
		_, err = s.conn.ExecContext(ctx, settings[1])
	}
	return err
}

// Close ends the transaction and the connection.
func (s *Session) Close() {
	if s.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
		defer cancel()
		_, _ = s.conn.ExecContext(ctx, end) // the server ends it with the connection in any case
		_ = s.conn.Close()
	}
	_ = s.db.Close()
}

// Row is one row. Its bytes are of use until the next one.
type Row []sql.RawBytes

// From is the same session, with the option that an error is to name.
func (s *Session) From(at address.Address) *Session {
	named := *s
	named.at = at
	return &named
}

// Each sends a statement and hands over one row after the other. An error says in one sentence what is wrong, with the table and the database;
// one of use ends the reading.
func (s *Session) Each(ctx context.Context, st Statement, schema string, use func(Row) error) error {
	rows, err := s.conn.QueryContext(ctx, st.In(schema))
	if err != nil {
		return explain(err, s.in(schema), st.Table)
	}
	defer func() { _ = rows.Close() }()
	values, targets := make(Row, st.Columns), make([]any, st.Columns)
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return explain(err, s.in(schema), st.Table)
		}
		if err := use(values); err != nil {
			return fmt.Errorf("table %s of database %s: %w", st.Table, schema, err)
		}
	}
	if err := rows.Err(); err != nil {
		return explain(err, s.in(schema), st.Table)
	}
	return nil
}

func (s *Session) in(schema string) address.Address {
	at := s.at
	at.Schema = schema
	return at
}
