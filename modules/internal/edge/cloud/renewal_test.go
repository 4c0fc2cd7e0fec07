// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// expiring is a Placement that takes only the newest token.
func expiring(t *testing.T, k *fakeKeystone, valid func() string) *gophercloud.ServiceClient {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Auth-Token") != valid() {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"things": []}`)
	}))
	t.Cleanup(server.Close)
	s := mustConnect(t, k.options(server.URL))
	c, err := s.Placement()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOneRenewalForAll(t *testing.T) {
	k := newKeystone(t)
	c := expiring(t, k, func() string { return "token-2" })
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := read(t, c); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := k.logins(); n != 2 {
		t.Errorf("%d logins, want 2", n)
	}
}

// TestRenewalOutlivesItsRequest: the request that starts a renewal gives up while Keystone is slow; the others must
// not get its "deadline exceeded".
func TestRenewalOutlivesItsRequest(t *testing.T) {
	k := newKeystone(t)
	started, release := make(chan struct{}), make(chan struct{})
	c := expiring(t, k, func() string { return "token-2" })
	k.answer = func(w http.ResponseWriter, _ *http.Request) {
		close(started)
		<-release
		k.issue(w, "token-2", http.StatusCreated)
	}
	ctx, giveUp := context.WithCancel(t.Context())
	errs := make(chan error, 11)
	go func() {
		_, err := c.Get(ctx, c.ServiceURL("things"), nil, nil)
		errs <- AsError("leader", err)
	}()
	<-started
	for range 10 {
		go func() { errs <- read(t, c) }()
	}
	// Nobody can see from outside that the others wait for the renewal, and that the leader has failed it if it can. On a
	// slow machine these pauses are too short: then this shows less, but it passes.
	time.Sleep(50 * time.Millisecond)
	giveUp()
	time.Sleep(50 * time.Millisecond)
	close(release)
	for range 11 {
		if err := <-errs; err != nil && !(errors.Is(err, context.Canceled) && ctx.Err() != nil && err.Error()[:6] == "leader") {
			t.Error(err)
		}
	}
}

func TestRenewalRefused(t *testing.T) {
	k := newKeystone(t)
	c := expiring(t, k, func() string { return "never" })
	e := wantError(t, read(t, c), "list things: 401 Unauthorized")
	if !errors.Is(e, ErrUnauthorized) || k.logins() != 2 {
		t.Errorf("%v after %d logins", e, k.logins())
	}
	k.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`)
	}
	e = wantError(t, read(t, c), "the token is no longer accepted, and a new login failed: The request you have made requires authentication")
	if !errors.Is(e, ErrUnauthorized) {
		t.Errorf("got %v", e)
	}
}

func TestRenewalEndsWithTheSession(t *testing.T) {
	k := newKeystone(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer server.Close()
	s := mustConnect(t, k.options(server.URL))
	c, err := s.Placement()
	if err != nil {
		t.Fatal(err)
	}
	k.answer = func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // net/http notices a client that leaves only after that
		go s.Close()
		<-r.Context().Done()
	}
	wantError(t, read(t, c), "a new login failed")
}

func TestEverySecretIsTold(t *testing.T) {
	k := newKeystone(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Auth-Token") == "token-1" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{}`)
	}))
	defer server.Close()
	var told []string
	s, err := connect(t.Context(), k.options(server.URL), &listener{secrets: &told}, nowhere(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := s.Placement()
	if err != nil {
		t.Fatal(err)
	}
	if err := read(t, c); err != nil {
		t.Fatal(err)
	}
	if want := []string{"hunter2", "token-1", "token-2"}; !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
}

func TestSecretsOfOtherLogins(t *testing.T) {
	tests := map[string]struct {
		auth map[string]any
		want []string
	}{
		"http_basic":  {map[string]any{"username": "u", "password": "s3"}, []string{"s3", "dTpzMw=="}},
		"admin_token": {map[string]any{"token": "t0"}, []string{"t0"}},
		"none":        {nil, nil},
	}
	for kind, tt := range tests {
		t.Run(kind, func(t *testing.T) {
			var told []string
			o := &config.Options{AuthType: kind, Auth: tt.auth, PlacementEndpoint: "http://p.example"}
			s, err := connect(t.Context(), o, &listener{secrets: &told}, nowhere(t))
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
			if !slices.Equal(told, tt.want) {
				t.Errorf("got %q, want %q", told, tt.want)
			}
		})
	}
}

// listener keeps what a session tells.
type listener struct {
	nobody
	mu       sync.Mutex
	secrets  *[]string
	warnings []string
}

func (l *listener) Secret(value string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.secrets != nil {
		*l.secrets = append(*l.secrets, value)
	}
}

func (l *listener) Warn(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.warnings = append(l.warnings, fmt.Sprintf(format, args...))
}
