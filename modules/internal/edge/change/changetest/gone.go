// SPDX-License-Identifier: Apache-2.0

package changetest

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// track keeps which connections are open, by the address of the client.
func (p *Proxy) track(c net.Conn, state http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if state == http.StateClosed || state == http.StateHijacked {
		delete(p.open, c.RemoteAddr().String())
		return
	}
	p.open[c.RemoteAddr().String()] = true
}

// Gone waits until all connections of clients that are dead are served to their end. What a killed client sent may be on its way
// still: the kernel has it, and the proxy has not begun to read it. No client may be alive.
func (p *Proxy) Gone(t testing.TB) {
	t.Helper()
	// Connections are accepted in their order: once this one is, those of the dead clients are as well.
	last, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = last.Close() }()
	for until := time.Now().Add(2 * time.Minute); !p.alone(last.LocalAddr().String()); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("a connection of a client that is dead stays open")
		}
	}
}

// alone reports whether the connection is accepted, and the only one.
func (p *Proxy) alone(last string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open[last] && len(p.open) == 1
}
