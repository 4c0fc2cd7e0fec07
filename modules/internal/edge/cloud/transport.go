// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// Headers of OpenStack's services take a few kilobytes: a token is 255 bytes, in older releases up to 8,000.
const largestHeaders = 64 << 10

// newHTTPClient is the client for every request of a session. The layers, from outside: retries, secrets masked in refusals,
// one attempt in bounded time with its whole body, the count, the wire.
func (s *Session) newHTTPClient(tc *tls.Config) http.Client {
	concurrency, timeout := s.concurrency, s.config.Timeout
	wire := &http.Transport{
		// Loopback addresses are never sent to the proxy: golang.org/x/net/http/httpproxy.
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     tc,
		TLSHandshakeTimeout: timeout,
		ForceAttemptHTTP2:   true, // a TLSClientConfig of one's own turns it off otherwise
		// net/http keeps 2 idle connections a host: with 16 workers most requests would pay for a TLS handshake.
		MaxIdleConnsPerHost: concurrency,
		MaxConnsPerHost:     concurrency,
		IdleConnTimeout:     90 * time.Second,
		// What waits for its turn in the budget waits at the other side.
		HTTP2:                  &http.HTTP2Config{MaxReceiveBufferPerStream: ofEach, MaxReceiveBufferPerConnection: ofEach * config.MaxConcurrency},
		MaxResponseHeaderBytes: largestHeaders,
	}
	once := &attempt{next: &counting{next: wire, sent: s.sent}, timeout: timeout, masked: s.caller.Masked, budget: newBudget()}
	return http.Client{
		Transport: &retrier{next: &hushing{next: once, masked: s.caller.Masked}, wait: sleep},
		// Go strips Authorization across hosts, not X-Auth-Token, and sends a redirected PUT again as a GET. The 3xx
		// itself becomes the error.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// counter counts requests by method.
type counter struct {
	mu     sync.Mutex
	counts map[string]int
}

func newCounter() *counter { return &counter{counts: map[string]int{}} }

func (c *counter) add(method string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[method]++
}

func (c *counter) snapshot() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.counts)
}

// counting counts what is put on the wire, repeated attempts included.
type counting struct {
	next http.RoundTripper
	sent *counter
}

func (t *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	t.sent.add(r.Method)
	return t.next.RoundTrip(r)
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (t *counting) CloseIdleConnections() { closeIdle(t.next) }

// attempt is one exchange in bounded time. It reads the whole body before it returns, so that a body cut in the
// middle is an error of the exchange and never half a list, so that it can be retried, and so that the connection is
// free for the next request (gophercloud stops reading where the JSON value ends, and net/http throws away a
// connection whose body was not read to its end).
type attempt struct {
	next    http.RoundTripper
	timeout time.Duration
	masked  func(string) string
	budget  *budget
}

func (t *attempt) RoundTrip(r *http.Request) (*http.Response, error) {
	late := &timeoutError{after: t.timeout}
	ctx, cancel := context.WithTimeoutCause(r.Context(), t.timeout, late)
	defer cancel()
	resp, err := t.exchange(r.WithContext(ctx))
	if err == nil {
		resp.Request = r
		return resp, nil
	}
	if errors.Is(context.Cause(ctx), late) {
		return nil, late
	}
	return nil, err
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (t *attempt) CloseIdleConnections() { closeIdle(t.next) }

func (t *attempt) exchange(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	read, err := t.budget.read(r, resp)
	if err != nil {
		return nil, err
	}
	if err := checkToken(r, resp, read.text); err != nil {
		_ = read.Close()
		return nil, err
	}
	read.masked, resp.Body = t.masked, read
	return resp, nil
}

// timeoutError says that one request got no complete answer in time; the task as a whole may still have time.
type timeoutError struct{ after time.Duration }

func (e *timeoutError) Error() string   { return fmt.Sprintf("no complete answer within %s", e.after) }
func (e *timeoutError) Timeout() bool   { return true }
func (e *timeoutError) Temporary() bool { return true }

// cutError says that the answer ended before its end.
type cutError struct {
	read int
	err  error
}

func (e *cutError) Error() string {
	return fmt.Sprintf("answer cut after %d bytes: %v", e.read, e.err)
}
func (e *cutError) Unwrap() error { return e.err }

func closeIdle(rt http.RoundTripper) {
	if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
