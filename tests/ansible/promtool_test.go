// SPDX-License-Identifier: Apache-2.0

//go:build ansible || lab

package ansible_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// promtool runs Prometheus' own tool, which `make setup` brings.
func promtool(t *testing.T, stdin string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "../../.cache/bin/promtool", args...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil || stdin != "" && len(out) > 0 {
		t.Errorf("promtool %v (run `make setup`): %v\n%s", args, err, out)
	}
}

// metricsFile is what one of the report files holds, once promtool has nothing to say about it.
func metricsFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	promtool(t, string(text), "check", "metrics")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(path) != ".prom" || info.Mode().Perm() != 0o644 {
		t.Errorf("%s: %v", path, info.Mode())
	}
	return string(text)
}
