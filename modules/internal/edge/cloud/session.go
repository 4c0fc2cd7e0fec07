// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"crypto/tls"
	"slices"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// Session is a login to one cloud. It may be used by many goroutines.
type Session struct {
	config      *config.Config
	provider    *gophercloud.ProviderClient
	token       token             // the first one
	headers     map[string]string // of every request, for logins that use no token
	sent        *counter
	concurrency int
	caller      Caller
	life        context.Context // until Close; renewals of the token belong to it
	end         context.CancelFunc
}

// Caller is who connects, as *ansible.Call is. Its methods are called from many goroutines.
type Caller interface {
	// Secret takes a value that must not be printed.
	Secret(value string)
	// Masked returns text without the secrets known so far.
	Masked(text string) string
	// Warn takes a sentence that a person should read.
	Warn(format string, args ...any)
}

// nobody connects without wanting to know anything.
type nobody struct{}

func (nobody) Secret(string)             {}
func (nobody) Masked(text string) string { return text }
func (nobody) Warn(string, ...any)       {}

// Connect reads the configuration, logs in and returns a Session. Its ctx bounds the login only; the requests that
// follow bring their own. The caller is told every secret that is met, so that output can mask it, also when the token is
// renewed, and what it should warn of. It may be nil.
//
// It fails with a *[ConfigError] for what no service was asked about, and with an *[Error] for the rest.
func Connect(ctx context.Context, o *config.Options, caller Caller) (*Session, error) {
	return connect(ctx, o, caller, config.ThisPlace())
}

func connect(ctx context.Context, o *config.Options, caller Caller, p *config.Place) (*Session, error) {
	if caller == nil {
		caller = nobody{}
	}
	c, err := p.Resolve(o)
	if c != nil { // also when it is at fault: what is wrong may be told with its values
		tell(c, caller)
	}
	if err != nil {
		return nil, err
	}
	s := &Session{config: c, sent: newCounter(), concurrency: o.InFlight(), caller: caller}
	s.life, s.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.login(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// tell hands over the secrets of the configuration and what is unsafe in it.
func tell(c *config.Config, caller Caller) {
	for _, value := range c.Secrets() {
		if value != "" {
			caller.Secret(value)
		}
	}
	for _, text := range c.Unsafe {
		caller.Warn("%s", text)
	}
}

// equip gives the provider client its transport and its name.
func (s *Session) equip(tc *tls.Config) {
	s.provider.HTTPClient = s.newHTTPClient(tc)
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

// HasRole reports whether the token has the role, by its name. False where a login gives no token that tells.
func (s *Session) HasRole(name string) bool {
	return slices.ContainsFunc(s.token.Roles, func(r role) bool { return r.Name == name })
}
