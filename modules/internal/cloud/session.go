// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"crypto/tls"
	"slices"
	"sync"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

// Session is a login to one cloud. It may be used by many goroutines.
type Session struct {
	config      *config
	provider    *gophercloud.ProviderClient
	catalogue   []tokens.CatalogEntry // of the first token
	headers     map[string]string     // of every request, for logins that use no token
	sent        *counter
	concurrency int
	secret      func(string)
	life        context.Context // until Close; renewals of the token belong to it
	end         context.CancelFunc
}

// Connect reads the configuration, logs in and returns a Session. Its ctx bounds the login only; the requests that
// follow bring their own. secret is called with every secret value met, so that output can mask it, and again
// whenever the token is renewed, from the goroutine that renews but never from two at a time.
//
// It fails with a *[ConfigError] for what no service was asked about, and with an *[Error] for the rest.
func Connect(ctx context.Context, o *Options, secret func(string)) (*Session, error) {
	return connect(ctx, o, secret, thisPlace())
}

func connect(ctx context.Context, o *Options, secret func(string), p *place) (*Session, error) {
	c, err := p.resolve(o)
	if c != nil { // also when it is at fault: what is wrong may be told with its values
		for _, value := range c.secrets() {
			tell(secret, value)
		}
	}
	if err != nil {
		return nil, err
	}
	s := &Session{config: c, sent: newCounter(), concurrency: o.concurrency()}
	s.secret = oneAtATime(secret)
	s.life, s.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.login(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func tell(secret func(string), value string) {
	if secret != nil && value != "" {
		secret(value)
	}
}

func oneAtATime(secret func(string)) func(string) {
	var mu sync.Mutex
	return func(value string) {
		mu.Lock()
		defer mu.Unlock()
		tell(secret, value)
	}
}

// equip gives the provider client its transport and its name.
func (s *Session) equip(tc *tls.Config) {
	s.provider.HTTPClient = newHTTPClient(tc, s.concurrency, s.config.timeout, s.sent)
	s.provider.UserAgent.Prepend(userAgent)
}

// PauseWith has sleep wait between the tries of a request; it ends early with an error. Call it before the first request.
func (s *Session) PauseWith(sleep func(context.Context, time.Duration) error) {
	if r, ok := s.provider.HTTPClient.Transport.(*retrier); ok {
		r.wait = sleep
	}
}

// Requests counts the HTTP requests sent so far by method, repeated ones and those of the login included.
func (s *Session) Requests() map[string]int { return s.sent.snapshot() }

// Concurrency is how many requests may be in flight.
func (s *Session) Concurrency() int { return s.concurrency }

// Close closes idle connections and ends a renewal of the token that is under way.
func (s *Session) Close() {
	s.end()
	if s.provider != nil {
		s.provider.HTTPClient.CloseIdleConnections()
	}
}

// HasRole says whether the token has the role, by its name. False where a login gives no token that tells.
func (s *Session) HasRole(name string) bool {
	result, ok := s.provider.GetAuthResult().(interface {
		ExtractRoles() ([]tokens.Role, error)
	})
	if !ok {
		return false
	}
	roles, err := result.ExtractRoles()
	return err == nil && slices.ContainsFunc(roles, func(r tokens.Role) bool { return r.Name == name })
}
