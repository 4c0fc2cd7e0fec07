// SPDX-License-Identifier: Apache-2.0

package address

import (
	"os"
	"path/filepath"
	"testing"
)

// A usual file that can't be looked at is not passed over for another one, which may be of an older cloud.
func TestUsualFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "nova.conf")
	if err := os.WriteFile(good, []byte("[DEFAULT]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	unseen := filepath.Join(good, "nova.conf") // below a file: neither there nor missing
	if f, fault := (&Setup{}).file("nova_conf", "", unseen, good); f != nil || fault == nil || fault.Value != unseen {
		t.Errorf("unseen: %v, %v", f, fault)
	}
	if f, fault := (&Setup{}).file("nova_conf", "", filepath.Join(dir, "none"), good); f == nil || fault != nil || f.path != good {
		t.Errorf("missing: %v, %v", f, fault)
	}
}
