// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/pool"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// meeting are servers on loopback, none of which answers before all of them were asked. They hang up then.
type meeting struct {
	asked sync.WaitGroup
	all   chan struct{}
}

func meet(t *testing.T, servers int) (addresses []address.Address) {
	t.Helper()
	m := &meeting{all: make(chan struct{})}
	m.asked.Add(servers)
	go func() { m.asked.Wait(); close(m.all) }()
	for range servers {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go m.serve(t, l)
		at, is := l.Addr().(*net.TCPAddr)
		if !is {
			t.Fatal(l.Addr())
		}
		addresses = append(addresses, address.Address{User: "u", Password: "p", Host: "127.0.0.1", Port: at.Port, Schema: "x", From: "test"})
	}
	return addresses
}

// serve ends the first connection once every server has one, and all later ones at once. One that is given up before has met nobody.
func (m *meeting) serve(t *testing.T, l net.Listener) {
	for first := true; ; first = false {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		if first {
			m.asked.Done()
			left := make(chan struct{})
			go func() { _, _ = conn.Read(make([]byte, 1)); close(left) }()
			select {
			case <-m.all:
			case <-left:
				t.Error("a server was given up before the others were asked")
			}
		}
		_ = conn.Close()
	}
}

func source(setup *address.Setup) Source {
	setup.Limit = 10 * time.Minute
	return Source{Setup: setup, Now: time.Now, Secret: func(string) {}}
}

// The cells are connected to at the same time.
func TestCellsBeginTogether(t *testing.T) {
	a := newRegistry(nil, "nova_api", once.NewIDs())
	for i, at := range meet(t, 3) {
		a.cells = append(a.cells, &cell{uuid: fmt.Sprint(i), connection: fmt.Sprintf("mysql://u:p@%s/nova", at.Server())})
	}
	conns := &sessions{source(&address.Setup{}), pool.New(time.Minute), nil}
	conns.cells(t.Context(), a, sweep{}, pool.Jobs{})
	for _, c := range a.cells {
		if c.down == nil {
			t.Errorf("cell %s is not down", c.uuid)
		}
	}
}

// So are the databases of Placement and of Nova's API.
func TestSweepBeginsTogether(t *testing.T) {
	at := meet(t, 2)
	parts := []snapshot.Part{snapshot.Providers, snapshot.Services}
	f := source(&address.Setup{Placement: at[0], API: at[1]}).sweep(t.Context(), sweep{parts: parts, ids: once.NewIDs()})
	for i, part := range parts {
		if st := f.s.Parts[part]; st.Read || !strings.Contains(st.Reason, at[i].Server()) {
			t.Errorf("%s: %+v", part, st)
		}
	}
}

// A session ends when its last table was read, not when that of the others was.
func TestSessionsEndAlone(t *testing.T) {
	of := &querytest.Server{}
	short, long := &pool.Conn{Session: querytest.Session(t, of)}, &pool.Conn{}
	ended := make(chan struct{})
	list := pool.Jobs{
		short: {func(context.Context) {}},
		long: {func(context.Context) {
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				t.Error("the short session waits for the long one")
			}
		}},
	}
	list.Run(t.Context(), func(one *pool.Conn) {
		one.End()
		if one == short {
			close(ended)
		}
	})
	if short.Session != nil || of.Said[len(of.Said)-1] != "ROLLBACK" {
		t.Errorf("not ended: %q", of.Said)
	}
	short.End() // once more does nothing
}
