// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The role before an upgrade keeps where servers can land, beside its baseline; the one after it compares. What is not there or could
// not be read is a reason, and not the same as nothing.
func TestUpgradeCapacity(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud, kept := s.cloud(t), filepath.Join(s.dir, "up", "capacity.json")
		const first = `{"cloud_cloud": CLOUD, "pre_upgrade_directory": "HERE/up", "pre_upgrade_grace": 0, "pre_upgrade_identities": false, "pre_upgrade_fail": false}`
		after := strings.Replace(upgraded, "MORE", `"post_upgrade_repair": "none"`, 1)
		const counted = "Capacity: 2 flavors in use, 2 can land nowhere"
		s.playbook(t, "pre_upgrade", cloud, first, "--check").says(t, counted)
		if _, err := os.Stat(kept); err == nil {
			t.Error("check mode kept the capacity")
		}
		s.playbook(t, "pre_upgrade", cloud, first).says(t, counted)
		text := read(t, kept)
		if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 || strings.Count(text, `"host_count": 0`) != 2 {
			t.Fatalf("%v %v: %s", err, info, text)
		}
		s.playbook(t, "post_upgrade", cloud, after).says(t, counted+", 0 on fewer hosts than before the upgrade")
		write(t, kept, strings.Replace(text, `"host_count": 0`, `"host_count": 2`, 1))
		s.playbook(t, "pre_upgrade", cloud, first).says(t, "changed=0")
		s.playbook(t, "post_upgrade", cloud, after).says(t, "HIGH capacity", "can land on no host; before the upgrade it could land on 2 hosts", "placement why --flavor m1.")
		if report := read(t, filepath.Join(s.dir, "up", "post_upgrade.md")); !strings.Contains(report, "Where the flavors in use can land") {
			t.Error(report)
		}
		write(t, kept, text[:len(text)/2])
		s.playbook(t, "post_upgrade", cloud, after).says(t, "the capacity from before the upgrade could not be read: "+kept+" is damaged")
		s.playbook(t, "pre_upgrade", cloud, first, "-e", "pre_upgrade_keep_hours=0 pre_upgrade_capacity=false")
		if _, err := os.Stat(kept); err == nil {
			t.Error("a new baseline has the capacity of an older one")
		}
		s.playbook(t, "post_upgrade", cloud, after).says(t, "the capacity from before the upgrade could not be read: there is no "+kept)
		none := s.playbook(t, "post_upgrade", cloud, after, "-e", "post_upgrade_capacity=false")
		if none.code != 0 || strings.Contains(none.out, "could land") {
			t.Error(none.out)
		}
	})
}
