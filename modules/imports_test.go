// SPDX-License-Identifier: Apache-2.0

package modules_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const home = "github.com/openstack-ops/ansible-collection-placement/modules"

// fence says what the files of some packages may import of what it is about.
type fence struct {
	name string
	// applies reports whether the fence is about this package, by its folder below modules.
	applies func(pkg string) bool
	// forbids reports whether the import is on the other side.
	forbids func(pkg, imported string) bool
}

// wings are the parts of the house, the lowest first: each may import itself and those before it.
func wings() []string {
	return []string{
		"internal/core", // pure: what judges and tells
		"internal/edge", // what touches services and disks
		"internal/wire", // what speaks Ansible
		"internal/docs", // what makes documentation
	}
}

// floor returns how high a package stands: the modules above all wings, and what is not ours below them.
func floor(pkg string) int {
	if pkg == "" {
		return -1
	}
	return slices.IndexFunc(append(wings(), ""), func(wing string) bool { return in(wing, pkg) })
}

// in reports whether the package is in the wing. All are in the empty one.
func in(wing, pkg string) bool { return wing == "" || strings.HasPrefix(pkg, wing+"/") }

func fences() []fence {
	wing := func(name string) func(string) bool { return func(pkg string) bool { return in("internal/"+name, pkg) } }
	not := func(name string) func(string) bool {
		return func(pkg string) bool { return pkg != "internal/"+name && !in("internal/"+name, pkg) }
	}
	everywhere := func(string) bool { return true }
	return []fence{
		{"every arrow points down", everywhere, func(pkg, imported string) bool { return floor(below(imported)) > floor(pkg) }},
		{"core is pure", wing("core"), func(_, imported string) bool { return below(imported) == "" && !pure(imported) }},
		{"only edge imports gophercloud", not("edge"), func(_, imported string) bool {
			return strings.HasPrefix(imported, "github.com/gophercloud/")
		}},
		{"only database/query sends statements", not("edge/database/query"), func(_, imported string) bool {
			return strings.HasPrefix(imported, "github.com/go-sql-driver/")
		}},
		{
			"only wire and docs know the schema library", func(pkg string) bool { return floor(pkg) < slices.Index(wings(), "internal/wire") },
			func(_, imported string) bool { return imported == "github.com/invopop/jsonschema" },
		},
		{"what speaks Ansible knows no cloud", speaksAnsible, func(_, imported string) bool {
			return in("internal/edge", below(imported))
		}},
		{"a check never imports another check", isCheck, func(_, imported string) bool {
			return in("internal/core/checks", below(imported))
		}},
		{"a module never imports another module", isModule, func(_, imported string) bool { return isModule(below(imported)) }},
		{"only modules.go imports modules", func(pkg string) bool { return pkg != "." }, func(_, imported string) bool {
			return imported == home || isModule(below(imported))
		}},
	}
}

func isModule(pkg string) bool { return pkg != "" && pkg != "." && !strings.Contains(pkg, "/") }

func isCheck(pkg string) bool {
	return in("internal/core/checks", pkg) && pkg != "internal/core/checks/checktest"
}

func speaksAnsible(pkg string) bool {
	return pkg == "internal/wire/ansible" || pkg == "internal/wire/argspec"
}

// below returns the folder below modules that an import path names; "" for one that is not ours.
func below(imported string) string {
	rest, ours := strings.CutPrefix(imported, home+"/")
	if !ours {
		return ""
	}
	return rest
}

// pure reports whether a package of others reads and writes nothing outside of the program. strict decodes what services answer,
// from bytes; computeid makes UUIDs of names; html embeds the template of its pages.
func pure(imported string) bool {
	return strings.HasPrefix(imported, "github.com/go-json-experiment/json") || imported == "github.com/gofrs/uuid/v5" || imported == "github.com/jedib0t/go-pretty/v6/text" ||
		imported == "github.com/hashicorp/go-multierror" || imported == "github.com/go-logfmt/logfmt" || slices.Contains([]string{
		"bytes", "cmp", "compress/flate", "crypto/sha256", "embed", "encoding/base64", "encoding/csv", "encoding/json", "encoding/xml", "errors", "fmt", "hash/fnv", "hash/maphash", "html/template", "io", "iter", "maps", "math", "net/url", "path", "reflect", "regexp", "slices",
		"sort", "strconv", "strings", "sync", "time", "unicode", "unicode/utf8",
	}, imported)
}

// A wrong import of each kind is seen.
func TestFences(t *testing.T) {
	for name, c := range map[string]struct{ pkg, imported string }{
		"core is pure":                               {"internal/core/check", "os"},
		"every arrow points down":                    {"internal/core/check", home + "/internal/edge/files"},
		"only edge imports gophercloud":              {"internal/wire/connection", "github.com/gophercloud/gophercloud/v2"},
		"only database/query sends statements":       {"internal/edge/database", "github.com/go-sql-driver/mysql"},
		"only wire and docs know the schema library": {"internal/edge/cloud", "github.com/invopop/jsonschema"},
		"what speaks Ansible knows no cloud":         {"internal/wire/ansible", home + "/internal/edge/cloud"},
		"a check never imports another check":        {"internal/core/checks/nearfull", home + "/internal/core/checks/badshape"},
		"a module never imports another module":      {"audit", home + "/conflicts"},
		"only modules.go imports modules":            {"internal/wire/connection", home + "/audit"},
	} {
		if got := crossed(c.pkg, c.imported); !slices.Contains(got, name) {
			t.Errorf("%s imports %s: %v, want %s", c.pkg, c.imported, got, name)
		}
	}
}

// Each wing may import itself and those below it, and the modules any of them. Every other direction is seen.
func TestDirections(t *testing.T) {
	const arrow = "every arrow points down"
	for i, from := range append(wings(), "audit") {
		for j, to := range append(wings(), "audit") {
			if got := slices.Contains(crossed(from+"/x", home+"/"+to+"/y"), arrow); got != (j > i) {
				t.Errorf("%s imports %s: refused %v", from, to, got)
			}
		}
	}
}

// crossed returns the fences that an import crosses.
func crossed(pkg, imported string) []string {
	var names []string
	for _, f := range fences() {
		if f.applies(pkg) && f.forbids(pkg, imported) {
			names = append(names, f.name)
		}
	}
	return names
}

func TestImports(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		if slices.Contains([]string{"checktest", "stricttest", "reporttest"}, filepath.Base(filepath.Dir(file))) {
			return nil // part of the tests
		}
		files++
		inspect(t, filepath.ToSlash(file))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("only %d files were looked at", files)
	}
}

func inspect(t *testing.T, file string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	pkg := path.Dir(file)
	for _, spec := range parsed.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		for _, name := range crossed(pkg, imported) {
			t.Errorf("%s imports %s, but %s: move what needs it to where it may; the map in modules/doc.go says what belongs where", file, imported, name)
		}
	}
}
