// SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// Each key that a check puts into evidence is in the table, and the table has no other: what reads findings finds a host under one
// name whatever the check.
func TestEvidenceKeys(t *testing.T) {
	said := map[string]string{"provider_name": "", "provider_uuid": "", "resources": ""} // check.HeldEvidence
	read := func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "checktest") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err == nil {
			ast.Inspect(file, func(n ast.Node) bool { return keysOf(n, func(key string) { said[key] = path }) })
		}
		return err
	}
	for _, folder := range []string{".", "../check"} {
		if err := filepath.WalkDir(folder, read); err != nil {
			t.Fatal(err)
		}
	}
	var table []string
	for _, key := range check.EvidenceKeys() {
		table = append(table, key.Name)
		if _, there := said[key.Name]; !there {
			t.Errorf("no check puts %s into evidence: take it out of modules/internal/core/check/evidence.go", key.Name)
		}
		if !strings.HasSuffix(key.Meaning, ".") {
			t.Errorf("the meaning of %s does not end in a period", key.Name)
		}
	}
	if !slices.IsSorted(table) {
		t.Error("the lines of modules/internal/core/check/evidence.go are not sorted by key")
	}
	for key, path := range said {
		if !slices.Contains(table, key) {
			t.Errorf("%s puts %s into evidence: add a line to modules/internal/core/check/evidence.go that says what it means, or use a key that is there", path, key)
		}
	}
}

// keysOf calls found with the keys of a map[string]any that a node writes, or of a map called evidence that it writes to.
func keysOf(n ast.Node, found func(string)) bool {
	text := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if key, err := strconv.Unquote(lit.Value); err == nil {
				found(key)
			}
		}
	}
	switch v := n.(type) {
	case *ast.CompositeLit:
		of, isMap := v.Type.(*ast.MapType)
		if !isMap || !isAny(of.Value) {
			return !isArgs(n)
		}
		for _, e := range v.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				text(pair.Key)
			}
		}
	case *ast.IndexExpr:
		if name, ok := v.X.(*ast.Ident); ok && name.Name == "evidence" {
			text(v.Index)
		}
	case *ast.FuncDecl: // remedies have arguments of tasks, which are no evidence
		return !strings.HasPrefix(v.Name.Name, "remedy")
	case *ast.KeyValueExpr:
		return !isArgs(n)
	}
	return true
}

func isAny(e ast.Expr) bool {
	name, ok := e.(*ast.Ident)
	return ok && name.Name == "any"
}

func isArgs(n ast.Node) bool {
	pair, ok := n.(*ast.KeyValueExpr)
	if !ok {
		return false
	}
	name, ok := pair.Key.(*ast.Ident)
	return ok && name.Name == "Args"
}
