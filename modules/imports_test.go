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

// foreignText is what any package may use.
const foreignText = "internal/foreign"

// fence says what the files of some packages may import of what it is about.
type fence struct {
	name string
	// applies says whether the fence is about this package, by its folder below modules.
	applies func(pkg string) bool
	// forbids says whether the import is on the other side.
	forbids func(pkg, imported string) bool
}

func fences() []fence {
	pure := func(pkg string) bool {
		return pkg == "internal/check" || pkg == "internal/snapshot" || strings.HasPrefix(pkg, "internal/checks")
	}
	return []fence{
		{"checks and snapshots are pure", pure, func(_, imported string) bool { return !allowedInPure(imported) }},
		{"what is made of a verdict is pure", fromVerdict, func(_, imported string) bool {
			return !allowedInPure(imported) && !fromVerdict(below(imported)) && imported != "path" && imported != "unicode" &&
				below(imported) != "internal/conflicts" && below(imported) != "internal/identity"
		}},
		{"what conflicts are is pure", func(pkg string) bool { return pkg == "internal/conflicts" }, func(_, imported string) bool {
			return !allowedInPure(imported) && !slices.Contains([]string{"hash/fnv", "net/url", "sync", "unicode/utf8"}, imported)
		}},
		{"what becomes of identities is pure", func(pkg string) bool { return pkg == "internal/identity" }, func(_, imported string) bool {
			return !allowedInPure(imported) && imported != "github.com/gofrs/uuid/v5"
		}},
		{"what cleans text is pure", func(pkg string) bool { return pkg == foreignText }, func(_, imported string) bool {
			return !slices.Contains([]string{"strings", "unicode", "unicode/utf8"}, imported)
		}},
		{"only strict decodes answers", func(pkg string) bool { return pkg != "internal/strict" }, func(_, imported string) bool {
			return strings.HasPrefix(imported, "github.com/go-json-experiment/")
		}},
		{"the clients decode nothing by themselves", func(pkg string) bool {
			return pkg == "internal/rest" || pkg == "internal/placement" || pkg == "internal/nova"
		}, func(_, imported string) bool { return imported == "encoding/json" }},
		{"a check never imports another check", isCheck, func(_, imported string) bool {
			return strings.HasPrefix(imported, home+"/internal/checks/")
		}},
		{"a module never imports another module", isModule, func(_, imported string) bool {
			return isModule(below(imported)) && imported != home
		}},
		{"nothing internal imports a module", isInternal, func(_, imported string) bool {
			return imported == home || isModule(below(imported))
		}},
		{"only the edge imports gophercloud", notEdge, func(_, imported string) bool {
			return strings.HasPrefix(imported, "github.com/gophercloud/")
		}},
		{"only the wire knows the schema library", func(pkg string) bool {
			return pkg != "internal/ansible" && pkg != "internal/gendocs"
		}, func(_, imported string) bool { return imported == "github.com/invopop/jsonschema" }},
		{
			"the wire knows nothing of clouds", func(pkg string) bool { return pkg == "internal/ansible" },
			func(_, imported string) bool { return below(imported) != "" && below(imported) != foreignText },
		},
		{
			"clouds know nothing of the wire", func(pkg string) bool { return slices.Contains(edge(), pkg) },
			func(_, imported string) bool { return imported == home+"/internal/ansible" },
		},
	}
}

func fromVerdict(pkg string) bool {
	return slices.Contains([]string{"internal/sift", "internal/report", "internal/markdown", "internal/verdict"}, pkg)
}

func edge() []string {
	return []string{"internal/cloud", "internal/rest", "internal/placement", "internal/nova"}
}

func notEdge(pkg string) bool    { return !slices.Contains(edge(), pkg) }
func isInternal(pkg string) bool { return strings.HasPrefix(pkg, "internal/") }
func isModule(pkg string) bool {
	return pkg != "" && pkg != "." && !isInternal(pkg) && !strings.Contains(pkg, "/")
}

func isCheck(pkg string) bool {
	return strings.HasPrefix(pkg, "internal/checks/") && pkg != "internal/checks/checktest"
}

// below returns the folder below modules that an import path names; "" for one that is not ours.
func below(imported string) string {
	rest, ours := strings.CutPrefix(imported, home+"/")
	if !ours {
		return ""
	}
	return rest
}

// allowedInPure lists what a pure package may use of the standard library, and ours.
func allowedInPure(imported string) bool {
	if ours := below(imported); ours != "" {
		return ours == "internal/check" || ours == "internal/snapshot" || ours == foreignText || ours == "internal/strict" ||
			strings.HasPrefix(ours, "internal/checks/")
	}
	return slices.Contains([]string{
		"bytes", "cmp", "encoding/json", "errors", "fmt", "io", "iter", "maps", "math", "regexp", "slices", "sort",
		"strconv", "strings", "time",
	}, imported)
}

func TestImports(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		if slices.Contains([]string{"checktest", "stricttest"}, filepath.Base(filepath.Dir(file))) {
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
		for _, f := range fences() {
			if f.applies(pkg) && f.forbids(pkg, imported) {
				t.Errorf("%s imports %s: %s", file, imported, f.name)
			}
		}
	}
}
