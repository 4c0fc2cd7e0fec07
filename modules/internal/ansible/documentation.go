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
)

// Doc is what a module's doc.yml says. Everything about options comes from the options struct instead.
type Doc struct {
	ShortDescription string    `yaml:"short_description"`
	Description      []string  `yaml:"description"`
	VersionAdded     string    `yaml:"version_added"`
	Author           []string  `yaml:"author"`
	Notes            []string  `yaml:"notes"`
	SeeAlso          yaml.Node `yaml:"seealso"`
	// Examples is a YAML text, with its comments.
	Examples string `yaml:"examples"`
	// Returns has the structure of Ansible's RETURN.
	Returns yaml.Node `yaml:"returns"`
}

// Doc reads the module's doc.yml. A key it does not know is an error.
func (m *Module) Doc() (*Doc, error) {
	doc := &Doc{}
	decoder := yaml.NewDecoder(bytes.NewReader(m.doc))
	decoder.KnownFields(true)
	if err := decoder.Decode(doc); err != nil {
		return nil, fmt.Errorf("doc.yml of %s: %w", m.Name, err)
	}
	for name, empty := range map[string]bool{
		"short_description": doc.ShortDescription == "", "description": len(doc.Description) == 0,
		"version_added": doc.VersionAdded == "", "author": len(doc.Author) == 0,
		"examples": doc.Examples == "", "returns": len(doc.Returns.Content) == 0,
	} {
		if empty {
			return nil, fmt.Errorf("doc.yml of %s: no %s", m.Name, name)
		}
	}
	return doc, nil
}

// ReturnKeys are the top-level keys of the documented result.
func (d *Doc) ReturnKeys() []string {
	var keys []string
	for i := 0; i+1 < len(d.Returns.Content); i += 2 {
		keys = append(keys, d.Returns.Content[i].Value)
	}
	return keys
}

// Reserved tells whether Ansible gives a result key a meaning of its own, so that no module may use it for its data.
// The key diff is reserved too, but for what it is used for: before and after.
func Reserved(key string) bool {
	switch key {
	case "skipped", "failed", "unreachable", "rc", "results", "warnings", "deprecations", "invocation", "exception",
		"stdout", "stderr", "stdout_lines", "stderr_lines", "ansible_facts", "item":
		return true
	}
	return strings.HasPrefix(key, "_ansible_")
}

// CheckResult tells what is wrong with the keys of a result struct: keys that belong to Ansible, and differences from
// the documented ones.
func (m *Module) CheckResult(result any) error {
	doc, err := m.Doc()
	if err != nil {
		return err
	}
	documented := doc.ReturnKeys()
	var errs []error
	has := resultKeys(indirect(reflect.TypeOf(result)))
	for _, key := range has {
		if Reserved(key) {
			errs = append(errs, fmt.Errorf("the result key %s belongs to Ansible", key))
		}
		if key != "changed" && !slices.Contains(documented, key) {
			errs = append(errs, fmt.Errorf("the result key %s is not documented", key))
		}
	}
	for _, key := range documented {
		if !slices.Contains(has, key) {
			errs = append(errs, fmt.Errorf("the documented key %s is not in the result", key))
		}
	}
	return errors.Join(errs...)
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
			keys = append(keys, resultKeys(indirect(field.Type))...)
		case name == "":
			keys = append(keys, field.Name)
		default:
			keys = append(keys, name)
		}
	}
	return keys
}
