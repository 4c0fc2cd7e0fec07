// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// compare shows each text of the table that Python puts on a line in another way than Go.
const compare = `
import json, runpy, sys
text = runpy.run_path(sys.argv[1])
table = json.load(open(sys.argv[2], encoding='utf-8'))
sys.exit(('\n'.join(ascii((row['text'], text['line'](row['text']), row['line'])) for row in table if text['line'](row['text']) != row['line']) if table else 'empty') or 0)
`

// The transport makes text harmless as the programs do.
func TestTextAsInGo(t *testing.T) {
	b := built(t)
	table := filepath.Join(b.root, "modules/internal/core/report/testdata/foreign.json")
	cmd := exec.CommandContext(t.Context(), python(t, b), "-c", compare, filepath.Join(b.root, "plugins/plugin_utils/transport.py"), table)
	cmd.Env = append(os.Environ(), b.pythonPath())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
