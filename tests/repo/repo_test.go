// SPDX-License-Identifier: Apache-2.0

// Package repo_test holds the repository as a whole to its rules.
package repo_test

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// maxLines is what a reader takes in at one sitting, and mostLines what one keeps in mind of a package.
const maxLines, mostLines = 400, 2000

// TestVersion compares every version constant of the program with galaxy.yml, where the version is decided.
func TestVersion(t *testing.T) {
	galaxy := regexp.MustCompile(`(?m)^version: (\S+)$`).FindStringSubmatch(read(t, "galaxy.yml"))
	if galaxy == nil {
		t.Fatal("galaxy.yml names no version")
	}
	found := 0
	for _, name := range files(t, ".go") {
		for constant, value := range versions(t, name) {
			found++
			if value != galaxy[1] {
				t.Errorf("%s: %s is %s, galaxy.yml says %s", name, constant, value, galaxy[1])
			}
		}
	}
	if found == 0 {
		t.Error("no Go constant named Version")
	}
}

// versions returns the string constants of a file that are called version, by name.
func versions(t *testing.T, name string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.EqualFold(spec.Names[0].Name, "version") {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if value, err := strconv.Unquote(literal.Value); err == nil {
				values[spec.Names[0].Name] = value
			}
		}
		return true
	})
	return values
}

// A package with more lines than that holds more than one thing. Tests are not counted.
func TestPackageLength(t *testing.T) {
	lines := map[string]int{}
	for _, name := range files(t, ".go") {
		if folder := filepath.Dir(name); !strings.HasSuffix(name, "_test.go") {
			lines[folder] += strings.Count(read(t, name), "\n")
		}
	}
	if len(lines) < 50 {
		t.Errorf("only %d packages", len(lines))
	}
	for folder, n := range lines {
		if n > mostLines {
			t.Errorf("%s has %d lines in all, more than %d: cut it where it parts", folder, n, mostLines)
		}
	}
}

// TestFileLength counts lines of what people wrote.
func TestFileLength(t *testing.T) {
	for _, name := range files(t, "") {
		text := read(t, name)
		if !isCode(name, text) || isGenerated(text) {
			continue
		}
		if lines := strings.Count(text, "\n"); lines > maxLines {
			t.Errorf("%s has %d lines, more than %d", name, lines, maxLines)
		}
	}
}

// isCode reports whether a file is Go, Python or shell, by name or by its first line.
func isCode(name, text string) bool {
	switch filepath.Ext(name) {
	case ".go", ".py", ".sh":
		return true
	}
	first, _, _ := strings.Cut(text, "\n")
	return strings.HasPrefix(first, "#!")
}

// isGenerated looks for the standard remark near the top.
func isGenerated(text string) bool {
	return regexp.MustCompile(`(?m)^(//|#) Code generated .* DO NOT EDIT\.$`).MatchString(text[:min(len(text), 2000)])
}

// TestLicences looks for the licence of each Go file and of what Ansible imports.
func TestLicences(t *testing.T) {
	for _, name := range append(files(t, ".go"), files(t, ".py")...) {
		want := "SPDX-License-Identifier: Apache-2.0"
		if strings.HasPrefix(name, "plugins/") {
			want = "GNU General Public License v3.0+"
		} else if !strings.HasSuffix(name, ".go") {
			continue
		}
		text := read(t, name)
		if !strings.Contains(text[:min(len(text), 2000)], want) {
			t.Errorf("%s does not say %q near its top", name, want)
		}
	}
}

// TestSelfLink follows the link that makes a checkout an installed collection.
func TestSelfLink(t *testing.T) {
	text := read(t, "playbooks/collections/ansible_collections/openstack_ops/placement/galaxy.yml")
	if text != read(t, "galaxy.yml") {
		t.Error("the link does not lead back to the root")
	}
}

// files returns the regular files that git tracks or would, with this extension.
func files(t *testing.T, extension string) []string {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "git", "ls-files", "-z", "-co", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for name := range bytes.SplitSeq(bytes.TrimRight(out, "\x00"), []byte{0}) {
		info, err := os.Lstat(filepath.Join(root, string(name)))
		if err == nil && info.Mode().IsRegular() && strings.HasSuffix(string(name), extension) {
			names = append(names, string(name))
		}
	}
	if len(names) == 0 {
		t.Fatal("git lists no files")
	}
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
