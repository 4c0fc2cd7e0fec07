// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Galaxy shows the README, and links from it lead into the repository at the tag of the version.
func TestRebase(t *testing.T) {
	const base = "https://example.org/r/blob/v1.2.3/"
	for name, c := range map[string]struct{ page, text, want string }{
		"from the root":    {"README.md", "[a](docs/a.md)", "[a](" + base + "docs/a.md)"},
		"from a folder":    {"docs/b.md", "[a](a.md#part) [c](../roles/c/README.md)", "[a](" + base + "docs/a.md#part) [c](" + base + "roles/c/README.md)"},
		"to a folder":      {"docs/b.md", "[a](decisions)", "[a](" + base + "docs/decisions)"},
		"absolute":         {"README.md", "[a](https://example.org/a) [b](mailto:b@example.org)", "[a](https://example.org/a) [b](mailto:b@example.org)"},
		"in the page":      {"README.md", "[a](#part)", "[a](#part)"},
		"a block of code":  {"README.md", "```\n[a](b)\n```\n[a](b)", "```\n[a](b)\n```\n[a](" + base + "b)"},
		"several in a row": {"README.md", "[a](b), [c](d)", "[a](" + base + "b), [c](" + base + "d)"},
	} {
		if got := rebase(c.text, c.page, base); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// No page that Galaxy shows has a relative link left.
func TestPagesOfThisRepository(t *testing.T) {
	pages := 0
	for _, pattern := range []string{"README.md", "docs/*.md", "roles/*/README.md"} {
		found, err := filepath.Glob("../../" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
			content, err := os.ReadFile(path)
			if err != nil || !shown.MatchString(name) {
				t.Fatalf("%s: %v", name, err)
			}
			pages++
			wantWhole(t, name, targets(t, rebase(string(content), name, "https://example.org/")))
		}
	}
	if pages < 10 {
		t.Errorf("only %d pages", pages)
	}
}

// wantWhole wants each target of a page to be an address or a part of the page itself.
func wantWhole(t *testing.T, page string, targets []string) {
	t.Helper()
	for _, target := range targets {
		if !strings.Contains(target, ":") && !strings.HasPrefix(target, "#") {
			t.Errorf("%s: %s", page, target)
		}
	}
}

// targets are what the links and pictures of a page lead to.
func targets(t *testing.T, page string) []string {
	t.Helper()
	var all []string
	err := ast.Walk(goldmark.DefaultParser().Parse(text.NewReader([]byte(page))), func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Link:
			all = append(all, string(n.Destination))
		case *ast.Image:
			all = append(all, string(n.Destination))
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The list of files has the digest of the page as it is shipped.
func TestDigestOfChangedPage(t *testing.T) {
	path := ball(t, time.Unix(1, 0), "README.md")
	if err := repack(t.Context(), path, 1); err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	members, err := unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(members[2].body)
	if members[2].header.Name != "README.md" || !strings.Contains(string(members[1].body), hex.EncodeToString(sum[:])) {
		t.Errorf("%s", members[1].body)
	}
}
