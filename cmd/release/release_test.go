// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ball writes a tarball as ansible-galaxy does, with the files in this order.
func ball(t *testing.T, at time.Time, names ...string) string {
	t.Helper()
	var rows []map[string]any
	for _, name := range names {
		rows = append(rows, map[string]any{"name": name, "ftype": "file", "format": 1})
	}
	files, err := json.MarshalIndent(map[string]any{"files": rows, "format": 1}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(files)
	manifest := `{"format": 1, "collection_info": {"repository": "https://example.org/r", "version": "1.2.3"}, "file_manifest_file": {"chksum_sha256": "` + hex.EncodeToString(sum[:]) + `"}}`
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	zipped.ModTime = at
	writer := tar.NewWriter(zipped)
	add := func(name, text string, mode int64) {
		header := &tar.Header{Name: name, Size: int64(len(text)), Mode: mode, ModTime: at, Uname: "someone"}
		if err := writer.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	add("MANIFEST.json", manifest, 0o644)
	add("FILES.json", string(files), 0o644)
	for _, name := range names {
		add(name, "text of "+name, 0o755)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "c.tar.gz")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Two builds of one commit differ in order and time, and are the same afterwards.
func TestRepack(t *testing.T) {
	one := ball(t, time.Unix(1, 0), "b", "a", "a.b")
	two := ball(t, time.Unix(2, 0), "a.b", "b", "a")
	var texts [2][]byte
	for i, path := range []string{one, two} {
		if err := run(t.Context(), []string{"repack", path, "1700000000"}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = text
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("they differ")
	}
	members, err := unpack(texts[0])
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range members {
		names = append(names, m.header.Name)
		if !m.header.ModTime.Equal(time.Unix(1700000000, 0)) || m.header.Uname != "" {
			t.Errorf("%s: %v %q", m.header.Name, m.header.ModTime, m.header.Uname)
		}
	}
	if got := strings.Join(names, " "); got != "MANIFEST.json FILES.json a a.b b" {
		t.Error(got)
	}
	if m := members[2]; m.header.Mode != 0o755 || string(m.body) != "text of a" {
		t.Errorf("%o %s", m.header.Mode, m.body)
	}
	manifest, err := decode(members[0].body)
	if err != nil {
		t.Fatal(err)
	}
	about, _ := manifest["file_manifest_file"].(map[string]any)
	if sum := sha256.Sum256(members[1].body); about["chksum_sha256"] != hex.EncodeToString(sum[:]) {
		t.Errorf("MANIFEST.json has another digest of FILES.json: %v", about)
	}
}

func TestRepackOfOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.tar.gz")
	if err := os.WriteFile(path, []byte("no tarball"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"repack", path, "1"}, {"repack", path, "today"}, {"repack", path}, {"licenses"}, {}} {
		if run(t.Context(), args) == nil {
			t.Errorf("%v was done", args)
		}
	}
}

// A module whose license is unknown is not shipped.
func TestSectionWithoutLicense(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	if err := section(&b, "example.org/m@v1", dir); err == nil || !strings.Contains(err.Error(), "has no license file") {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE.md"), []byte("Do as you like.\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := section(&b, "example.org/m@v1", dir); err != nil || !strings.HasSuffix(b.String(), "\n--- LICENSE.md\n\nDo as you like.\n") {
		t.Errorf("%v %s", err, b.String())
	}
	if err := contained(t.Context(), "linux", nil); err == nil {
		t.Error("a platform without a machine")
	}
}
