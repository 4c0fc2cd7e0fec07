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

// promtoolTogether has promtool read all files of a folder as node_exporter does: each metric once, with the samples of all files.
func promtoolTogether(t *testing.T, dir string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.prom"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no metrics in %s: %v", dir, err)
	}
	heads, samples, names := map[string]string{}, map[string]string{}, []string{}
	for _, path := range paths {
		for line := range strings.Lines(metricsFile(t, path)) {
			fields := strings.Fields(line)
			if fields[0] != "#" {
				name, _, _ := strings.Cut(fields[0], "{")
				samples[name] += line
				continue
			}
			name := fields[2]
			if heads[name] == "" {
				names = append(names, name)
			}
			if !strings.Contains(heads[name], line) {
				heads[name] += line
			}
		}
	}
	text := ""
	for _, name := range names {
		text += heads[name] + samples[name]
	}
	promtool(t, text, "check", "metrics")
}
