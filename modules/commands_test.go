// SPDX-License-Identifier: Apache-2.0

package modules_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// commandName is a program that a person is told to run, with what begins its arguments.
var commandName = regexp.MustCompile(`(?:^|[^\w/.])(?:openstack +(?:-|[a-z]{3})|(?:nova-(?:manage|status)|placement-(?:manage|status)|kolla-ansible|kayobe|osism|` +
	`ansible(?:-\w+)?|(?:docker|podman) exec|sudo|systemctl|journalctl|hostnamectl|mysql|mariadb|curl|ssh|rm|mv|chown) +[-a-z])`)

// A command is either in a text that is constant as a whole, such as the documentation, or made by foreign.Command: in any
// other way a name of others could come into it unquoted.
func TestCommandsAreBuiltInOnePlace(t *testing.T) {
	packages := map[string][]*ast.File{}
	files := token.NewFileSet()
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(files, file, nil, 0)
		packages[filepath.Dir(file)] = append(packages[filepath.Dir(file)], parsed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, pkg := range packages {
		found := &commandFinder{files: files, constants: constants(packages, pkg)}
		for _, file := range pkg {
			ast.Walk(visit{found, nil}, file)
		}
		for _, fault := range found.faults {
			t.Error(fault)
		}
		commands += found.commands
	}
	if commands < 20 {
		t.Errorf("only %d commands were found", commands)
	}
}

func TestCommandFinder(t *testing.T) {
	const before = "package p\nconst fixed = \"x\"\ntype doc struct{ Remedy string }\nfunc f(name string, out strings.Builder) any {\n"
	for name, c := range map[string]struct {
		code  string
		fault bool
	}{
		"documentation":   {`return doc{Remedy: "Do it:\n" + "openstack server list"}`, false},
		"with a constant": {`return doc{Remedy: "openstack server show " + fixed}`, false},
		"one function":    {`return "Do it: " + foreign.Command("openstack server show "+fixed+" %s", name)`, false},
		"another text":    {`return "the openstack of " + name`, false},
		"a path":          {`return "/usr/bin/openstack server " + name`, false},
		"a comparison":    {`return name == "openstack server"`, true},
		"joined":          {`return "openstack server show " + name`, true},
		"joined before":   {`return name + ": openstack server list"`, true},
		"in a field":      {`return doc{Remedy: "Do it: nova-manage cell_v2 " + name}`, true},
		"formatted":       {`return fmt.Sprintf("nova-manage placement heal_allocations --instance %s", name)`, true},
		"written":         {`out.WriteString("docker exec nova_api "); return name`, true},
		"in a list":       {`return strings.Join([]string{"openstack server show", name}, " ")`, true},
		"added to":        {`text := "openstack server show "; text += name; return text`, true},
		"in brackets":     {`return ("openstack server show ") + (name)`, true},
		"a variable line": {`return foreign.Command("openstack server show "+name)`, true},
		"a quoted place":  {`return foreign.Command("openstack server show '%s'", name)`, true},
		"a glued place":   {`return foreign.Command("openstack server show a%s", name)`, true},
		"another verb":    {`return foreign.Command("openstack server show %q", name)`, true},
		"no word":         {`return foreign.Command("openstack server show %s")`, true},
		"no place":        {`return foreign.Command("openstack server show", name)`, true},
	} {
		t.Run(name, func(t *testing.T) {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, "p.go", before+c.code+"\n}\n", 0)
			if err != nil {
				t.Fatal(err)
			}
			pkg := []*ast.File{file}
			found := &commandFinder{files: files, constants: constants(map[string][]*ast.File{"p": pkg}, pkg)}
			ast.Walk(visit{found, nil}, file)
			if (len(found.faults) > 0) != c.fault {
				t.Errorf("faults %q", found.faults)
			}
		})
	}
}

// constants returns the names of all constants: those of pkg as they stand, others as package.Name.
func constants(packages map[string][]*ast.File, pkg []*ast.File) map[string]bool {
	names := map[string]bool{}
	for _, files := range packages {
		for _, file := range files {
			prefix := file.Name.Name + "."
			if slices.Contains(pkg, file) {
				prefix = ""
			}
			addAll(names, prefix, file)
		}
	}
	return names
}

