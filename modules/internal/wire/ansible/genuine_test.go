// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program that is named by its digest is damaged as soon as one bit differs; other names promise nothing.
func TestDamaged(t *testing.T) {
	content := bytes.Repeat([]byte("program"), 1000)
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	changed := bytes.Clone(content)
	changed[5000] ^= 1
	for _, c := range []struct {
		name    string
		content []byte
		want    bool
	}{{digest, content, false}, {digest, changed, true}, {digest, content[:10], true}, {"placement", changed, false}, {digest[:8], changed, false}} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := Damaged(path); got != c.want {
			t.Errorf("%s with %d bytes: damaged %t, want %t", c.name, len(c.content), got, c.want)
		}
	}
	if Damaged(filepath.Join(t.TempDir(), digest)) {
		t.Error("a file that is not there counts as damaged")
	}
}

// What is asked for is what the transport has a program for, and the arguments are taken: ssh calls a pipe that breaks
// a lost connection.
func TestAskAgain(t *testing.T) {
	var out bytes.Buffer
	in := strings.NewReader(`{"auth": {}}`)
	if code := AskAgain(Process{Stdin: in, Stdout: &out}); code != 0 || in.Len() != 0 {
		t.Errorf("status %d, %d bytes left", code, in.Len())
	}
	if !strings.HasPrefix(out.String(), "PLACEMENT-MISSING ") {
		t.Errorf("printed %q", out.String())
	}
	transport, err := os.ReadFile("../../../../plugins/plugin_utils/transport.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, platform := range [][2]string{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "arm64"}} {
		if name := uname(platform[0], platform[1]); !bytes.Contains(transport, []byte(name)) {
			t.Errorf("the transport has no program for %s", name)
		}
	}
}

// BenchmarkDamaged is what a start costs: a program of 10 MB, as the real one.
func BenchmarkDamaged(b *testing.B) {
	path := filepath.Join(b.TempDir(), strings.Repeat("a", 64))
	if err := os.WriteFile(path, make([]byte, 10<<20), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(10 << 20)
	for b.Loop() {
		Damaged(path)
	}
}
