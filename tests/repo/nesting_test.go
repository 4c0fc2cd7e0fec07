// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// deepest is how many blocks may lie in one another within a function. A function in a function counts anew.
const deepest = 3

func TestNesting(t *testing.T) {
	for _, name := range files(t, ".go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && depthOf(f.Body, 0) > deepest {
				t.Errorf("%s: %s has blocks %d deep, more than %d: give the inner ones a function", name, f.Name.Name, depthOf(f.Body, 0), deepest)
			}
		}
	}
}

// depthOf returns how deep the deepest block in a node lies, which is itself that deep.
func depthOf(node ast.Node, deep int) int {
	most := deep
	ast.Inspect(node, func(n ast.Node) bool {
		if n == node || n == nil {
			return true
		}
		inner, down := blocksOf(n)
		for _, block := range inner {
			most = max(most, depthOf(block, deep+down))
		}
		if f, is := n.(*ast.FuncLit); is {
			most = max(most, depthOf(f.Body, 0))
			return false
		}
		return inner == nil
	})
	return most
}

// blocksOf returns the blocks of a statement, and how much deeper they lie: an else-if lies no deeper than its if.
func blocksOf(n ast.Node) (blocks []ast.Node, down int) {
	switch s := n.(type) {
	case *ast.IfStmt:
		blocks = []ast.Node{s.Body}
		for other := s.Else; other != nil; {
			next, is := other.(*ast.IfStmt)
			if !is {
				return append(blocks, other), 1
			}
			blocks, other = append(blocks, next.Body), next.Else
		}
	case *ast.ForStmt:
		blocks = []ast.Node{s.Body}
	case *ast.RangeStmt:
		blocks = []ast.Node{s.Body}
	case *ast.SwitchStmt:
		blocks = []ast.Node{s.Body}
	case *ast.TypeSwitchStmt:
		blocks = []ast.Node{s.Body}
	case *ast.SelectStmt:
		blocks = []ast.Node{s.Body}
	}
	return blocks, 1
}

// The measure itself: what lies deeper, and what does not.
func TestNestingMeasured(t *testing.T) {
	for body, want := range map[string]int{
		"": 0, "if a {}": 1, "if a {} else if b {} else {}": 1, "for { if a {} else { for {} } }": 3, "switch { case a: if b {} }": 2,
		"func() { for { for {} } }()": 2, "for { func() { if a {} }() }": 1, "if a { { if b {} } }": 2,
	} {
		parsed, err := parser.ParseFile(token.NewFileSet(), "", "package p; func f() {"+body+"}", 0)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := parsed.Decls[0].(*ast.FuncDecl)
		if got := depthOf(f.Body, 0); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
}
