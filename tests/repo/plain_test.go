// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestPlain holds that core and these tests start no goroutine, so that scripts/test can run them without the race detector.
func TestPlain(t *testing.T) {
	seen := 0
	for _, name := range files(t, ".go") {
		if !strings.HasPrefix(name, "modules/internal/core/") && !strings.HasPrefix(name, "tests/repo/") || strings.HasSuffix(name, "_lab_test.go") {
			continue
		}
		seen++
		parsed, err := parser.ParseFile(token.NewFileSet(), name, read(t, name), parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if what := startsIn(parsed); what != "" {
			t.Errorf("%s has %s: let scripts/test run it with -race", name, what)
		}
	}
	if seen < 100 {
		t.Errorf("only %d files", seen)
	}
}

// startsIn names what starts a goroutine in a file; empty for nothing.
func startsIn(file *ast.File) (what string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			what = "a go statement"
		case *ast.SelectorExpr:
			if n.Sel.Name == "Parallel" || n.Sel.Name == "Go" || n.Sel.Name == "AfterFunc" {
				what = n.Sel.Name
			}
		}
		return what == ""
	})
	return what
}
