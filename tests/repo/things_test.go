// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// thing is what a user of the collection can name: a check, a module or its option, a role or its variable.
type thing struct {
	// name tells it from all others, as "placement_audit quick" does.
	name string
	// words are what it goes by.
	words []string
	// owner is the module of an option; empty if a word is enough, or if all modules that connect have the option.
	owner string
	// folder has the code of the module.
	folder string
}

// things lists all from the generated files, which are current by a test of their own.
func things(t *testing.T) []thing {
	t.Helper()
	return slices.Concat(checkThings(t), moduleThings(t), roleThings(t))
}

func checkThings(t *testing.T) []thing {
	t.Helper()
	var all []thing
	for _, row := range regexp.MustCompile(`(?m)^\| \[(PLC\d+)\]\S+ \| (\S+) `).FindAllStringSubmatch(read(t, "docs/checks/README.md"), -1) {
		all = append(all, thing{name: row[1], words: []string{row[1], "Test" + row[1], strings.ReplaceAll(row[2], "-", "")}})
	}
	return all
}

func moduleThings(t *testing.T) []thing {
	t.Helper()
	all, connection, folders := []thing{}, connectionOptions(t), moduleFolders(t)
	for _, path := range matches(t, "docs/schemas/*.json") {
		module := strings.TrimSuffix(filepath.Base(path), ".json")
		all = append(all, thing{name: module, words: []string{module, folders[module]}, folder: folders[module]})
		for _, option := range options(t, path) {
			if !slices.Contains(connection, option) {
				all = append(all, thing{module + " " + option, []string{`"` + option, "`" + option}, module, folders[module]})
			}
		}
	}
	for _, option := range connection {
		all = append(all, thing{name: "connection " + option, words: []string{`"` + option, "`" + option}})
	}
	return all
}

// connectionOptions are the options that all modules with credentials have.
func connectionOptions(t *testing.T) []string {
	t.Helper()
	var common []string
	for _, path := range matches(t, "docs/schemas/*.json") {
		own := options(t, path)
		switch {
		case !slices.Contains(own, "auth"):
		case common == nil:
			common = own
		default:
			common = slices.DeleteFunc(common, func(option string) bool { return !slices.Contains(own, option) })
		}
	}
	return common
}

func options(t *testing.T, path string) []string {
	t.Helper()
	var schema struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal([]byte(read(t, path)), &schema); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(schema.Properties))
}

// moduleFolders are the folders below modules by what they define.
func moduleFolders(t *testing.T) map[string]string {
	t.Helper()
	folders, define := map[string]string{}, regexp.MustCompile(`ansible\.Define\("(\w+)"`)
	for _, path := range matches(t, "modules/*/*.go") {
		if found := define.FindStringSubmatch(read(t, path)); found != nil {
			folders[found[1]] = filepath.Base(filepath.Dir(path))
		}
	}
	return folders
}

func roleThings(t *testing.T) []thing {
	t.Helper()
	var all []thing
	for _, path := range matches(t, "roles/*/meta/argument_specs.yml") {
		role := filepath.Base(filepath.Dir(filepath.Dir(path)))
		all = append(all, thing{name: "role " + role, words: []string{role}})
		var declared specs
		if err := yaml.Unmarshal([]byte(read(t, path)), &declared); err != nil {
			t.Fatal(err)
		}
		for variable := range declared.Specs.Main.Options {
			all = append(all, thing{name: variable, words: []string{variable}})
		}
	}
	return all
}
