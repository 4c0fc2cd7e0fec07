// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const password = "open sesame"

// TestTransport runs one playbook text from a checkout, an installed tarball and an installed directory.
func TestTransport(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		text, err := os.ReadFile(filepath.Join(s.root, "tests/ansible/testdata/transport.yml"))
		if err != nil {
			t.Fatal(err)
		}
		book := filepath.Join(s.dir, "transport.yml")
		write(t, book, string(text))
		argv := []string{"ansible-playbook", book, "-e", s.facts(t)}

		checkout := s.run(t, s.probe, nil, argv...)
		s.checkTransport(t, checkout)
		for name, source := range map[string]string{"tarball": s.ball, "directory": s.probe} {
			path := filepath.Join(s.dir, name)
			s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "--offline", source, "-p", path).installed(t)
			s.checkTransport(t, s.run(t, s.dir, []string{"ANSIBLE_COLLECTIONS_PATH=" + path}, argv...))
		}
		if got := programs(t, s.cache); len(got) != 1 || got[0] != s.digest {
			t.Errorf("the cache holds %v, want %s alone", got, s.digest)
		}
	})
}

// facts returns the variables that the playbook compares with.
func (s *site) facts(t *testing.T) string {
	t.Helper()
	sum := sha256.Sum256([]byte(password))
	text, err := json.Marshal(map[string]string{
		"password": password, "password_digest": hex.EncodeToString(sum[:]), "cache": filepath.Dir(s.cache),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkTransport looks at what a person sees of the playbook.
func (s *site) checkTransport(t *testing.T, r result) {
	t.Helper()
	out := r.out
	// The probe was asked for this one warning.
	r.out = strings.ReplaceAll(out, "[WARNING]: a warning", "")
	r.ok(t)
	for text, want := range map[string]bool{
		"-probe-before": true, "+probe-after": true, "a warning": true, "ended with status 4": true, "censored-marker": false, password: false,
	} {
		if strings.Contains(out, text) != want {
			t.Errorf("%q in the output: want %t:\n%s", text, want, out)
		}
	}
}

// installed fails unless ansible-galaxy installed without complaint; that it does not search the target folder by
// default is no complaint.
func (r result) installed(t *testing.T) {
	t.Helper()
	if r.code != 0 || !strings.Contains(r.out, "was installed successfully") {
		t.Fatalf("not installed:\n%s", r.out)
	}
}
