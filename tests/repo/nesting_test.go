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
		if f, is := n.(*ast.FuncLit); is {
			most = max(most, depthOf(f.Body, 0))
			return false
		}
		if block := blockOf(n); block != nil && n != node {
			most = max(most, depthOf(block, deep+1), headsOf(n, block, deep))
			return false
		}
		return true
	})
	return most
}

// headsOf returns how deep the rest of a statement lies, beside its block. An else lies as deep as the block, an else-if as deep as its if.
func headsOf(statement, block ast.Node, deep int) int {
	most := deep
	ast.Inspect(statement, func(n ast.Node) bool {
		switch {
		case n == nil || n == block:
			return false
		case n == statement:
			return true
		}
		if other, is := n.(*ast.BlockStmt); is {
			most = max(most, depthOf(other, deep+1))
		} else {
			most = max(most, depthOf(&ast.BlockStmt{List: []ast.Stmt{statementOf(n)}}, deep))
		}
		return false
	})
	return most
}

// statementOf makes a statement of an expression.
func statementOf(n ast.Node) ast.Stmt {
	if e, is := n.(ast.Expr); is {
		return &ast.ExprStmt{X: e}
	}
	s, _ := n.(ast.Stmt)
	return s
}

// blockOf returns the block of a statement that has one, nil of all else.
func blockOf(n ast.Node) ast.Node {
	switch s := n.(type) {
	case *ast.IfStmt:
		return s.Body
	case *ast.ForStmt:
		return s.Body
	case *ast.RangeStmt:
		return s.Body
	case *ast.SwitchStmt:
		return s.Body
	case *ast.TypeSwitchStmt:
		return s.Body
	case *ast.SelectStmt:
		return s.Body
	}
	return nil
}

// The measure itself: what lies deeper, and what does not.
func TestNestingMeasured(t *testing.T) {
	for body, want := range map[string]int{
		"": 0, "if a {}": 1, "if a {} else if b {} else {}": 1, "for { if a {} else { for {} } }": 3, "switch { case a: if b {} }": 2,
		"func() { for { for {} } }()": 2, "for { func() { if a {} }() }": 1, "if a { { if b {} } }": 2,
		"if f(func() { for { for {} } }) {}": 2, "for range f(func() { for { for {} } }) {}": 2, "if a {} else if f(func() { for { for {} } }) {}": 2,
		"switch x := f(func() { for { for {} } }); x {}": 2, "if a {} else if b { for {} } else { for { for {} } }": 3,
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
