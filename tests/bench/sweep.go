// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"golang.org/x/sync/errgroup"
)

// statement is one that the audit sent to a database, as the general query log of the server has it.
type statement struct {
	server, connection string
	text               string
}

// admin opens a server of the lab as its administrator.
func (l *lab) admin(server string) (*sql.DB, error) {
	who, err := user.Current()
	if err != nil {
		return nil, err
	}
	config := mysql.NewConfig()
	config.Net, config.Addr, config.User = "unix", l.Sockets[server], who.Username
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// recordStatements runs the audit of the databases once, untimed, and returns what it reads at one look. Nothing counts as nearly full then,
// so that nothing in the lab's cloud is looked at twice.
func (b *bench) recordStatements(ctx context.Context) ([]statement, error) {
	var all []statement
	options := b.lab.databases()
	options["near_full"] = 1
	for server := range b.lab.Sockets {
		db, err := b.lab.admin(server)
		if err != nil {
			return nil, err
		}
		defer func() { _ = db.Close() }()
		for _, one := range []string{"SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log", "SET GLOBAL general_log = 1"} {
			if _, err := db.ExecContext(ctx, one); err != nil {
				return nil, fmt.Errorf("%s: %w", server, err)
			}
		}
	}
	_, audited := b.lab.audit(ctx, b.set.program, options)
	for server := range b.lab.Sockets {
		said, err := b.lab.logged(ctx, server)
		if err != nil {
			return nil, err
		}
		all = append(all, said...)
	}
	return all, audited
}

// logged returns what the connections of audits have read on a server, and ends its log. They tell themselves by their first statements.
func (l *lab) logged(ctx context.Context, server string) ([]statement, error) {
	const read = "SELECT thread_id, argument FROM mysql.general_log WHERE command_type = 'Query' AND argument LIKE 'SELECT %FROM `%' AND thread_id IN " +
		"(SELECT thread_id FROM mysql.general_log WHERE argument LIKE 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY') ORDER BY event_time"
	db, err := l.admin(server)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "SET GLOBAL general_log = 0"); err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, read)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []statement
	for rows.Next() {
		one := statement{server: server}
		if err := rows.Scan(&one.connection, &one.text); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// sweep sends the statements of each connection one after the other, those of several at the same time, and throws the rows away.
func (b *bench) sweep(ctx context.Context) (sample, error) {
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for _, list := range connections(b.statements) {
		group.Go(func() error { return b.lab.readAll(ctx, list) })
	}
	err := group.Wait()
	return sample{Wall: time.Since(start), Requests: len(b.statements)}, err
}

// connections groups statements by their connection.
func connections(all []statement) map[string][]statement {
	out := map[string][]statement{}
	for _, s := range all {
		key := s.server + " " + s.connection
		out[key] = append(out[key], s)
	}
	return out
}

func (l *lab) readAll(ctx context.Context, list []statement) error {
	db, err := l.admin(list[0].server)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, s := range list {
		if err := discard(ctx, tx, s.text); err != nil {
			return fmt.Errorf("%s: %w", strings.TrimSpace(s.text), err)
		}
	}
	return nil
}

func discard(ctx context.Context, tx *sql.Tx, text string) error {
	rows, err := tx.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	targets := make([]any, len(columns))
	for i := range targets {
		targets[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
	}
	return rows.Err()
}
