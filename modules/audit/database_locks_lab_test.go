// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os/user"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

// The server keeps its list of transactions for 0.1 s after it was last asked: who asks more often always gets the same one.
const (
	betweenLists    = 120 * time.Millisecond
	betweenStatuses = 10 * time.Millisecond
)

// openTransactions are those of the audit's user, as InnoDB lists them.
const openTransactions = "SELECT t.trx_is_read_only, t.trx_isolation_level, t.trx_rows_locked, t.trx_lock_structs FROM information_schema.INNODB_TRX t " +
	"JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id WHERE p.USER = '" + auditor + "'"

// guard watches the transactions of audits on one server while they run.
type guard struct {
	db               *sql.DB
	listed, reported atomic.Int32 // how often one was seen in the list, and in the status of InnoDB
	wrong            []string     // what was seen that must not be; to be read when it is done
}

// guardOf opens a server of the lab as its administrator.
func (l lab) guardOf(t *testing.T, server string) *guard {
	t.Helper()
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	config := mysql.NewConfig()
	config.Net, config.Addr, config.User = "unix", l.Sockets[server], who.Username
	connector, err := mysql.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	g := &guard{db: sql.OpenDB(connector)}
	t.Cleanup(func() { _ = g.db.Close() })
	return g
}

// watch looks again and again until the context ends.
func (g *guard) watch(ctx context.Context) {
	var asked time.Time
	for ctx.Err() == nil {
		err := g.status(ctx)
		if err == nil && time.Since(asked) >= betweenLists {
			err = g.list(ctx)
			asked = time.Now()
		}
		if err != nil && ctx.Err() == nil {
			g.wrong = append(g.wrong, err.Error())
			return
		}
		time.Sleep(betweenStatuses)
	}
}

func (g *guard) list(ctx context.Context) error {
	rows, err := g.db.QueryContext(ctx, openTransactions)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var readOnly, locked, structs int
		var isolation string
		if err := rows.Scan(&readOnly, &isolation, &locked, &structs); err != nil {
			return err
		}
		g.listed.Add(1)
		if readOnly != 1 || isolation != "REPEATABLE READ" || locked != 0 || structs != 0 {
			g.wrong = append(g.wrong, fmt.Sprintf("a transaction with read only %d, %s, %d rows locked, %d locks", readOnly, isolation, locked, structs))
		}
	}
	return rows.Err()
}

// status reads what InnoDB tells an operator. A transaction without line about locks has none.
func (g *guard) status(ctx context.Context) error {
	var kind, name, text string
	if err := g.db.QueryRowContext(ctx, "SHOW ENGINE INNODB STATUS").Scan(&kind, &name, &text); err != nil {
		return err
	}
	_, text, found := strings.Cut(text, "LIST OF TRANSACTIONS")
	if !found {
		return errors.New("the status of InnoDB has no list of transactions")
	}
	locks := regexp.MustCompile(`(\d+) lock struct\(s\), heap size \d+, (\d+) row lock\(s\)`)
	for _, one := range strings.Split(text, "---TRANSACTION")[1:] {
		if !strings.Contains(one, auditor) || !strings.Contains(one, ", ACTIVE ") {
			continue
		}
		g.reported.Add(1)
		if m := locks.FindStringSubmatch(one); m != nil && (m[1] != "0" || m[2] != "0") || strings.Contains(one, "LOCK WAIT") {
			g.wrong = append(g.wrong, "the status of InnoDB: "+one)
		}
	}
	return nil
}

// While an audit reads, its transactions are read only and lock no row. An audit of a lab is short: as many run as it takes to see its
// transaction on each server, in both of the ways that the server tells of it.
func TestLabDatabaseLocks(t *testing.T) {
	const audits = 60
	l := labOf(t, "nova")
	l.auditUser(t)
	l.seed(t, "orphaned-allocation") // without a suspect there is no second look
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var watching sync.WaitGroup
	var guards []*guard
	for server := range l.Sockets {
		g := l.guardOf(t, server)
		guards = append(guards, g)
		watching.Go(func() { g.watch(ctx) })
	}
	unseen := func(g *guard) bool { return g.listed.Load() == 0 || g.reported.Load() == 0 }
	for n := 0; n < audits && slices.ContainsFunc(guards, unseen); n++ {
		answer := runModule(t, l.databaseArgs(nil))
		if answer["failed"] != false || answer["complete"] != true || len(fingerprints(answer)) != 1 {
			t.Fatalf("%v; %v; not run %v", answer["msg"], fingerprints(answer), notRun(answer))
		}
	}
	cancel()
	watching.Wait()
	for _, g := range guards {
		if unseen(g) || len(g.wrong) > 0 {
			t.Errorf("in the list %d times, in the status %d times; wrong: %q", g.listed.Load(), g.reported.Load(), g.wrong)
		}
	}
	if len(guards) != 2 {
		t.Errorf("%d servers", len(guards))
	}
}
