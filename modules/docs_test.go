// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

func TestDocs(t *testing.T) {
	each(t, func(t *testing.T, m *ansible.Module) {
		doc, err := m.Doc()
		for _, fault := range several.Apart(err) {
			t.Error(fault)
		}
		if doc == nil {
			return
		}
		if strings.HasSuffix(doc.ShortDescription, ".") {
			t.Errorf("doc.yml of %s: short_description ends with a period", m.Name)
		}
		for _, text := range slices.Concat(doc.Description, doc.Notes) {
			sentence(t, text)
		}
		if !strings.HasSuffix(doc.CheckMode, ".") {
			t.Errorf("doc.yml of %s: check_mode has to say in a sentence what check mode does: %q", m.Name, doc.CheckMode)
		}
		related(t, m, &doc.SeeAlso)
		returned(t, &doc.Returns)
		if !slices.Contains(doc.ReturnKeys(), "msg") {
			t.Errorf("doc.yml of %s: returns has no msg: a module says in a sentence what it did or read, which the terminal and the journal of a timer begin with", m.Name)
		}
		if err := m.CheckResult(); len(doc.Returns.Content) > 0 && err != nil {
			t.Error(err)
		}
	})
}

// related checks what a module names as related: other modules of the collection, and pages of this repository.
func related(t *testing.T, m *ansible.Module, list *yaml.Node) {
	t.Helper()
	var all []struct{ Module, Name, Description, Link string }
	if err := list.Decode(&all); err != nil {
		t.Errorf("doc.yml of %s: seealso: %v", m.Name, err)
	}
	if len(all) == 0 {
		t.Errorf("doc.yml of %s: no seealso: name the modules or the pages that belong to it", m.Name)
	}
	for _, one := range all {
		sentence(t, one.Description)
		known := slices.ContainsFunc(All(), func(other *ansible.Module) bool { return other != m && other.FullName() == one.Module })
		page, ours := strings.CutPrefix(one.Link, "https://github.com/openstack-ops/ansible-collection-placement/blob/main/")
		if one.Link != "" && ours {
			_, err := os.Stat("../" + page)
			known = err == nil && one.Name != ""
		}
		if !known || one.Module == m.FullName() {
			t.Errorf("seealso names %s%s, which is no other module and no page of the repository", one.Module, one.Link)
		}
	}
}

func TestOptions(t *testing.T) {
	each(t, func(t *testing.T, m *ansible.Module) {
		table, err := m.Options()
		if err != nil {
			t.Fatal(err)
		}
		checkOptions(t, table)
	})
}

func checkOptions(t *testing.T, table []*argspec.Option) {
	t.Helper()
	for _, o := range table {
		for _, text := range o.Description {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("the description of the option %s does not end with a period: %q", o.Name, text)
			}
		}
		holdsText := o.Type == argspec.Str || o.Elements == argspec.Str
		if holdsText && mask.IsSecretKey(o.Name) && !o.NoLog {
			t.Errorf("the option %s sounds like a secret; mark it with x-ansible-no_log=true", o.Name)
		}
		if _, err := o.DefaultValue(); err != nil {
			t.Errorf("the default of %s: %v", o.Name, err)
		}
		checkOptions(t, o.Options)
		if o.Values != nil {
			checkOptions(t, o.Values.Options)
		}
	}
}

// A task of an example is taken as an operator would write it: its options have to be options.
func TestExamples(t *testing.T) {
	each(t, func(t *testing.T, m *ansible.Module) {
		doc, err := m.Doc()
		if doc == nil {
			t.Fatal(err)
		}
		var tasks []map[string]any
		if err := yaml.Unmarshal([]byte(doc.Examples), &tasks); err != nil {
			t.Fatalf("examples of doc.yml of %s: %v", m.Name, err)
		}
		found := false
		for _, task := range tasks {
			args, ours := task[m.FullName()].(map[string]any)
			found = found || ours
			for _, name := range unknown(t, m, args) {
				t.Errorf("an example has the option %s, which there is not", name)
			}
		}
		if !found {
			t.Errorf("no example calls %s by its full name", m.Name)
		}
	})
}

func unknown(t *testing.T, m *ansible.Module, args map[string]any) []string {
	t.Helper()
	table, err := m.Options()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for name := range args {
		if !slices.ContainsFunc(table, func(o *argspec.Option) bool { return o.Name == name || slices.Contains(o.Aliases, name) }) {
			all = append(all, name)
		}
	}
	return all
}

// returned checks the descriptions of what a module returns, at all levels.
func returned(t *testing.T, keys *yaml.Node) {
	t.Helper()
	var values map[string]struct {
		Description any       `yaml:"description"` // one paragraph, or a list of them
		Returned    string    `yaml:"returned"`
		Type        string    `yaml:"type"`
		Elements    string    `yaml:"elements"`
		Contains    yaml.Node `yaml:"contains"`
	}
	if err := keys.Decode(&values); err != nil {
		t.Errorf("doc.yml: returns: %v", err)
	}
	for key, value := range values {
		if text := strings.TrimRight(fmt.Sprint(value.Description), "]\n"); !strings.HasSuffix(text, ".") {
			t.Errorf("doc.yml: the description of the returned key %s does not end with a period: %s", key, text)
		}
		if value.Returned == "" || value.Type == "" {
			t.Errorf("doc.yml: the returned key %s has no returned or no type: say when it is there, and what it is", key)
		}
		if (value.Type == "list") != (value.Elements != "") {
			t.Errorf("doc.yml: the returned key %s of type %s has the elements %q: a list has elements, and nothing else has", key, value.Type, value.Elements)
		}
		returned(t, &value.Contains)
	}
}

func sentence(t *testing.T, text string) {
	t.Helper()
	if !strings.HasSuffix(text, ".") {
		t.Errorf("%q does not end with a period", text)
	}
}
