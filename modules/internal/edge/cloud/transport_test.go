// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// client talks to handler as Placement, without Keystone and without pauses between retries.
func client(t *testing.T, handler http.HandlerFunc) (*gophercloud.ServiceClient, *Session) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s := mustConnect(t, &config.Options{AuthType: "admin_token", Auth: map[string]any{"token": "admin"}, PlacementEndpoint: server.URL})
	impatient(t, s)
	c, err := s.Placement()
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

func impatient(t *testing.T, s *Session) {
	t.Helper()
	if _, ok := s.provider.HTTPClient.Transport.(*retrier); !ok {
		t.Fatal("the outermost layer does not retry")
	}
	s.PauseWith(func(context.Context, time.Duration) error { return nil })
}

func read(t *testing.T, c *gophercloud.ServiceClient) error {
	t.Helper()
	var list struct {
		Things []string `json:"things"`
	}
	_, err := c.Get(t.Context(), c.ServiceURL("things"), &list, nil)
	if err != nil && len(list.Things) > 0 {
		t.Errorf("an error came with a partial list %v", list.Things)
	}
	return AsError("list things", err)
}

func write(t *testing.T, c *gophercloud.ServiceClient) error {
	t.Helper()
	_, err := c.Put(t.Context(), c.ServiceURL("things"), map[string]string{"a": "b"}, nil, &gophercloud.RequestOpts{OkCodes: []int{200, 204}})
	return AsError("write things", err)
}

func wantError(t *testing.T, err error, parts ...string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	for _, part := range parts {
		if !strings.Contains(e.Error(), part) {
			t.Errorf("%q lacks %q", e.Error(), part)
		}
	}
	if strings.ContainsAny(e.Error(), "\n\r") {
		t.Errorf("more than a line: %q", e.Error())
	}
	return e
}

func TestRedirectsAreRefused(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			var visits atomic.Int32
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				visits.Add(1)
				fmt.Fprint(w, `{"things": []}`)
			}))
			defer other.Close()
			c, _ := client(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/x?token=abc", status) })
			for _, err := range []error{read(t, c), write(t, c)} {
				e := wantError(t, err, "redirects to "+other.URL+"/x", "hint: redirects are not followed")
				if e.Status != status || strings.Contains(e.Error(), "abc") {
					t.Errorf("got %v", e)
				}
			}
			if n := visits.Load(); n != 0 {
				t.Errorf("the other host was visited %d times", n)
			}
		})
	}
}

func TestConnectionsAreReused(t *testing.T) {
	var dials atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"things": ["a"]}`)
		w.(http.Flusher).Flush() //nolint:forcetypeassert // that of net/http can
		fmt.Fprint(w, "\n"+strings.Repeat(" ", 10000))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			dials.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	s := mustConnect(t, &config.Options{AuthType: "none", PlacementEndpoint: server.URL})
	c, err := s.Placement()
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if err := read(t, c); err != nil {
			t.Fatal(err)
		}
	}
	if n := dials.Load(); n != 1 {
		t.Errorf("%d connections for 50 requests", n)
	}
}

func TestCutAnswers(t *testing.T) {
	answersCut(t, map[string]http.HandlerFunc{
		"shorter than announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"things": ["a", "b"`)
		},
		"complete JSON, shorter than announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"things": ["a", "b"]}`)
		},
		"chunk missing": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"things": ["a", "b"]}`)
			w.(http.Flusher).Flush() //nolint:forcetypeassert // that of net/http can
			panic(http.ErrAbortHandler)
		},
		"no end that HTTP could tell": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack() //nolint:forcetypeassert // that of net/http can
			fmt.Fprint(conn, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"things\": [\"a\"")
			conn.Close()
		},
	})
}

func answersCut(t *testing.T, cases map[string]http.HandlerFunc) {
	t.Helper()
	for name, handler := range cases {
		t.Run(name, func(t *testing.T) {
			c, _ := client(t, handler)
			if err := read(t, c); !errors.Is(err, ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTimeLimits(t *testing.T) {
	stalls := map[string]http.HandlerFunc{
		"headers": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"body": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, `{"things": ["a"`)
			w.(http.Flusher).Flush() //nolint:forcetypeassert // that of net/http can
			<-r.Context().Done()
		},
	}
	for name, handler := range stalls {
		t.Run(name, func(t *testing.T) {
			c, s := client(t, handler)
			limit(t, s, 50*time.Millisecond)
			wantError(t, read(t, c), "no complete answer within 50ms", "hint: raise api_timeout")
			if n := s.Requests()["GET"]; n != 2 {
				t.Errorf("%d tries", n)
			}
			limit(t, s, time.Hour) // so that the task's own time is over first
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			_, err := c.Get(ctx, c.ServiceURL("things"), nil, nil)
			wantError(t, AsError("list things", err), "the timeout of the whole task has passed", "hint: raise timeout")
			if !errors.Is(AsError("list things", err), context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func limit(t *testing.T, s *Session, d time.Duration) {
	t.Helper()
	r, _ := s.provider.HTTPClient.Transport.(*retrier)
	h, _ := r.next.(*hushing)
	a, ok := h.next.(*attempt)
	if !ok {
		t.Fatal("the third layer does not bound the time")
	}
	a.timeout = d
}

// TestProxy runs itself with a proxy that is not there: net/http reads the variables once in a process.
func TestProxy(t *testing.T) {
	if os.Getenv("HTTP_PROXY") != "http://127.0.0.1:1" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxy$")
		cmd.Env = append(os.Environ(), "HTTP_PROXY=http://127.0.0.1:1", "NO_PROXY=", "no_proxy=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"things": []}`) })
	if err := read(t, c); err != nil {
		t.Errorf("loopback: %v", err)
	}
	far := *c
	far.Endpoint = "http://placement.example/"
	wantError(t, read(t, &far), "http://placement.example: cannot reach the proxy: connection refused", "hint: check http_proxy")
}

func TestUserAgent(t *testing.T) {
	var agent string
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		fmt.Fprint(w, `{"things": []}`)
	})
	if err := read(t, c); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(agent, "openstack_ops.placement/"+version+" gophercloud/") {
		t.Errorf("got %q", agent)
	}
}
