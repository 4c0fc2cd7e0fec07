// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"strings"
	"testing"
)

// sourceCases are variables with which playbooks read databases, by the playbook. HERE has no such files.
func sourceCases() map[string][]string {
	const user = `{"user": "reader", "password": "` + databasePassword + `"}`
	return map[string][]string{
		"audit": {`{"placement_cloud": CLOUD, "placement_source": "database", "placement_database": ` + user + `,
			"placement_nova_conf": "HERE/n.conf", "placement_placement_conf": "HERE/p.conf"}`},
		"pre_upgrade": {`{"cloud_cloud": CLOUD, "pre_upgrade_source": "database", "pre_upgrade_database": ` + user + `,
			"pre_upgrade_nova_conf": "HERE/n.conf", "pre_upgrade_placement_conf": "HERE/p.conf", "pre_upgrade_directory": "HERE/up", "pre_upgrade_identities": false}`},
		"post_upgrade": {
			strings.Replace(upgraded, "MORE", `"post_upgrade_source": "database", "post_upgrade_database": `+user+`, "post_upgrade_wait_interval": 1,
				"post_upgrade_nova_conf": "HERE/n.conf", "post_upgrade_placement_conf": "HERE/p.conf"`, 1),
			strings.Replace(upgraded, "MORE", `"pre_upgrade_source": "database", "pre_upgrade_database": `+user+`, "post_upgrade_wait_interval": 1,
				"pre_upgrade_nova_conf": "HERE/n.conf", "pre_upgrade_placement_conf": "HERE/p.conf"`, 1),
		},
		"decommission": {`{"cloud_cloud": CLOUD, "decommission_check_host": "cn1", "decommission_check_source": "database", "decommission_check_database": ` + user + `,
			"decommission_check_nova_conf": "HERE/n.conf", "decommission_check_placement_conf": "HERE/p.conf"}`},
	}
}

// What a playbook is told about the databases reaches the modules: they name both files that are not there. No output has the password.
func TestSourceOfPlaybooks(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud := s.cloud(t)
		for name, all := range sourceCases() {
			for _, vars := range all {
				r := s.playbook(t, name, cloud, vars, "-vvv")
				const unread = " must be a file that can be read (no such file or directory), got: "
				r.fails(t, "value of nova_conf"+unread+s.dir+"/n.conf", "value of placement_conf"+unread+s.dir+"/p.conf")
				wantHidden(t, r.out)
			}
		}
	})
}

// Before an upgrade the audit, the capacity and the computes are all read from the databases: none of them asks an API.
func TestPreUpgradeFromDatabases(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		vars := `{"cloud_auth": {"auth_url": "http://127.0.0.1:2/v3"}, "pre_upgrade_directory": "HERE/up", "pre_upgrade_identities": false, "pre_upgrade_grace": 0,
			"pre_upgrade_source": "database", "pre_upgrade_database": {"host": "127.0.0.1", "port": 1, "user": "reader", "password": "` + databasePassword + `"}}`
		r := s.playbook(t, "pre_upgrade", "", vars, "-vvv")
		wantHidden(t, r.out)
		for _, task := range []string{"Audit the cloud", "Count on how many hosts a server of each flavor in use can land", "Read the computes and judge their identities"} {
			_, after, found := strings.Cut(r.out, "pre_upgrade : "+task+"]")
			shown, _, _ := strings.Cut(after, "\nTASK [")
			if !found || !strings.Contains(shown, "database placement on 127.0.0.1:1 can't be read") {
				t.Errorf("%s does not read the databases:\n%s", task, shown)
			}
		}
	})
}
