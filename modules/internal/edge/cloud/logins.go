// SPDX-License-Identifier: Apache-2.0

package cloud

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
	loginAdminToken = "admin_token"
	loginBasic      = "http_basic"
)

// logins are those this package knows.
func logins() []string {
	return []string{loginPassword, loginToken, loginAppCred, loginTOTP, loginNone, loginAdminToken, loginBasic}
}

// isStandalone tells the logins that need no Keystone.
func isStandalone(name string) bool {
	return slices.Contains([]string{loginNone, loginAdminToken, loginBasic}, canonical(name))
}

// canonical maps other names of a login to ours; unknown ones stay as they are.
func canonical(name string) string {
	switch low := strings.ToLower(name); low {
	case "v3password":
		return loginPassword
	case "v3token":
		return loginToken
	case "token_endpoint": // openstacksdk maps it too
		return loginAdminToken
	default:
		return low
	}
}

// loginType is the given one, or else what the members of auth are made for.
func loginType(given string, auth tree) string {
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
func (c *config) faults() []Fault {
	var faults []Fault
	report := func(option, value, reason string) {
		faults = append(faults, Fault{Option: option, Value: value, Reason: reason})
	}
	if !slices.Contains(logins(), c.authType) {
		report("auth_type", c.authType, "is not supported; choose from "+strings.Join(logins(), ", "))
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
	if kind := c.cloud.EndpointType; kind != "" && shortInterface(kind) == "" {
		report("interface", kind, "is none of public, internal, admin")
	}
	return append(faults, c.scopeFaults()...)
}

// addresses are pairs of the option and the URL.
func (c *config) addresses() [][2]string {
	return [][2]string{
		{"auth", c.cloud.AuthInfo.AuthURL},
		{"placement_endpoint", c.placementAddress()},
		{"compute_endpoint", c.services["compute"].override},
	}
}

// missing names the absent members of auth.
func (c *config) missing() []string {
	a := c.cloud.AuthInfo
	user := a.Username + a.UserID
	needs := map[string][][2]string{
		loginPassword:   {{"auth_url", a.AuthURL}, {"username or user_id", user}, {"password", a.Password}},
		loginToken:      {{"auth_url", a.AuthURL}, {"token", a.Token}},
		loginTOTP:       {{"auth_url", a.AuthURL}, {"username or user_id", user}, {"passcode", c.passcode}},
		loginAdminToken: {{"token", a.Token}, {"endpoint, nor is placement_endpoint given", c.placementAddress()}},
		loginNone:       {{"endpoint, nor is placement_endpoint given", c.placementAddress()}},
		loginBasic: {
			{"username", a.Username},
			{"password", a.Password},
			{"endpoint, nor is placement_endpoint given", c.placementAddress()},
		},
		loginAppCred: {
			{"auth_url", a.AuthURL},
			{"application_credential_secret", a.ApplicationCredentialSecret},
			{"application_credential_id, nor application_credential_name with username or user_id", appCredential(a.ApplicationCredentialID, a.ApplicationCredentialName, user)},
		},
	}
	var reasons []string
	for _, need := range needs[c.authType] {
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
func (c *config) missingDomain() []string {
	a := c.cloud.AuthInfo
	var reasons []string
	common := a.DomainID + a.DomainName + a.DefaultDomain
	needsUser := c.authType == loginPassword || c.authType == loginTOTP || (c.authType == loginAppCred && a.ApplicationCredentialID == "")
	if needsUser && a.Username != "" && a.UserID == "" && common+a.UserDomainID+a.UserDomainName == "" {
		reasons = append(reasons, "has no user_domain_name or user_domain_id")
	}
	scoped := c.authType == loginPassword || c.authType == loginTOTP || c.authType == loginToken
	if scoped && a.ProjectName != "" && a.ProjectID == "" && common+a.ProjectDomainID+a.ProjectDomainName == "" {
		reasons = append(reasons, "has no project_domain_name or project_domain_id")
	}
	return reasons
}

// scopeFaults refuses two scopes at once, where Keystone's answer would be a bare 400.
func (c *config) scopeFaults() []Fault {
	a := c.cloud.AuthInfo
	if c.authType == loginAppCred || isStandalone(c.authType) {
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

func (c *config) placementAddress() string {
	if override := c.services["placement"].override; override != "" {
		return override
	}
	if isStandalone(c.authType) {
		return c.endpoint
	}
	return ""
}

// shortInterface is public, internal or admin for each spelling in use, "" for any other word.
func shortInterface(name string) string {
	switch short := strings.TrimSuffix(name, "URL"); short {
	case "public", "internal", "admin":
		return short
	}
	return ""
}
