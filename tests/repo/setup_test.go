// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The set-up stops at what is missing in a virtual environment, unless it is known to be.
func TestPipCheck(t *testing.T) {
	for name, c := range map[string]struct {
		says   string
		status string
		fails  bool
	}{
		"whole":                 {"No broken requirements found.", "0", false},
		"expected":              {"kayobe 18.6.0 requires ansible, which is not installed.\npbr 7.1.3 requires setuptools, which is not installed.", "1", false},
		"unexpected":            {"ansible-core 2.19.14 requires jinja2, which is not installed.", "1", true},
		"unexpected beside":     {"kayobe 18.6.0 requires ansible, which is not installed.\nkayobe 18.6.0 requires jinja2, which is not installed.", "1", true},
		"another version":       {"kayobe 18.6.0 has requirement jsonschema<5, but you have jsonschema 9.0.", "1", true},
		"begins like the known": {"pbr 7.1.3 requires setuptools, which is not installed. Or worse.", "1", true},
		"pip itself is broken":  {"", "2", true},
	} {
		t.Run(name, func(t *testing.T) {
			pip := filepath.Join(t.TempDir(), "pip")
			script := "#!/bin/sh\n[ \"$*\" = \"--quiet check\" ] || exit 3\nprintf '" + c.says + "'\nexit " + c.status + "\n"
			if err := os.WriteFile(pip, []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), filepath.Join(root, "scripts/pip-check"), pip, "--quiet").CombinedOutput()
			if (err != nil) != c.fails || c.fails && !strings.Contains(string(out), pip+" --quiet check failed") {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
