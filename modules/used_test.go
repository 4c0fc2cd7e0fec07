// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Whatever an option's field holds is read: that of a module in its own package, or in one that this imports, which may get the
// whole struct; that of what modules share anywhere. Two fields of one name are read twice.
func TestOptionsAreUsed(t *testing.T) {
	seen := map[string]*names{}
	for _, folder := range packages(t) {
		seen[folder] = &names{selected: map[string]int{}, imports: map[string]bool{folder: true}, options: map[string]int{}}
		for _, path := range sources(t, folder) {
			if !strings.HasSuffix(path, "_test.go") {
				seen[folder].add(t, path)
			}
		}
	}
	all := slices.Collect(maps.Keys(seen))
	count := 0
	for folder, of := range seen {
		reach := slices.Collect(maps.Keys(of.imports))
		if strings.Contains(folder, "/") {
			reach = all
		}
		for field, declared := range of.options {
			count += declared
			if reads := readsOf(seen, reach, field); reads < declared {
				t.Errorf("modules/%s has the option %s in %d fields, and reads it %d times: write the code that reads it, or take the field out", folder, field, declared, reads)
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d options", count)
	}
}

// readsOf counts how often a field is read in these folders.
func readsOf(seen map[string]*names, folders []string, field string) int {
	reads := 0
	for _, folder := range folders {
		if seen[folder] != nil {
			reads += seen[folder].selected[field]
		}
	}
	return reads
}

// names count those in the sources of a package: of fields that are options, and of what is selected; and they are the folders that
// it imports.
type names struct {
	options, selected map[string]int
	imports           map[string]bool
}

// add adds those of a file. What it selects of another package is no field, and to set one is not to read it. A role's options are
// read by its tasks.
func (all *names) add(t *testing.T, path string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	imported := all.importsOf(tree)
	set := map[ast.Node]bool{}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				set[left] = n.Tok == token.ASSIGN
			}
		case *ast.SelectorExpr:
			if of, is := n.X.(*ast.Ident); !set[n] && (!is || !imported[of.Name]) {
				all.selected[n.Sel.Name]++
			}
		case *ast.Field:
			if n.Tag != nil && strings.Contains(n.Tag.Value, "jsonschema_description:") && !strings.HasPrefix(path, "internal/docs/roles/") {
				all.options[n.Names[0].Name]++
			}
		}
		return true
	})
}

// importsOf are the names by which a file calls what it imports. It adds the folders of the project.
func (all *names) importsOf(tree *ast.File) map[string]bool {
	imported := map[string]bool{}
	for _, one := range tree.Imports {
		full := strings.Trim(one.Path.Value, `"`)
		if _, ours, is := strings.Cut(full, "/ansible-collection-placement/modules/"); is {
			all.imports[ours] = true
		}
		imported[filepath.Base(regexp.MustCompile(`/v\d+$`).ReplaceAllString(full, ""))] = true
		if one.Name != nil {
			imported[one.Name.Name] = true
		}
	}
	return imported
}