// addAll adds the constants of a file.
func addAll(names map[string]bool, prefix string, file *ast.File) {
	for _, decl := range file.Decls {
		if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.CONST {
			addConstants(names, prefix, group)
		}
	}
}

func addConstants(names map[string]bool, prefix string, group *ast.GenDecl) {
	for _, spec := range group.Specs {
		if value, ok := spec.(*ast.ValueSpec); ok {
			for _, name := range value.Names {
				names[prefix+name.Name] = true
			}
		}
	}
}

type commandFinder struct {
	files     *token.FileSet
	constants map[string]bool
	commands  int
	faults    []string
}

// visit is a step of the walk, with the nodes above, the nearest last.
type visit struct {
	*commandFinder
	above []ast.Node
}

// Visit looks at a node and goes down.
func (v visit) Visit(node ast.Node) ast.Visitor {
	switch n := node.(type) {
	case nil:
		return nil
	case *ast.CallExpr:
		v.command(n)
	case *ast.BasicLit:
		if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && commandName.MatchString(text) && !v.allowed(n) {
			v.faults = append(v.faults, fmt.Sprintf("%s: a command that foreign.Command does not build: %.60q", v.files.Position(n.Pos()), text))
		}
	}
	return visit{v.commandFinder, append(slices.Clone(v.above), node)}
}

// command looks at a call of foreign.Command: its line is constant, and each %s in it is a word of its own and has one.
func (v visit) command(call *ast.CallExpr) {
	if !isCommand(call) {
		return
	}
	v.commands++
	line, constant := "", len(call.Args) > 0 && v.constant(call.Args[0])
	if constant {
		line = literals(call.Args[0])
	}
	places := regexp.MustCompile(`[ =]%s(?: |$)`).FindAllString(strings.ReplaceAll(line, " ", "  "), -1)
	if !constant || len(places) != strings.Count(line, "%") || len(places) != len(call.Args)-1 {
		v.faults = append(v.faults, fmt.Sprintf("%s: foreign.Command with a line that varies, or with places that are no words or have none",
			v.files.Position(call.Pos())))
	}
}

func isCommand(node ast.Node) bool {
	call, ok := node.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := name.X.(*ast.Ident)
	return ok && pkg.Name == "foreign" && name.Sel.Name == "Command"
}

// allowed reports whether the constant that a literal is part of is the value of a field, a constant, a tag, or the line
// of a command.
func (v visit) allowed(literal *ast.BasicLit) bool {
	var top ast.Node = literal
	for _, node := range slices.Backward(v.above) {
		expr, ok := node.(ast.Expr)
		if ok && v.constant(expr) {
			top = node
			continue
		}
		switch n := node.(type) {
		case *ast.KeyValueExpr:
			return n.Value == top
		case *ast.ValueSpec:
			return v.constants[n.Names[0].Name]
		case *ast.Field:
			return n.Tag == top
		case *ast.CompositeLit:
			return !slices.ContainsFunc(n.Elts, func(e ast.Expr) bool { return !v.constant(e) })
		case *ast.CallExpr:
			return isCommand(n) && n.Args[0] == top
		}
		return false
	}
	return false
}

// constant reports whether an expression is made of literals and constants alone.
func (v visit) constant(expr ast.Expr) bool {
	switch e := expr.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.ParenExpr:
		return v.constant(e.X)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && v.constant(e.X) && v.constant(e.Y)
	case *ast.Ident:
		return v.constants[e.Name]
	case *ast.SelectorExpr:
		pkg, ok := e.X.(*ast.Ident)
		return ok && v.constants[pkg.Name+"."+e.Sel.Name]
	}
	return false
}

// literals returns the text of the literals in an expression.
func literals(expr ast.Expr) string {
	var text strings.Builder
	ast.Inspect(expr, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok {
			part, _ := strconv.Unquote(literal.Value)
			text.WriteString(part)
		}
		return true
	})
	return text.String()
}
