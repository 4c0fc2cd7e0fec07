// SPDX-License-Identifier: Apache-2.0

package config

import "strings"

// Normalize brings the spellings openstacksdk accepts to one form: everything that logs in under auth, project for
// tenant, interface for endpoint_type. The rules are those of magic_fixes in openstack/config/loader.py.
func Normalize(t Values) Values {
	n, auth := Values{}, Values{}
	n.overlay(t)
	auth.overlay(t.branch("auth"))
	n["auth"] = auth
	renameInterfaces(n)
	if n.text("auth_type") == "" {
		n.set("auth_type", n.text("auth_plugin"))
	}
	for _, name := range strayMembers() {
		settle(n, auth, name, []string{name})
	}
	settle(n, auth, "token", []string{"auth_token", "token"})
	settle(n, auth, "project_id", []string{"tenant_id", "project_id"})
	settle(n, auth, "project_name", []string{"tenant_name", "project_name"})
	for _, name := range ownMembers() {
		if auth.text(name) == "" {
			auth.set(name, n.text(name))
		}
		delete(n, name)
	}
	auth.set("auth_url", strings.ReplaceAll(auth.text("auth_url"), "{region_name}", n.text("region_name")))
	return n
}

// strayMembers of auth count more outside of it, where OS_* variables put them.
func strayMembers() []string {
	return []string{"domain_id", "domain_name", "user_domain_id", "user_domain_name", "project_domain_id", "project_domain_name", "passcode"}
}

// ownMembers of auth count more inside of it.
func ownMembers() []string {
	return []string{
		"auth_url", "username", "user_id", "password", "system_scope", "trust_id", "default_domain", "endpoint",
		"application_credential_id", "application_credential_name", "application_credential_secret",
	}
}

// settle moves the spellings of one member to auth under one name. The last spelling wins, and one outside of auth
// wins over one inside.
func settle(n, auth Values, name string, spellings []string) {
	value := ""
	for _, from := range []Values{auth, n} {
		for _, s := range spellings {
			if v := from.text(s); v != "" {
				value = v
			}
			delete(from, s)
		}
	}
	auth.set(name, value)
}

func renameInterfaces(n Values) {
	for _, key := range n.names() {
		if stem, ok := strings.CutSuffix(key, "endpoint_type"); ok {
			n.set(stem+"interface", n.text(key))
			delete(n, key)
		}
	}
}

// regionValues lays the values of the chosen region over the cloud; without a choice the first region is taken, as
// openstacksdk does. A region that a list of regions does not have is a fault.
func regionValues(t Values, chosen string) (Values, *Fault) {
	regions, ok := t["regions"].([]any)
	if !ok || len(regions) == 0 {
		t.set("region_name", chosen)
		return t, nil
	}
	var names []string
	for _, each := range regions {
		name, values := region(each)
		if chosen == "" || chosen == name {
			merged := Values{}
			merged.overlay(t)
			merged.overlay(values)
			merged.set("region_name", name)
			return merged, nil
		}
		names = append(names, name)
	}
	return nil, &Fault{Option: "region_name", Value: chosen, Reason: "is no region of this cloud" + listed("; it has ", names)}
}

// region is a plain name, or a name with values.
func region(v any) (string, Values) {
	if t, ok := v.(Values); ok {
		return t.text("name"), t.branch("values")
	}
	name, _ := v.(string)
	return name, Values{}
}
