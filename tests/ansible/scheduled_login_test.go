// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// loginCase is what the role cloud was told, and what the control host gets of it.
type loginCase struct{ vars, want string }

// loginCases are for the folder HERE with a clouds.yaml, a secure.yaml beside it and a certificate.
func loginCases() map[string]loginCase {
	named := `"auth": {"username": "u", "password": "` + rolePassword + `"}`
	return map[string]loginCase{
		"a dictionary":       {`{cloud_cloud: {auth: {token: t}, cacert: HERE/ca.crt}}`, `{"auth": {"token": "t"}, "cacert": "/c/ca.pem"}`},
		"a name and a file":  {`{cloud_cloud: one, cloud_clouds_file: HERE/clouds.yaml}`, `{` + named + `, "cacert": "/c/ca.pem", "key": "/on/the/host.key"}`},
		"changed":            {`{cloud_cloud: one, cloud_clouds_file: HERE/clouds.yaml, cloud_region_name: R2, cloud_validate_certs: false, cloud_ca_cert: /there.crt}`, `{` + named + `, "cacert": "/there.crt", "key": "/on/the/host.key", "region_name": "R2", "verify": "False"}`},
		"what Kolla wrote":   {`{CONFIG_DIR: HERE/kolla}`, `{"auth": {"username": "k"}}`},
		"Kolla's variables":  {`{keystone_admin_password: ` + rolePassword + `, kolla_internal_fqdn: k}`, `{"auth": {"auth_url": "http://k:5000", "username": "admin", "password": "` + rolePassword + `", "project_name": "admin", "user_domain_name": "Default", "project_domain_name": "Default"}, "region_name": "RegionOne", "interface": "internal"}`},
		"a name, no such":    {`{cloud_cloud: three, cloud_clouds_file: HERE/clouds.yaml}`, `there is no cloud three in HERE/clouds.yaml`},
		"no such file":       {`{cloud_cloud: one, cloud_clouds_file: HERE/none.yaml}`, `there is no cloud one in HERE/none.yaml`},
		"a profile":          {`{cloud_cloud: two, cloud_clouds_file: HERE/clouds.yaml}`, `has a profile of another file`},
		"the environment":    {`{CONFIG_DIR: /nowhere}`, `{"auth_url": "http://e:5000", "username": "e", "password": "` + rolePassword + `", "cacert": "/c/ca.pem"}`},
		"not its names":      {`{cloud_cloud: one}`, `there is no cloud one in HERE/path/openstack/clouds.yaml`},
		"the search path":    {`{cloud_cloud: four}`, `{"auth": {"username": "p", "password": "` + rolePassword + `"}}`},
		"changes of nothing": {`{cloud_cloud: five, cloud_region_name: R2}`, `there is no cloud five in`},
	}
}

// What the deploy host logs in with gets to the control host whole: with its secure.yaml, its certificates, and whatever
// the environment says. The oldest release and the newest tell enough.
func TestScheduledLogin(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"clouds.yaml": "clouds:\n  one: {auth: {username: u}, cacert: HERE/ca.crt, key: /on/the/host.key}\n  two: {profile: x}\n",
			"secure.yaml": "clouds: {one: {auth: {password: " + rolePassword + "}}}\n", "ca.crt": "x",
			"kolla/clouds.yaml":          "clouds: {kolla-admin-internal: {auth: {username: k}}, kolla-admin: {auth: {username: x}}}\n",
			"path/openstack/clouds.yaml": "clouds: {four: {auth: {username: p}}, none: {}}\n",
			"path/openstack/secure.yml":  "clouds: {four: {auth: {password: " + rolePassword + "}}}\n",
		} {
			writeBelow(t, filepath.Join(dir, name), strings.ReplaceAll(text, "HERE", dir))
		}
		book := filepath.Join(dir, "logins.yml")
		write(t, book, strings.ReplaceAll(loginPlays(s.builds.root), "HERE", dir))
		env := []string{
			"OS_AUTH_URL=http://e:5000", "OS_USERNAME=e", "OS_PASSWORD=" + rolePassword, "OS_CACERT=" + dir + "/ca.crt", "XDG_CONFIG_HOME=" + dir + "/path",
		}
		out := s.run(t, s.builds.root, env, "ansible-playbook", "-vvv", book).ok(t).out
		if strings.Contains(out, rolePassword) {
			t.Errorf("the password is in the output:\n%s", around(out, rolePassword))
		}
	})
}

// loginPlays compares, without running the rest of the role.
func loginPlays(root string) string {
	var b strings.Builder
	for name, c := range loginCases() {
		want, found := c.want, "_scheduled_audit_put"
		if !strings.HasPrefix(want, "{") {
			want, found = "'"+want+"'", "_scheduled_audit_fault"
		}
		b.WriteString("- name: " + name + "\n  hosts: localhost\n  gather_facts: false\n  vars: " + c.vars + "\n" +
			"  vars_files: [" + root + "/roles/scheduled_audit/vars/main.yml]\n  tasks:\n" +
			"    - ansible.builtin.include_role: {name: openstack_ops.placement.cloud}\n" +
			"    - ansible.builtin.assert:\n        that: >-\n          " + found +
			map[string]string{"_scheduled_audit_put": " == wanted", "_scheduled_audit_fault": " is search(wanted)"}[found] + "\n" +
			"      no_log: true\n      vars: {scheduled_audit_config_directory: /c, wanted: " + want + "}\n")
	}
	return b.String()
}
