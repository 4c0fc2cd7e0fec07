// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The usual lengths hold for 19 of 20 files and functions, and the longest for each function. TestFileLength holds the longest file.
const usualFile, usualFunction, longestFunction = 250, 30, 60

// measured is a file or a function, and its lines.
type measured struct {
	name  string
	lines int
}

func TestUsualLengths(t *testing.T) {
	everywhere := files(t, ".go")
	program := slices.DeleteFunc(slices.Clone(everywhere), func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	for set, names := range map[string][]string{"with tests": everywhere, "without tests": program} {
		t.Run(set, func(t *testing.T) {
			var whole, functions []measured
			for _, name := range names {
				file, inside := lengthsOf(t, name)
				whole, functions = append(whole, file), append(functions, inside...)
			}
			wantUsual(t, "files", whole, usualFile)
			wantUsual(t, "functions", functions, usualFunction)
		})
	}
}

func TestLongestFunction(t *testing.T) {
	for _, name := range files(t, ".go") {
		_, functions := lengthsOf(t, name)
		for _, f := range functions {
			if f.lines > longestFunction {
				t.Errorf("%s has %d lines, more than %d: part it, a table by theme", f.name, f.lines, longestFunction)
			}
		}
	}
}

// wantUsual names the longest if more than one of twenty is longer than usual.
func wantUsual(t *testing.T, what string, all []measured, usual int) {
	t.Helper()
	slices.SortFunc(all, func(a, b measured) int { return cmp.Compare(a.lines, b.lines) })
	if len(all) < 500 {
		t.Fatalf("only %d %s", len(all), what)
	}
	p95 := all[len(all)*95/100].lines
	if p95 <= usual {
		return
	}
	var longest strings.Builder
	for _, m := range slices.Backward(all[len(all)-20:]) {
		fmt.Fprintf(&longest, "\n%5d  %s", m.lines, m.name)
	}
	t.Errorf("the p95 of %d %s is %d lines, more than %d: part some where they part by subject. The longest:%s",
		len(all), what, p95, usual, longest.String())
}

// lengthsOf returns how long a file and each of its functions is.
func lengthsOf(t *testing.T, name string) (file measured, functions []measured) {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, filepath.Join(root, name), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	line := func(p token.Pos) int { return set.Position(p).Line }
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			functions = append(functions, measured{name + ": " + f.Name.Name, line(f.End()) - line(f.Pos()) + 1})
		}
	}
	return measured{name, line(parsed.FileEnd)}, functions
}
