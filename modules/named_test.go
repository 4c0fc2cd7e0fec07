// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// italic is what texts name an option or a returned key by, also with a value or a key in it.
var italic = regexp.MustCompile(`\bI\(([^)=]+)`)

// What a text of a module names as an option or a returned key is one of that module.
func TestNamesInTexts(t *testing.T) {
	seen := 0
	each(t, func(t *testing.T, m *ansible.Module) {
		doc, err := m.Doc()
		if err != nil {
			t.Fatal(err)
		}
		table, err := m.Options()
		if err != nil {
			t.Fatal(err)
		}
		names, texts := inOptions(table)
		names = append(names, inReturns(&doc.Returns)...)
		text := strings.Join(append(slices.Concat(texts, doc.Description, doc.Notes), doc.CheckMode), "\n")
		for _, found := range italic.FindAllStringSubmatch(text, -1) {
			seen++
			if name, _, _ := strings.Cut(found[1], "."); !slices.Contains(names, name) {
				t.Errorf("a text of %s names I(%s), which is no option and no returned key of it: write its name, or C(…) for what is neither", m.Name, found[1])
			}
		}
	})
	if seen < 100 {
		t.Errorf("only %d names", seen)
	}
}

// inOptions returns the names and the descriptions of options, at all levels.
func inOptions(table []*argspec.Option) (names, texts []string) {
	for _, o := range table {
		names, texts = append(append(names, o.Name), o.Aliases...), append(texts, o.Description...)
		inner := o.Options
		if o.Values != nil {
			inner = append(slices.Clone(inner), o.Values.Options...)
		}
		more, said := inOptions(inner)
		names, texts = append(names, more...), append(texts, said...)
	}
	return names, texts
}

// inReturns returns the keys of a result, at all levels.
func inReturns(keys *yaml.Node) []string {
	var names []string
	for i := 0; i+1 < len(keys.Content); i += 2 {
		names = append(names, keys.Content[i].Value)
		for j, part := range keys.Content[i+1].Content {
			if part.Value == "contains" && j+1 < len(keys.Content[i+1].Content) {
				names = append(names, inReturns(keys.Content[i+1].Content[j+1])...)
			}
		}
	}
	return names
}
