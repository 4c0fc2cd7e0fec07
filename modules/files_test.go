// SPDX-License-Identifier: Apache-2.0

package modules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// opensFiles reports whether a function of these packages opens, makes or changes a file by its name.
func opensFiles(pkg, function string) bool {
	switch pkg {
	case "os":
		return slices.Contains([]string{
			"Open", "OpenFile", "OpenRoot", "Create", "CreateTemp", "ReadFile", "WriteFile", "Rename", "Remove", "RemoveAll",
			"Mkdir", "MkdirAll", "MkdirTemp", "Link", "Symlink", "Chmod", "Chown", "Truncate", "DirFS", "CopyFS",
		}, function)
	case "syscall", "unix":
		return slices.Contains([]string{"Open", "Openat", "Creat", "Rename", "Unlink", "Mkdir", "Chmod", "Access"}, function)
	case "tls":
		return function == "LoadX509KeyPair"
	}
	return pkg == "ioutil"
}

// mayOpen reports whether the file opens what no option names.
func mayOpen(path string) bool {
	return strings.HasPrefix(path, "internal/edge/files/") || strings.HasPrefix(path, "internal/docs/generate/") ||
		strings.HasPrefix(path, "internal/core/strict/stricttest/") || strings.HasPrefix(path, "internal/core/report/reporttest/") || slices.Contains([]string{
		"internal/wire/ansible/main.go",    // the arguments, which may come through a pipe; bounded there
		"internal/wire/ansible/genuine.go", // the program itself
		"internal/edge/logs/find.go",       // a folder, to see whether it can be read
	}, path)
}

// TestFilesThroughOnePackage finds whatever opens a file without the care of package files.
func TestFilesThroughOnePackage(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		seen++
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil || mayOpen(filepath.ToSlash(path)) {
			return err
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := call.X.(*ast.Ident); ok && opensFiles(pkg.Name, call.Sel.Name) {
				t.Errorf("%s uses %s.%s; package files opens and replaces what options name", path, pkg.Name, call.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 100 {
		t.Errorf("%d files, %v", seen, err)
	}
}
