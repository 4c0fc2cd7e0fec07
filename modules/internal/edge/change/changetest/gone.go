// SPDX-License-Identifier: Apache-2.0

package changetest

import (
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Connections are those that a server has open. The zero value is ready for use.
type Connections struct {
	mu   sync.Mutex
	open map[string]bool // by the address of the client
}

// Track follows a connection. It is the ConnState of the server.
func (c *Connections) Track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateClosed || state == http.StateHijacked {
		delete(c.open, conn.RemoteAddr().String())
		return
	}
	if c.open == nil {
		c.open = map[string]bool{}
	}
	c.open[conn.RemoteAddr().String()] = true
}

// Gone waits until all connections of clients that are dead are served to their end. What a killed client sent may be on its way
// still: the kernel has it, and the server at this address has not begun to read it. No client may be alive. Accepted is called
// when no further connection can come; it may close those that a client in this process left idle.
func (c *Connections) Gone(t testing.TB, address string, accepted func()) {
	t.Helper()
	// Connections are accepted in their order: once this one is, those of the dead clients are as well.
	last, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = last.Close() }()
	own := last.LocalAddr().String()
	c.wait(t, "a connection is not accepted", func() bool { return c.open[own] })
	accepted()
	c.wait(t, "a connection of a client that is dead stays open", func() bool {
		return len(c.open) == 0 || len(c.open) == 1 && c.open[own]
	})
}

// wait waits until it is so.
func (c *Connections) wait(t testing.TB, otherwise string, so func() bool) {
	t.Helper()
	locked := func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return so()
	}
	for until := time.Now().Add(2 * time.Minute); !locked(); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal(otherwise)
		}
	}
}

// Gone waits until all connections of clients that are dead are served to their end. No client may be alive.
func (p *Proxy) Gone(t testing.TB) {
	t.Helper()
	p.connections.Gone(t, p.address, func() {})
}
