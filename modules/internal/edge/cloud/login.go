// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"encoding/base64"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// version is that of the collection, in galaxy.yml; a test compares them.
const version = "0.2.0"

// userAgent comes before gophercloud's in the User-Agent header, which access logs of the services show.
const userAgent = "openstack_ops.placement/" + version

// login makes the session's provider client.
func (s *Session) login(ctx context.Context) error {
	tc, err := s.config.TLSConfig()
	if err != nil {
		return err
	}
	if config.IsStandalone(s.config.AuthType) {
		s.provider = &gophercloud.ProviderClient{}
		s.provider.UseTokenLock()
		s.equip(tc)
		return s.loginStandalone()
	}
	ao, err := s.config.AuthOptions()
	if err != nil {
		return config.Refuse(config.Fault{Option: "auth", Reason: err.Error()})
	}
	if s.provider, err = openstack.NewClient(ao.IdentityEndpoint); err != nil {
		return config.Refuse(config.Fault{Option: "auth", Reason: err.Error()})
	}
	s.equip(tc) // before Authenticate, which copies the client for renewals
	if err := openstack.Authenticate(ctx, s.provider, *ao); err != nil {
		return s.loginError(err)
	}
	if err := s.checkLogin(); err != nil {
		return err
	}
	s.caller.Secret(s.provider.Token())
	s.shareRenewal()
	return s.readToken()
}

// loginStandalone is for a Placement without Keystone. Its noauth2 strategy reads "admin" or "user:project" out of
// the token: https://opendev.org/openstack/placement/src/branch/master/placement/auth.py
func (s *Session) loginStandalone() error {
	switch s.config.AuthType {
	case config.LoginAdminToken:
		s.provider.SetToken(s.config.Cloud.AuthInfo.Token)
	case config.LoginBasic:
		a := s.config.Cloud.AuthInfo
		pair := base64.StdEncoding.EncodeToString([]byte(a.Username + ":" + a.Password))
		s.caller.Secret(pair)
		s.headers = map[string]string{"Authorization": "Basic " + pair}
	}
	return nil
}

// shareRenewal lets one renewal serve all requests that met the expired token. gophercloud gives the error of the
// request that renews to all that wait for it, its own deadline's too; so a renewal gets a time of its own.
func (s *Session) shareRenewal() {
	renew := s.provider.ReauthFunc
	if renew == nil {
		return
	}
	s.provider.ReauthFunc = func(context.Context) error {
		ctx, cancel := context.WithTimeout(s.life, s.config.Timeout)
		defer cancel()
		if err := renew(ctx); err != nil {
			return err
		}
		s.caller.Secret(s.provider.Token())
		return nil
	}
}
