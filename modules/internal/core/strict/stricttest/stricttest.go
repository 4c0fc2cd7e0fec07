// SPDX-License-Identifier: Apache-2.0

// Package stricttest tests that types of answers need what their tags say, and that no type of a file escapes.
package stricttest

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
)

// Types tests the types that answers are decoded into, given by pointer, and all that they hold: without what has to be there,
// or with null in its place, an answer is none. Each struct of the file with names for JSON has to be among them.
func Types(t *testing.T, file string, roots ...any) {
	t.Helper()
	known := map[string]bool{}
	for _, root := range roots {
		typ := reflect.TypeOf(root).Elem()
		collect(typ, known)
		t.Run(typ.Name(), func(t *testing.T) { whole(t, typ) })
	}
	declared := structsOf(t, file)
	if len(declared) == 0 {
		t.Fatalf("%s declares no types", file)
	}
	for _, name := range declared {
		if !known[name] {
			t.Errorf("nobody tests the type %s of %s", name, file)
		}
	}
}

func collect(t reflect.Type, known map[string]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collect(t.Elem(), known)
	case reflect.Struct:
		known[t.Name()] = true
		for i := range t.NumField() {
			collect(t.Field(i).Type, known)
		}
	default:
	}
}

// structsOf lists the names of the structs of a file that have names for JSON.
func structsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok && slices.ContainsFunc(s.Fields.List, tagged) {
			names = append(names, spec.Name.Name)
		}
		return true
	})
	return names
}

func tagged(f *ast.Field) bool { return f.Tag != nil && strings.Contains(f.Tag.Value, `json:"`) }

// whole makes an answer of a type, and then takes one thing after the other out of it.
func whole(t *testing.T, typ reflect.Type) {
	t.Helper()
	good := example(typ)
	if err := decoded(typ, good); err != nil {
		t.Fatalf("%v: %v", good, err)
	}
	if err := decoded(typ, nil); err == nil {
		t.Error("null is taken for an answer")
	}
	b := breaker{t: t, root: typ, good: good}
	b.value(typ, nil)
	if b.tried == 0 {
		t.Error("there is nothing in it that has to be there")
	}
}

func decoded(typ reflect.Type, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return strict.Decode(text, reflect.New(typ).Interface(), nil)
}

// example is JSON that has all that a type may hold, one of each.
func example(t reflect.Type) any {
	if t == reflect.TypeFor[strict.Raw]() {
		return map[string]any{}
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return "2026-11-22T10:00:00Z"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return example(t.Elem())
	case reflect.Slice:
		return []any{example(t.Elem())}
	case reflect.Map:
		return map[string]any{"name": example(t.Elem())}
	case reflect.Struct:
		all := map[string]any{}
		for i := range t.NumField() {
			all[jsonName(t.Field(i))] = example(t.Field(i).Type)
		}
		return all
	case reflect.String:
		return "text"
	case reflect.Bool:
		return true
	default:
		return 1
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// breaker tries an answer without each of its parts.
type breaker struct {
	t     *testing.T
	root  reflect.Type
	good  any
	tried int
}

// value goes through what stands at a path of the answer.
func (b *breaker) value(t reflect.Type, path []string) {
	switch {
	case t == reflect.TypeFor[strict.Raw]() || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
	case t.Kind() == reflect.Pointer:
		b.value(t.Elem(), path)
	case t.Kind() == reflect.Slice:
		b.try(path, false, "0", nil)
		b.value(t.Elem(), append(slices.Clone(path), "0"))
	case t.Kind() == reflect.Map:
		b.try(path, false, "name", nil)
		b.value(t.Elem(), append(slices.Clone(path), "name"))
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			b.field(t.Field(i), path)
		}
	}
}

// missing stands for what is taken out.
type missing struct{}

func (b *breaker) field(f reflect.StructField, path []string) {
	rule, more, _ := strings.Cut(f.Tag.Get("strict"), ",")
	name := jsonName(f)
	b.try(path, rule == "optional", name, missing{})
	b.try(path, rule != "required", name, nil)
	if more == "id" && f.Type.Kind() == reflect.String {
		b.try(path, false, name, "")
		b.try(path, false, name, "a\nb")
	}
	if more == "id" && f.Type.Kind() == reflect.Map {
		b.try(path, false, name, map[string]any{"": example(f.Type.Elem())})
	}
	b.try(path, false, name, []any{[]any{map[string]any{}}}) // no field has this type
	b.value(f.Type, append(slices.Clone(path), name))
}

// try puts value instead of what has the name at the path, and decodes that.
func (b *breaker) try(path []string, taken bool, name string, value any) {
	b.t.Helper()
	if _, wrong := value.([]any); wrong && b.raw(path, name) {
		return
	}
	b.tried++
	if err := decoded(b.root, replaced(b.good, path, name, value)); (err == nil) != taken {
		b.t.Errorf("%s/%s: %T %v: %v", strings.Join(path, "/"), name, value, value, err)
	}
}

// raw reports whether anything may stand there.
func (b *breaker) raw(path []string, name string) bool {
	at := b.root
	for _, step := range append(slices.Clone(path), name) {
		for at.Kind() == reflect.Pointer {
			at = at.Elem()
		}
		if at.Kind() != reflect.Struct {
			at = at.Elem()
			continue
		}
		for i := range at.NumField() {
			if jsonName(at.Field(i)) == step {
				at = at.Field(i).Type
				break
			}
		}
	}
	return at == reflect.TypeFor[strict.Raw]()
}

// replaced is a copy of the value with another thing at a path.
func replaced(value any, path []string, name string, by any) any {
	switch v := value.(type) {
	case []any:
		if len(path) == 0 {
			return []any{by}
		}
		return []any{replaced(v[0], path[1:], name, by)}
	case map[string]any:
		out := maps.Clone(v)
		if len(path) > 0 {
			out[path[0]] = replaced(v[path[0]], path[1:], name, by)
		} else if out[name] = by; by == (missing{}) {
			delete(out, name)
		}
		return out
	}
	panic(fmt.Sprintf("nothing at %v in %v", path, value))
}
