// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"
	"strings"
)

// The ways to log in, by the names of keystoneauth.
const (
	loginPassword   = "password"
	loginToken      = "token"
	loginAppCred    = "v3applicationcredential"
	loginTOTP       = "v3totp"
	loginNone       = "none"
	LoginAdminToken = "admin_token"
	LoginBasic      = "http_basic"
)

// Logins are those this package knows.
func Logins() []string {
	return []string{loginPassword, loginToken, loginAppCred, loginTOTP, loginNone, LoginAdminToken, LoginBasic}
}

// IsStandalone tells the logins that need no Keystone.
func IsStandalone(name string) bool {
	return slices.Contains([]string{loginNone, LoginAdminToken, LoginBasic}, canonical(name))
}

// canonical maps other names of a login to ours; unknown ones stay as they are.
func canonical(name string) string {
	switch low := strings.ToLower(name); low {
	case "v3password":
		return loginPassword
	case "v3token":
		return loginToken
	case "token_endpoint": // openstacksdk maps it too
		return LoginAdminToken
	default:
		return low
	}
}

// loginType is the given one, or else what the members of auth are made for.
func loginType(given string, auth Values) string {
	switch {
	case given != "":
		return canonical(given)
	case auth.text("application_credential_secret") != "":
		return loginAppCred
	case auth.text("password") != "":
		return loginPassword
	case auth.text("token") != "":
		return loginToken
	case auth.text("passcode") != "":
		return loginTOTP
	}
	return loginPassword
}

// faults says what the login lacks, all of it.
func (c *Config) faults() []Fault {
	var faults []Fault
	report := func(option, value, reason string) {
		faults = append(faults, Fault{Option: option, Value: value, Reason: reason})
	}
	if !slices.Contains(Logins(), c.AuthType) {
		report("auth_type", c.AuthType, "is not supported; choose from "+strings.Join(Logins(), ", "))
		return faults
	}
	if missing := c.missing(); len(missing) > 0 {
		for _, reason := range append(missing, c.misspelt()...) {
			report("auth", "", reason+" (from "+c.origin+")")
		}
	}
	for _, a := range c.addresses() {
		if reason := checkURL(a[1]); a[1] != "" && reason != "" {
			report(a[0], masked(a[1]), reason)
		}
	}
	if kind := c.Cloud.EndpointType; kind != "" && ShortInterface(kind) == "" {
		report("interface", kind, "is not public, internal or admin")
	}
	return append(faults, c.scopeFaults()...)
}

// addresses are pairs of the option and the URL.
func (c *Config) addresses() [][2]string {
	return [][2]string{
		{"auth", c.Cloud.AuthInfo.AuthURL},
		{"placement_endpoint", c.PlacementAddress()},
		{"compute_endpoint", c.Services["compute"].Override},
		{"image_endpoint_override", c.Services["image"].Override},
	}
}

// missing names the absent members of auth.
func (c *Config) missing() []string {
	a := c.Cloud.AuthInfo
	user := a.Username + a.UserID
	needs := map[string][][2]string{
		loginPassword:   {{"auth_url", a.AuthURL}, {"username or user_id", user}, {"password", a.Password}},
		loginToken:      {{"auth_url", a.AuthURL}, {"token", a.Token}},
		loginTOTP:       {{"auth_url", a.AuthURL}, {"username or user_id", user}, {"passcode", c.passcode}},
		LoginAdminToken: {{"token", a.Token}, {"endpoint, nor is placement_endpoint given", c.PlacementAddress()}},
		loginNone:       {{"endpoint, nor is placement_endpoint given", c.PlacementAddress()}},
		LoginBasic: {
			{"username", a.Username},
			{"password", a.Password},
			{"endpoint, nor is placement_endpoint given", c.PlacementAddress()},
		},
		loginAppCred: {
			{"auth_url", a.AuthURL},
			{"application_credential_secret", a.ApplicationCredentialSecret},
			{"application_credential_id, nor application_credential_name with username or user_id", appCredential(a.ApplicationCredentialID, a.ApplicationCredentialName, user)},
		},
	}
	var reasons []string
	for _, need := range needs[c.AuthType] {
		if need[1] == "" {
			reasons = append(reasons, "has no "+need[0])
		}
	}
	return append(reasons, c.missingDomain()...)
}

func appCredential(id, name, user string) string {
	if id != "" || (name != "" && user != "") {
		return "given"
	}
	return ""
}

// missingDomain asks for what makes a name unique. A domain given once serves user and project.
func (c *Config) missingDomain() []string {
	a := c.Cloud.AuthInfo
	var reasons []string
	common := a.DomainID + a.DomainName + a.DefaultDomain
	needsUser := c.AuthType == loginPassword || c.AuthType == loginTOTP || (c.AuthType == loginAppCred && a.ApplicationCredentialID == "")
	if needsUser && a.Username != "" && a.UserID == "" && common+a.UserDomainID+a.UserDomainName == "" {
		reasons = append(reasons, "has no user_domain_name or user_domain_id")
	}
	scoped := c.AuthType == loginPassword || c.AuthType == loginTOTP || c.AuthType == loginToken
	if scoped && a.ProjectName != "" && a.ProjectID == "" && common+a.ProjectDomainID+a.ProjectDomainName == "" {
		reasons = append(reasons, "has no project_domain_name or project_domain_id")
	}
	return reasons
}

// scopeFaults refuses two scopes at once, where Keystone's answer would be a bare 400.
func (c *Config) scopeFaults() []Fault {
	a := c.Cloud.AuthInfo
	if c.AuthType == loginAppCred || IsStandalone(c.AuthType) {
		return nil
	}
	if a.SystemScope != "" && a.ProjectID+a.ProjectName != "" {
		return []Fault{{Option: "auth", Reason: "asks for a project and for system_scope; give one of them (from " + c.origin + ")"}}
	}
	if a.TrustID != "" && a.SystemScope != "" {
		return []Fault{{Option: "auth", Reason: "asks for a trust and for system_scope; give one of them (from " + c.origin + ")"}}
	}
	return nil
}

// PlacementAddress is the URL of Placement for the logins without a catalogue; empty if none was given.
func (c *Config) PlacementAddress() string {
	if override := c.Services["placement"].Override; override != "" {
		return override
	}
	if IsStandalone(c.AuthType) {
		return c.endpoint
	}
	return ""
}

// ShortInterface is public, internal or admin for each spelling in use, "" for any other word.
func ShortInterface(name string) string {
	switch short := strings.TrimSuffix(name, "URL"); short {
	case "public", "internal", "admin":
		return short
	}
	return ""
}
