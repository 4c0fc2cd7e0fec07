// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/utils/v2/openstack/clientconfig"
)

// AuthOptions maps the configuration by clientconfig, which spreads domain_name over user and project and picks the
// scope, without the environment.
func (c *Config) AuthOptions() (*gophercloud.AuthOptions, error) {
	cloud := c.Cloud
	cloud.AuthInfo = c.members()
	ao, err := clientconfig.AuthOptions(&clientconfig.ClientOpts{
		Cloud: "chosen", EnvPrefix: unusedPrefix, YAMLOpts: chosen{cloud},
	})
	if err != nil {
		return nil, err
	}
	if c.AuthType == loginTOTP {
		ao.Passcode = c.passcode
	}
	// Without /v3 gophercloud asks for the versions first, at what is left of the URL before the first "v" and a
	// digit anywhere in its path.
	ao.IdentityEndpoint = IdentityV3(ao.IdentityEndpoint)
	// gophercloud refuses AllowReauth for a token: there is nothing to log in with anew.
	ao.AllowReauth = c.AuthType == loginPassword || c.AuthType == loginAppCred
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
func (c *Config) members() *clientconfig.AuthInfo {
	a := *c.Cloud.AuthInfo
	if c.AuthType != loginPassword {
		a.Password = ""
	}
	if c.AuthType != loginToken {
		a.Token = ""
	}
	if c.AuthType != loginAppCred {
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

// IdentityV3 completes the auth_url; Kolla's has no version.
func IdentityV3(authURL string) string {
	base := strings.TrimRight(authURL, "/")
	base = strings.TrimSuffix(strings.TrimSuffix(base, "/v2.0"), "/v3")
	return base + "/v3/"
}

// Secrets are the values that must not be printed.
func (c *Config) Secrets() []string {
	a := c.Cloud.AuthInfo
	return append([]string{a.Password, a.Token, a.ApplicationCredentialSecret, c.passcode}, c.strange...)
}

// Who describes the login in messages, without secrets.
func (c *Config) Who() string {
	a := c.Cloud.AuthInfo
	var name string
	switch {
	case c.AuthType == loginToken:
		name = "with a token"
	case c.AuthType == loginAppCred:
		name = fmt.Sprintf("with application credential %q", a.ApplicationCredentialID+a.ApplicationCredentialName)
	default:
		name = fmt.Sprintf("as user %q", a.Username+a.UserID)
	}
	return fmt.Sprintf("log in to %s %s (%s)", a.AuthURL, name, c.origin)
}

// CredentialHint says what to check when the login is refused.
func (c *Config) CredentialHint() string {
	switch c.AuthType {
	case loginToken:
		return "the token is wrong or has expired, or may not be used for this project"
	case loginAppCred:
		return "check application_credential_id and application_credential_secret, and whether it has expired"
	case loginTOTP:
		return "check username, passcode and domain; a passcode is good for one login"
	}
	return "check username, password and domain, that the user has a role in the project, and that auth_url is Keystone's" // Placement answers a login in the same way
}
