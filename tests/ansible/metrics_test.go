// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Audits and conflicts of two clouds and of two regions of one write their metrics into one folder. Promtool has nothing to say about
// them together: no metric has two texts, and no sample is there twice.
func TestMetricsOfTwoClouds(t *testing.T) {
	root, dir, logs := built(t).root, t.TempDir(), t.TempDir()
	log := filepath.Join(logs, "placement-api.log")
	write(t, log, fmt.Sprintf(anEntry, 1, 1, 409))
	for i, of := range []struct{ cloud, region string }{{"berlin", "north"}, {"oslo", "north"}, {"oslo", "south"}} {
		report := func(what string) string {
			return fmt.Sprintf(`{"path": "%s/%s%d.prom", "format": "prometheus", "cloud": "%s", "region": "%s"}`, dir, what, i, of.cloud, of.region)
		}
		for _, args := range [][]string{
			{"audit", "--snapshot", filepath.Join(root, "tests/recorded/snapshot.json"), "--provider-metrics", "--reports", report("audit")},
			{"conflicts", "--files", log, "--since", "all", "--timezone", "UTC", "--reports", report("conflicts")},
		} {
			if out, err := exec.CommandContext(t.Context(), filepath.Join(root, "binaries/host/placement"), args...).CombinedOutput(); err != nil && !strings.Contains(err.Error(), "exit status 2") {
				t.Fatalf("%v: %s", args, out)
			}
		}
	}
	promtoolTogether(t, dir)
}
