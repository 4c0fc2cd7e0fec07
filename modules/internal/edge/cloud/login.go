// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/utils/v2/openstack/clientconfig"
)

// version is that of the collection, in galaxy.yml; a test compares them.
const version = "0.1.0"

// userAgent comes before gophercloud's in the User-Agent header, which access logs of the services show.
const userAgent = "openstack_ops.placement/" + version

// login makes the session's provider client.
func (s *Session) login(ctx context.Context) error {
	tc, err := s.config.tlsConfig()
	if err != nil {
		return err
	}
	if isStandalone(s.config.authType) {
		s.provider = &gophercloud.ProviderClient{}
		s.provider.UseTokenLock()
		s.equip(tc)
		return s.loginStandalone()
	}
	ao, err := s.config.authOptions()
	if err != nil {
		return configError(Fault{Option: "auth", Reason: err.Error()})
	}
	if s.provider, err = openstack.NewClient(ao.IdentityEndpoint); err != nil {
		return configError(Fault{Option: "auth", Reason: err.Error()})
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
	switch s.config.authType {
	case loginAdminToken:
		s.provider.SetToken(s.config.cloud.AuthInfo.Token)
	case loginBasic:
		a := s.config.cloud.AuthInfo
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
		ctx, cancel := context.WithTimeout(s.life, s.config.timeout)
		defer cancel()
		if err := renew(ctx); err != nil {
			return err
		}
		s.caller.Secret(s.provider.Token())
		return nil
	}
}

// authOptions maps the configuration by clientconfig, which spreads domain_name over user and project and picks the
// scope, without the environment.
func (c *config) authOptions() (*gophercloud.AuthOptions, error) {
	cloud := c.cloud
	cloud.AuthInfo = c.members()
	ao, err := clientconfig.AuthOptions(&clientconfig.ClientOpts{
		Cloud: "chosen", EnvPrefix: unusedPrefix, YAMLOpts: chosen{cloud},
	})
	if err != nil {
		return nil, err
	}
	if c.authType == loginTOTP {
		ao.Passcode = c.passcode
	}
	// Without /v3 gophercloud asks for the versions first, at what is left of the URL before the first "v" and a
	// digit anywhere in its path.
	ao.IdentityEndpoint = identityV3(ao.IdentityEndpoint)
	// gophercloud refuses AllowReauth for a token: there is nothing to log in with anew.
	ao.AllowReauth = c.authType == loginPassword || c.authType == loginAppCred
	if ao.UserID != "" {
		ao.Username, ao.DomainID, ao.DomainName = "", "", ""
	}
	return ao, nil
}

// chosen hands the one cloud to clientconfig in place of files.
type chosen struct{ cloud clientconfig.Cloud }

// LoadCloudsYAML has the cloud only.
func (y chosen) LoadCloudsYAML() (map[string]clientconfig.Cloud, error) {
	return map[string]clientconfig.Cloud{"chosen": y.cloud}, nil
}

// LoadSecureCloudsYAML has nothing: it is merged already.
func (chosen) LoadSecureCloudsYAML() (map[string]clientconfig.Cloud, error) { return nil, nil }

// LoadPublicCloudsYAML has nothing: it is merged already.
func (chosen) LoadPublicCloudsYAML() (map[string]clientconfig.Cloud, error) { return nil, nil }

// members are those of auth that the login uses, so that the rest of a long openrc cannot contradict them. Of an id
// and a name the id counts, as with keystoneauth; Keystone refuses both.
func (c *config) members() *clientconfig.AuthInfo {
	a := *c.cloud.AuthInfo
	if c.authType != loginPassword {
		a.Password = ""
	}
	if c.authType != loginToken {
		a.Token = ""
	}
	if c.authType != loginAppCred {
		a.ApplicationCredentialID, a.ApplicationCredentialName, a.ApplicationCredentialSecret = "", "", ""
	}
	prefer(a.UserID, &a.Username)
	prefer(a.ProjectID, &a.ProjectName)
	prefer(a.DomainID, &a.DomainName)
	prefer(a.UserDomainID, &a.UserDomainName)
	prefer(a.ProjectDomainID, &a.ProjectDomainName)
	spreadDomain(&a)
	return &a
}

func prefer(id string, name *string) {
	if id != "" {
		*name = ""
	}
}

// spreadDomain lets a domain given once serve user and project, as openstacksdk does; Kolla's openstack_auth of 2023.1
// to 2025.2 has domain_name and no project_domain_name. Without a project it stays the domain to scope to.
func spreadDomain(a *clientconfig.AuthInfo) {
	id, name := a.DomainID, a.DomainName
	if id+name == "" {
		id = a.DefaultDomain
	}
	if a.UserDomainID+a.UserDomainName == "" {
		a.UserDomainID, a.UserDomainName = id, name
	}
	if a.ProjectDomainID+a.ProjectDomainName == "" {
		a.ProjectDomainID, a.ProjectDomainName = id, name
	}
	if a.ProjectID+a.ProjectName+a.SystemScope+a.TrustID != "" {
		a.DomainID, a.DomainName = "", ""
	}
}

// identityV3 completes the auth_url; Kolla's has no version.
func identityV3(authURL string) string {
	base := strings.TrimRight(authURL, "/")
	base = strings.TrimSuffix(strings.TrimSuffix(base, "/v2.0"), "/v3")
	return base + "/v3/"
}

// secrets are the values that must not be printed.
func (c *config) secrets() []string {
	a := c.cloud.AuthInfo
	return append([]string{a.Password, a.Token, a.ApplicationCredentialSecret, c.passcode}, c.strange...)
}

// who describes the login in messages, without secrets.
func (c *config) who() string {
	a := c.cloud.AuthInfo
	var name string
	switch {
	case c.authType == loginToken:
		name = "with a token"
	case c.authType == loginAppCred:
		name = fmt.Sprintf("with application credential %q", a.ApplicationCredentialID+a.ApplicationCredentialName)
	default:
		name = fmt.Sprintf("as user %q", a.Username+a.UserID)
	}
	return fmt.Sprintf("log in to %s %s (%s)", a.AuthURL, name, c.origin)
}
