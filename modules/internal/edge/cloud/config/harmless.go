// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"
	"strings"
)

// Harmless returns the members of cloud and auth that are no secrets. All others may be misspelt ones.
func (o *Options) Harmless() map[string][]string {
	return map[string][]string{"auth": harmlessMembers(), "cloud": append(harmlessMembers(), harmlessSettings()...)}
}

// harmlessMembers are those of auth, by the names of keystoneauth and openstacksdk.
func harmlessMembers() []string {
	return []string{
		"auth_url", "username", "user_id", "user_domain_id", "user_domain_name",
		"project_id", "project_name", "project_domain_id", "project_domain_name", "tenant_id", "tenant_name",
		"domain_id", "domain_name", "default_domain", "default_domain_id", "default_domain_name",
		"system_scope", "trust_id", "endpoint", "application_credential_id", "application_credential_name", "allow_reauth",
	}
}

// secretMembers are those of auth that log in.
func secretMembers() []string {
	return []string{"password", "token", "auth_token", "passcode", "application_credential_secret"}
}

// harmlessSettings are those of an entry of clouds.yaml beside the members of auth. The last ones are of one service each.
func harmlessSettings() []string {
	return []string{
		"auth", "auth_type", "auth_plugin", "auth_methods", "cloud", "profile", "vendor_hook", "regions", "name", "values",
		"region_name", "interface", "endpoint_type", "verify", "insecure", "cacert", "cert", "key", "api_timeout", "timeout",
		"networks", "force_ipv4", "floating_ip_source", "nat_destination", "external_network", "image_format", "message",
		"status", "disable_vendor_agent", "app_name", "app_version", "statsd", "metrics", "cache",
		"*_api_version", "*_default_microversion", "*_endpoint_override", "*_endpoint", "*_endpoint_type", "*_interface",
		"*_region_name", "*_service_type", "*_service_name", "*_insecure", "*_verify", "*_api_timeout", "*_timeout",
		"*_status_code_retries", "*_connect_retries",
	}
}

// unknownMembers lists the unknown members of auth.
func unknownMembers(auth Values) []string {
	known := append(harmlessMembers(), secretMembers()...)
	return slices.DeleteFunc(auth.names(), func(name string) bool { return slices.Contains(known, name) })
}

// strangeValues returns what the members hold, without the words for true and false.
func strangeValues(auth Values, members []string) []string {
	var values []string
	for _, name := range members {
		if _, word := truth(auth.text(name), false); !word {
			values = append(values, auth.text(name))
		}
	}
	return values
}

// misspelt names the unknown members of auth, without their values: one of them may be what is missing.
func (c *Config) misspelt() []string {
	switch len(c.unknown) {
	case 0:
		return nil
	case 1:
		return []string{"has an unknown member " + c.unknown[0]}
	}
	return []string{"has unknown members " + strings.Join(c.unknown, ", ")}
}
