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
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// How long a server may take to answer, until the transaction has begun.
const dialTimeout = 15 * time.Second

// Session is one connection in one read-only transaction: all that is read through it is of one moment.
type Session struct {
	db    *sql.DB
	conn  *sql.Conn
	at    address.Address
	limit time.Duration
	log   *lastLine
}

// Open connects and begins the transaction, in which a statement may take no longer than the limit. Close the session when done. An error is one
// sentence, which names the option that the address is from and has no password in it.
func Open(ctx context.Context, at address.Address, limit time.Duration) (*Session, error) {
	return open(ctx, at, limit, dialTimeout)
}

func open(ctx context.Context, at address.Address, limit, patience time.Duration) (*Session, error) {
	log := &lastLine{}
	config, err := driverConfig(at, limit, log)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, explain(err, at, Statement{})
	}
	return (&Session{db: sql.OpenDB(connector), at: at, limit: limit, log: log}).start(ctx, patience)
}

// Begin is Open over a connector: the address is what errors name.
func Begin(ctx context.Context, over driver.Connector, at address.Address, limit time.Duration) (*Session, error) {
	return (&Session{db: sql.OpenDB(over), at: at, limit: limit, log: &lastLine{}}).start(ctx, dialTimeout)
}

// start connects and begins. A server that takes the connection and then says nothing is given up like one that can't be reached.
func (s *Session) start(ctx context.Context, patience time.Duration) (*Session, error) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var err error
	if s.conn, err = s.db.Conn(within); err == nil {
		err = s.begin(within)
	}
	if err == nil {
		return s, nil
	}
	if within.Err() != nil && ctx.Err() == nil {
		err = fmt.Errorf("it did not answer within %v", patience)
	}
	s.Close()
	return nil, s.explain(err, s.at, Statement{})
}

// driverConfig allows nothing that would show a password to somebody else.
func driverConfig(at address.Address, limit time.Duration, log mysql.Logger) (*mysql.Config, error) {
	c := mysql.NewConfig()
	c.User, c.Passwd = at.User, at.Password
	c.Net, c.Addr = "tcp", net.JoinHostPort(at.Host, strconv.Itoa(at.Port))
	if at.Socket != "" {
		c.Net, c.Addr = "unix", at.Socket
	}
	c.Timeout, c.ReadTimeout, c.WriteTimeout = dialTimeout, limit+dialTimeout, dialTimeout
	c.Logger = log
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
			return nil, failed(at, "its ssl_ca %s can't be read: %v", at.TLS.CA, files.Cause(err))
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, failed(at, "its ssl_ca %s has no certificate", at.TLS.CA)
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
		return nil, failed(at, "its ssl_cert and ssl_key can't be used: %v", err)
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
	if err := s.limitTime(ctx); err != nil {
		return err
	}
	for _, one := range []string{isolate, begin} {
		if _, err := s.conn.ExecContext(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// limitTime limits the time of each statement, in the words of MariaDB and in those of MySQL. Each server knows one of the two. Both are sent
// in any case: a proxy may take the one that the server behind it does not know, and pass it to nobody.
func (s *Session) limitTime(ctx context.Context) error {
	settings := []string{
		strings.Replace(limitMariaDB, "SECONDS", strconv.FormatInt(int64(s.limit.Seconds()), 10), 1),
		strings.Replace(limitMySQL, "MILLISECONDS", strconv.FormatInt(s.limit.Milliseconds(), 10), 1),
	}
	var unknown []error
	for _, one := range settings {
		_, err := s.conn.ExecContext(ctx, one)
		var said *mysql.MySQLError
		switch {
		case err == nil:
		case errors.As(err, &said) && said.Number == errNoSuchSetting:
			unknown = append(unknown, err)
		default:
			return err
		}
	}
	if len(unknown) == len(settings) {
		return unknown[0]
	}
	return nil
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
	return s.each(ctx, st, schema, nil, use)
}

func (s *Session) each(ctx context.Context, st Statement, schema string, args []any, use func(Row) error) error {
	rows, err := s.conn.QueryContext(ctx, st.In(schema), args...)
	if err != nil {
		return s.explain(err, s.in(schema), st)
	}
	defer func() { _ = rows.Close() }()
	values, targets := make(Row, st.Columns), make([]any, st.Columns)
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return s.explain(err, s.in(schema), st)
		}
		if err := use(values); err != nil {
			return failed(s.in(schema), "%s: %v", place(s.in(schema), st.Table), err)
		}
	}
	if err := rows.Err(); err != nil {
		return s.explain(err, s.in(schema), st)
	}
	return nil
}

func (s *Session) in(schema string) address.Address {
	at := s.at
	at.Schema = schema
	return at
}
