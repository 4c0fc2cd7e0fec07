// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// gap stands for what a remedy says of one finding only.
const gap = "…"

// printed is a text that the code can print as a remedy, with gaps.
type printed struct {
	text string
	ids  []string // of the check whose package has it; none for what several share
}

// like matches what it is in a finding.
func (p printed) like() *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(p.text), gap, ".*"))
}

// remedyTexts reads the code of all checks and returns every text that is, or begins, the text of a remedy.
func remedyTexts(t *testing.T) []printed {
	t.Helper()
	folders, err := filepath.Glob("../internal/core/checks/*")
	if err != nil {
		t.Fatal(err)
	}
	var all []printed
	for _, folder := range append(folders, "../internal/core/check") {
		all = append(all, textsIn(t, folder)...)
	}
	return all
}

var small = regexp.MustCompile(`^[a-z]`)

func textsIn(t *testing.T, folder string) []printed {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var ids, texts []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			texts, ids = append(texts, remedyIn(n)...), append(ids, idIn(n)...)
			return true
		})
	}
	var out []printed
	for _, text := range texts {
		if text = strings.TrimSuffix(text, gap); text != "" && !small.MatchString(text) {
			out = append(out, printed{text, ids})
		}
	}
	return out
}

// idIn returns the id of a check that is made here.
func idIn(n ast.Node) []string {
	pair, ok := n.(*ast.KeyValueExpr)
	if !ok || name(pair.Key) != "ID" {
		return nil
	}
	if id := constant(pair.Value); strings.HasPrefix(id, "PLC") {
		return []string{id}
	}
	return nil
}

// remedyIn returns the text of a remedy that is made here, given to one, or returned as one.
func remedyIn(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if name(n.Type) == "Remedy" {
			return field(n, "Text")
		}
	case *ast.AssignStmt:
		if to := name(n.Lhs[0]); n.Tok != token.ADD_ASSIGN && len(n.Rhs) == 1 && (to == "text" || to == "Text") {
			return []string{constant(n.Rhs[0])}
		}
	case *ast.CallExpr:
		if name(n.Fun) == "see" {
			return []string{constant(n.Args[1])}
		}
	case *ast.FuncDecl:
		if n.Name.Name == "remedy" && n.Type.Results != nil && name(n.Type.Results.List[0].Type) == "string" {
			return returned(n)
		}
	}
	return nil
}

func field(lit *ast.CompositeLit, key string) []string {
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok && name(pair.Key) == key {
			return []string{constant(pair.Value)}
		}
	}
	return nil
}

func returned(fn *ast.FuncDecl) []string {
	var texts []string
	ast.Inspect(fn, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			texts = append(texts, constant(r.Results[0]))
		}
		return true
	})
	return texts
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

var verb = regexp.MustCompile(`%(\[\d\])?[a-z]`)

// constant is what is known of a text from the code alone. What is not is a gap.
func constant(e ast.Expr) string {
	text := gap
	switch e := e.(type) {
	case *ast.BasicLit:
		if literal, err := strconv.Unquote(e.Value); err == nil {
			text = literal
		}
	case *ast.BinaryExpr:
		text = constant(e.X) + constant(e.Y)
	case *ast.CallExpr:
		if name(e.Fun) == "Sprintf" {
			text = verb.ReplaceAllString(constant(e.Args[0]), gap)
		}
	}
	return strings.ReplaceAll(text, gap+gap, gap)
}

// short is what the table says of a text: its beginning.
func short(text string) string {
	const enough = 90
	if len(text) <= enough {
		return strings.TrimSpace(text)
	}
	return text[:strings.LastIndex(text[:enough], " ")] + " " + gap
}

// remedyRow is a row of docs/remedies.md.
type remedyRow struct {
	ids   []string // of the checks that print it
	text  string   // how it begins
	state string   // in which it was tried, or why it was not
	tests []string // that follow it on the lab; none: the lab can't make its state
}

func (r remedyRow) key() string { return strings.Join(r.ids, " ") + " | " + r.text }

// remedyTable reads docs/remedies.md.
func remedyTable(t *testing.T) []remedyRow {
	t.Helper()
	page, err := os.ReadFile("../../docs/remedies.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []remedyRow
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		const columns = 4
		if len(cells) != columns || !strings.HasPrefix(line, "| PLC") {
			continue
		}
		row := remedyRow{ids: strings.Fields(strings.Trim(cells[0], "| ")), text: cells[1], state: cells[2]}
		row.tests = regexp.MustCompile(`TestLab\w*(?: \((?:zed|current)\))?`).FindAllString(cells[3], -1)
		rows = append(rows, row)
	}
	return rows
}

// rowsOf returns the rows of a remedy that was printed: of its ending, if it has one, then of its beginning.
func rowsOf(t *testing.T, id, remedy string) []remedyRow {
	t.Helper()
	table := remedyTable(t)
	var rows []remedyRow
	for _, p := range remedyTexts(t) {
		for _, row := range table {
			if row.text == short(p.text) && slices.Contains(row.ids, id) && p.like().MatchString(remedy) {
				rows = append(rows, row)
			}
		}
	}
	if len(rows) == 0 {
		t.Fatalf("docs/remedies.md has no row for %s: %s", id, remedy)
	}
	slices.SortStableFunc(rows, func(a, b remedyRow) int {
		ending := func(r remedyRow) bool { return strings.HasPrefix(r.text, gap) }
		if ending(a) != ending(b) && ending(a) {
			return -1
		}
		return len(b.text) - len(a.text)
	})
	return rows
}

// reason is why a remedy was not tried.
var reason = regexp.MustCompile(`nothing to try|the lab (can't|has no)|is done first`)

// The table has each remedy that the code can print, and no other. Each was tried, or the table says why not.
func TestRemedyTable(t *testing.T) {
	rows := remedyTable(t)
	of := func(p printed, r remedyRow) bool {
		return r.text == short(p.text) && (len(p.ids) == 0 || slices.Equal(p.ids, r.ids))
	}
	texts := remedyTexts(t)
	for _, p := range texts {
		if !slices.ContainsFunc(rows, func(r remedyRow) bool { return of(p, r) }) {
			t.Errorf("docs/remedies.md lacks a row: | %s | %s | the state it was tried in | the test |", strings.Join(p.ids, " "), short(p.text))
		}
	}
	for i, r := range rows {
		if !slices.ContainsFunc(texts, func(p printed) bool { return of(p, r) }) {
			t.Errorf("docs/remedies.md has a row that no code prints, take it out: %s", r.key())
		}
		if len(r.tests) == 0 && !reason.MatchString(r.state) {
			t.Errorf("docs/remedies.md: not tried, and no reason why: %s. Name the test in the last column, or say why not in the one before: "+
				`"the lab can't …", "the lab has no …", "nothing to try: …" or "… is done first"`, r.key())
		}
		if slices.ContainsFunc(rows[:i], func(other remedyRow) bool { return other.key() == r.key() }) {
			t.Errorf("docs/remedies.md has this row twice: %s", r.key())
		}
	}
}
