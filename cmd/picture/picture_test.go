// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/program"
)

const shown = "../../docs/pictures/terminal.svg"

// The picture in the documentation is of what the program says now of the recorded snapshot. scripts/pictures has the same command.
func TestPictureIsCurrent(t *testing.T) {
	script, err := os.ReadFile("../../scripts/pictures")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?m)^go run ./cmd/picture ([0-9]+) "([^"]*)" `).FindStringSubmatch(string(script))
	if call == nil {
		t.Fatal("scripts/pictures calls no picture")
	}
	got := drawn(t, call[1:])
	want, err := os.ReadFile(shown)
	if err != nil {
		t.Fatalf("run `make pictures`: %v", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the program says now: run `make pictures`", strings.TrimPrefix(shown, "../../"))
	}
	if len(want) > 40<<10 {
		t.Errorf("%s has %d bytes", shown, len(want))
	}
}

// drawn is the picture of what the program says now of the recorded cloud.
func drawn(t *testing.T, args []string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program.Build(t, "../.."), "audit", "--snapshot", "tests/recorded/snapshot.json", "--color", "always")
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "COLUMNS=100", "NO_COLOR=")
	text, err := cmd.Output()
	var failed *exec.ExitError
	if err != nil && !(errors.As(err, &failed) && len(text) > 0) {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := run(args, bytes.NewReader(text), &got); err != nil {
		t.Fatal(err)
	}
	return got.Bytes()
}

// The picture of the page is of the page that the program writes now of the recorded snapshot.
func TestPageIsCurrent(t *testing.T) {
	page := filepath.Join(t.TempDir(), "audit.html")
	cmd := exec.CommandContext(t.Context(), program.Build(t, "../.."), "placement_audit")
	cmd.Dir = "../.."
	cmd.Stdin = strings.NewReader(fmt.Sprintf(`{"snapshot": "tests/recorded/snapshot.json", "reports": [{"path": %q, "format": "html"}]}`, page))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../docs/pictures/audit.sha256")
	if err != nil {
		t.Fatalf("run `make pictures`: %v", err)
	}
	drawn, err := os.ReadFile("../../docs/pictures/audit.png")
	if err != nil {
		t.Fatalf("run `make pictures`: %v", err)
	}
	digests := strings.Fields(string(want))
	if len(digests) != 2 || fmt.Sprintf("%x", sha256.Sum256(got)) != digests[0] {
		t.Error("docs/pictures/audit.png is not of the page that the program writes now: run `make pictures`")
	} else if fmt.Sprintf("%x", sha256.Sum256(drawn)) != digests[1] {
		t.Error("docs/pictures/audit.png is not the picture that docs/pictures/audit.sha256 is of: run `make pictures`, and commit both")
	}
}

// Texts stay texts, styles are told, and what is no style is refused.
func TestDraw(t *testing.T) {
	picture, err := draw("placement x", "\x1b[1;31mNOT <CLEAN>\x1b[0m  a & b\n\n   \x1b[2mc\x1b[0m\nfour", 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`class="bold red">NOT &lt;CLEAN&gt;</text>`, `x="115.4"`, ">a &amp; b</text>", `<text x="37.4" y="81" textLength="7.8" xml:space="preserve" class="dim">c</text>`,
		">$ placement x</text>", ">…</text>", `height="118"`,
	} {
		if !strings.Contains(string(picture), want) {
			t.Errorf("no %s in %s", want, picture)
		}
	}
	if strings.Contains(string(picture), "four") {
		t.Error("more lines than there may be")
	}
	for decoder := xml.NewDecoder(bytes.NewReader(picture)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, odd := range []string{"\x1b[95mx", "\x1b[2Kx"} {
		if _, err := draw("x", odd, 1); err == nil {
			t.Errorf("%q is drawn", odd)
		}
	}
	for _, args := range [][]string{nil, {"0", "x"}, {"ten", "x"}} {
		if run(args, strings.NewReader(""), io.Discard) == nil {
			t.Errorf("%q is no call", args)
		}
	}
}
