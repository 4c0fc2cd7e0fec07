// SPDX-License-Identifier: Apache-2.0

package database

import (
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
)

// Servers are connected to at the same time: none of these answers before all of them were asked.
func TestCellsBeginTogether(t *testing.T) {
	const servers = 3
	var asked sync.WaitGroup
	asked.Add(servers)
	a := newRegistry(nil, "nova_api", once.NewIDs())
	for i := range servers {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go hangUp(l, &asked)
		a.cells = append(a.cells, &cell{uuid: fmt.Sprint(i), connection: fmt.Sprintf("mysql://u:p@%s/nova", l.Addr()), unread: map[string]error{}})
	}
	conns := &sessions{
		src:  Source{Setup: &address.Setup{Limit: 10 * time.Minute}, Secret: func(string) {}},
		open: map[address.Address]*opened{},
	}
	conns.cells(t.Context(), a, sweep{}, jobs{})
	for _, c := range a.cells {
		if c.down == nil {
			t.Errorf("cell %s is not down", c.uuid)
		}
	}
}

// hangUp ends the first connection once every server has one, and all later ones at once.
func hangUp(l net.Listener, asked *sync.WaitGroup) {
	for first := true; ; first = false {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		if first {
			asked.Done()
			asked.Wait()
		}
		_ = conn.Close()
	}
}
