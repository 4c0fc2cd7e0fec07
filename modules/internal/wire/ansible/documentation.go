// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// Doc is what a module's doc.yml says. Everything about options comes from the options struct instead.
type Doc struct {
	ShortDescription string    `yaml:"short_description"`
	Description      []string  `yaml:"description"`
	VersionAdded     string    `yaml:"version_added"`
	Author           []string  `yaml:"author"`
	Notes            []string  `yaml:"notes"`
	SeeAlso          yaml.Node `yaml:"seealso"`
	// CheckMode says what the module does in check mode. Commands of the program have none.
	CheckMode string `yaml:"check_mode"`
	// Commands are examples of the command line, for its help.
	Commands []struct {
		About   string `yaml:"about"`
		Command string `yaml:"command"`
	} `yaml:"commands"`
	// Examples is a YAML text, with its comments.
	Examples string `yaml:"examples"`
	// Returns has the structure of Ansible's RETURN.
	Returns yaml.Node `yaml:"returns"`
}

// Doc reads the module's doc.yml. A key it does not know is an error. All errors are told, and what could be read is returned beside
// them; nil if that is nothing.
func (m *Module) Doc() (*Doc, error) {
	doc := &Doc{}
	decoder := yaml.NewDecoder(bytes.NewReader(m.doc))
	decoder.KnownFields(true)
	err := decoder.Decode(doc)
	typed := &yaml.TypeError{}
	if err != nil && !errors.As(err, &typed) {
		return nil, fmt.Errorf("doc.yml of %s: %w", m.Name, err)
	}
	faults := []error{doc.missing(m.Name)}
	for _, text := range typed.Errors {
		text = strings.Replace(text, " not found in type ansible.Doc", " is no part of a doc.yml: write it as the other modules have it", 1)
		faults = append(faults, fmt.Errorf("doc.yml of %s: %s", m.Name, text))
	}
	return doc, several.Join(faults...)
}

// missing returns one error for each part that is not there.
func (d *Doc) missing(name string) error {
	var faults []error
	for _, part := range []struct {
		name  string
		empty bool
	}{
		{"short_description", d.ShortDescription == ""},
		{"description", len(d.Description) == 0},
		{"version_added", d.VersionAdded == ""},
		{"author", len(d.Author) == 0},
		{"examples", d.Examples == ""},
		{"returns", len(d.Returns.Content) == 0},
	} {
		if part.empty {
			faults = append(faults, fmt.Errorf("doc.yml of %s: no %s", name, part.name))
		}
	}
	return several.Join(faults...)
}

// ReturnKeys are the top-level keys of the documented result.
func (d *Doc) ReturnKeys() []string {
	var keys []string
	for i := 0; i+1 < len(d.Returns.Content); i += 2 {
		keys = append(keys, d.Returns.Content[i].Value)
	}
	return keys
}

// Reserved reports whether Ansible gives a result key a meaning of its own, so that no module may use it for its data.
// The key diff is reserved too, but for what it is used for: before and after.
func Reserved(key string) bool {
	switch key {
	case "skipped", "failed", "unreachable", "rc", "results", "warnings", "deprecations", "invocation", "exception",
		"stdout", "stderr", "stdout_lines", "stderr_lines", "ansible_facts", "item":
		return true
	}
	return strings.HasPrefix(key, "_ansible_")
}

// CheckResult returns one error for each fault of the result's keys: keys that belong to Ansible, and differences from the
// documented ones. Doc tells the faults of the doc.yml itself. The result has to be a struct, or a pointer to one.
func (m *Module) CheckResult() error {
	doc, err := m.Doc()
	if doc == nil || len(doc.Returns.Content) == 0 {
		return err
	}
	result := argspec.Indirect(m.result)
	if result.Kind() != reflect.Struct {
		return fmt.Errorf("the result of %s is a %v: its keys can't be told", m.Name, m.result)
	}
	documented := doc.ReturnKeys()
	var errs []error
	has := resultKeys(result)
	for _, key := range has {
		if Reserved(key) {
			errs = append(errs, fmt.Errorf("the result key %s belongs to Ansible: give it another name", key))
		}
		if key != "changed" && !slices.Contains(documented, key) {
			errs = append(errs, fmt.Errorf("the result key %s is not documented: add it to returns of doc.yml", key))
		}
	}
	for _, key := range documented {
		if !slices.Contains(has, key) {
			errs = append(errs, fmt.Errorf("the documented key %s is not in the result: take it out of returns of doc.yml, or add it to the result", key))
		}
	}
	return several.Join(errs...)
}

func resultKeys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		field := t.Field(i)
		tag, tagged := field.Tag.Lookup("json")
		name, _, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-" || !field.IsExported() && !field.Anonymous:
		case field.Anonymous && !tagged:
			keys = append(keys, resultKeys(argspec.Indirect(field.Type))...)
		case name == "":
			keys = append(keys, field.Name)
		default:
			keys = append(keys, name)
		}
	}
	return keys
}
