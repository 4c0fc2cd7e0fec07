// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"path/filepath"
	"strings"
	"testing"
)

const rolePassword = "s3cret-of-the-role"

// roleCases are what operators have set, and what comes of it: cloud_connection, cloud_connection_file, and what else is in cloud_options. HERE is a folder with a clouds.yaml of Kolla's.
func roleCases() map[string][2]string {
	auth := `{"auth": {"auth_url": "URL", "username": "admin", "password": "` + rolePassword + `", "project_name": "admin", ` +
		`"user_domain_name": "Default", "project_domain_name": "Default"}, "region_name": "RegionOne", "interface": "internal"}`
	url := func(url string) string { return strings.Replace(auth, "URL", url, 1) }
	kolla := `"keystone_admin_password": "` + rolePassword + `"`
	return map[string][2]string{
		"a name":            {`{"cloud_cloud": "x", "cloud_clouds_file": "/f", ` + kolla + `, "kolla_internal_vip_address": "192.0.2.1"}`, `["x", "/f"]`},
		"an auth":           {`{"cloud_auth": {"password": "` + rolePassword + `"}, "cloud_region_name": "R2", "cloud_validate_certs": "no"}`, `[{"auth": {"password": "` + rolePassword + `"}, "region_name": "R2", "verify": false}, "", {"region_name": "R2", "validate_certs": false}]`},
		"another cloud":     {`{"placement_cloud": "y", "cloud_cloud": "x", "cloud_clouds_file": "", ` + kolla + `, "kolla_internal_vip_address": "192.0.2.1"}`, `["y", ""]`},
		"another file":      {`{"placement_clouds_file": "/g", "cloud_clouds_file": "/f", ` + kolla + `, "kolla_internal_vip_address": "192.0.2.1"}`, `["", "/g"]`},
		"all options":       {`{"cloud_cloud": "x", "cloud_region_name": "R2", "cloud_interface": "public", "cloud_ca_cert": "/ca", "cloud_validate_certs": true}`, `["x", "", {"region_name": "R2", "interface": "public", "ca_cert": "/ca", "validate_certs": true}]`},
		"empty options":     {`{"cloud_cloud": "x", "cloud_region_name": "", "cloud_ca_cert": ""}`, `["x", ""]`},
		"Kolla":             {`{` + kolla + `, "kolla_internal_vip_address": "192.0.2.1"}`, `[` + url("http://192.0.2.1:5000") + `, ""]`},
		"Kolla, TLS, IPv6":  {`{` + kolla + `, "kolla_internal_vip_address": "2001:db8::1", "kolla_enable_tls_internal": "yes", "kolla_admin_openrc_cacert": "/ca"}`, `[` + strings.TrimSuffix(url("https://[2001:db8::1]:5000"), "}") + `, "cacert": "/ca"}, ""]`},
		"Kolla, names":      {`{` + kolla + `, "kolla_internal_vip_address": "192.0.2.1", "kolla_internal_fqdn": "k", "keystone_public_port": "5001", "openstack_region_name": ""}`, `[` + url("http://k:5001") + `, ""]`},
		"Kayobe":            {`{"kolla_passwords": {` + kolla + `}, "kolla_internal_fqdn": "k", "openstack_auth": {"password": ""}}`, `[` + url("http://k:5000") + `, ""]`},
		"no address":        {`{` + kolla + `, "CONFIG_DIR": "HERE"}`, `["kolla-admin-internal", "HERE/clouds.yaml"]`},
		"post-deploy":       {`{"CONFIG_DIR": "HERE", "cloud_cloud": "", "keystone_admin_password": ""}`, `["kolla-admin-internal", "HERE/clouds.yaml"]`},
		"an older one":      {`{"node_config": "HERE/old"}`, `["kolla-admin", "HERE/old/clouds.yaml"]`},
		"other clouds only": {`{"kolla_config_path": "HERE/other"}`, `["", ""]`},
		"nothing":           {`{"CONFIG_DIR": "/nowhere"}`, `["", ""]`},
	}
}

// The role cloud takes the first source that is there, loads no defaults of Kolla's, and prints no password.
func TestCloudRole(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		dir := t.TempDir()
		for name, cloud := range map[string]string{"": "kolla-admin-internal", "old": "kolla-admin", "other": "x"} {
			writeBelow(t, filepath.Join(dir, name, "clouds.yaml"), "clouds:\n  "+cloud+": {auth: {password: "+rolePassword+"}}\n")
		}
		var b strings.Builder
		for name, c := range roleCases() {
			b.WriteString("- name: " + name + "\n  hosts: localhost\n  gather_facts: false\n  vars: " + strings.ReplaceAll(c[0], "HERE", dir) + "\n" +
				"  tasks:\n    - ansible.builtin.include_role: {name: openstack_ops.placement.cloud}\n" +
				"    - ansible.builtin.assert: {that: ['[cloud_connection, cloud_connection_file] == wanted[:2]', 'cloud_options == expected']}\n      no_log: true\n" +
				"      vars:\n        wanted: " + strings.ReplaceAll(c[1], "HERE", dir) + "\n" +
				"        expected: \"{{ wanted[2] | default({}) | combine({'cloud': wanted[0]} if wanted[0] else {}, {'clouds_file': wanted[1]} if wanted[1] else {}) }}\"\n")
		}
		book := filepath.Join(dir, "roles.yml")
		write(t, book, b.String())
		for _, flags := range [][]string{{"-vvv"}, {"--check"}} {
			out := s.run(t, s.root, nil, append([]string{"ansible-playbook", book}, flags...)...).ok(t).out
			if strings.Contains(out, rolePassword) {
				t.Errorf("the password is in the output:\n%s", out)
			}
			if !strings.Contains(out, "changed=0") {
				t.Errorf("something changed:\n%s", out)
			}
		}
	})
}

// What the role found reaches a module as the defaults of its group, and no password reaches the output.
func TestCloudOptions(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		book := filepath.Join(s.dir, "options.yml")
		write(t, book, `- hosts: localhost
  gather_facts: false
  vars:
    cloud_auth: {auth_url: "http://127.0.0.1:1/v3", username: u, password: `+rolePassword+`, project_name: p}
    cloud_validate_certs: false
  tasks:
    - ansible.builtin.include_role: {name: openstack_ops.placement.cloud}
    - openstack_ops.placement.placement_provider_info: {timeout: 1}
      module_defaults:
        group/openstack_ops.placement.placement: "{{ cloud_options | default({}) }}"
`)
		out := s.run(t, s.root, nil, "ansible-playbook", book, "-vvv").out
		if !strings.Contains(out, "127.0.0.1:1") || !strings.Contains(out, "'validate_certs': False") && !strings.Contains(out, `"validate_certs": false`) {
			t.Errorf("the options did not reach the module:\n%s", out)
		}
		if strings.Contains(out, rolePassword) {
			t.Errorf("the password is in the output:\n%s", out)
		}
	})
}
