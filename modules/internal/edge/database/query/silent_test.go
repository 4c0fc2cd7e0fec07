// SPDX-License-Identifier: Apache-2.0

package query

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

// serve takes connections on loopback and hands each to a function, which closes it.
func serve(t *testing.T, use func(net.Conn)) address.Address {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go use(conn)
		}
	}()
	at, is := l.Addr().(*net.TCPAddr)
	if !is {
		t.Fatal(l.Addr())
	}
	return address.Address{User: "u", Password: "p", Host: "127.0.0.1", Port: at.Port, Schema: "nova", From: "nova_conf"}
}

// A server that takes a connection and says nothing is given up in time, long before the limit of a statement.
func TestSilentServer(t *testing.T) {
	at := serve(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 1)) // until the other side has had enough
		_ = conn.Close()
	})
	begun := time.Now()
	_, err := open(t.Context(), at, time.Minute, 100*time.Millisecond)
	if err == nil || !strings.HasPrefix(err.Error(), "nova_conf: database nova on 127.0.0.1:") || !strings.Contains(err.Error(), "did not answer within 100ms") {
		t.Errorf("%v", err)
	}
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Why a connection was lost is said, not only that it was.
func TestHungUp(t *testing.T) {
	at := serve(t, func(conn net.Conn) { _ = conn.Close() })
	_, err := open(t.Context(), at, time.Minute, time.Minute)
	if err == nil || !strings.Contains(err.Error(), "connection (") || strings.Contains(err.Error(), ".go:") {
		t.Errorf("%v", err)
	}
	t.Log(err)
}
