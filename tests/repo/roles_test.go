// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// specs is what a role declares.
type specs struct {
	Specs struct {
		Main struct {
			Options map[string]declaration `yaml:"options"`
		} `yaml:"main"`
	} `yaml:"argument_specs"`
}

type declaration struct {
	Description []string `yaml:"description"`
	Required    bool     `yaml:"required"`
}

var defined = regexp.MustCompile(`(?m)^\w+:`)

// uses returns what uses the role's variables: its files, without their comments, what documents the variables and what only gives
// them a value.
func uses(t *testing.T, role string) string {
	t.Helper()
	var text strings.Builder
	for _, name := range append(files(t, ".j2"), files(t, ".yml")...) {
		part, own := strings.CutPrefix(filepath.ToSlash(name), "roles/"+role+"/")
		switch {
		case !own || strings.HasPrefix(part, "meta/"):
		case strings.HasPrefix(part, "defaults/"):
			text.WriteString(defined.ReplaceAllString(read(t, name), ""))
		default:
			text.WriteString(read(t, name))
		}
	}
	return remark.ReplaceAllString(text.String(), "")
}

// Each variable that a role declares is used in it, and each one that it uses is declared, set by it, or its own.
func TestVariablesOfRoles(t *testing.T) {
	metas, err := filepath.Glob(root + "/roles/*/meta/argument_specs.yml")
	if err != nil || len(metas) < 5 {
		t.Fatalf("%d roles, %v", len(metas), err)
	}
	for _, path := range metas {
		role := filepath.Base(filepath.Dir(filepath.Dir(path)))
		var all specs
		if err := yaml.Unmarshal([]byte(read(t, "roles/"+role+"/meta/argument_specs.yml")), &all); err != nil {
			t.Fatal(err)
		}
		wantVariables(t, role, all.Specs.Main.Options, roleNames(metas))
	}
}

// wantVariables holds that each variable of a role is used and described, and that each one that is used is declared.
func wantVariables(t *testing.T, role string, options map[string]declaration, roles []string) {
	t.Helper()
	page, text := read(t, "roles/"+role+"/README.md"), uses(t, role)
	used := regexp.MustCompile(`\b`+role+`_\w+`).FindAllString(text, -1)
	for name, option := range options {
		if !slices.Contains(used, name) {
			t.Errorf("nothing uses %s: read it in the tasks, templates or vars of roles/%s", name, role)
		}
		for _, text := range option.Description {
			if !strings.HasSuffix(strings.TrimSpace(text), ".") {
				t.Errorf("%s: the description of %s does not end with a period: %s", role, name, text)
			}
		}
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(used))) {
		if _, declared := options[name]; !declared && !strings.Contains(page, "`"+name+"`") && !slices.Contains(roles, name) {
			t.Errorf("%s uses %s, which is not declared: add a field to modules/internal/docs/roles/%s.go, then run: go run ./cmd/gendocs; "+
				"what tasks set for others goes into Sets there, and what is the role's own begins with an underscore", role, name, role)
		}
	}
}

// A variable that has no default is read with one in one place at least, or something asks whether it is set.
func TestVariablesWithoutDefault(t *testing.T) {
	seen := 0
	for _, path := range matches(t, "roles/*/meta/argument_specs.yml") {
		role := filepath.Base(filepath.Dir(filepath.Dir(path)))
		var all specs
		if err := yaml.Unmarshal([]byte(read(t, path)), &all); err != nil {
			t.Fatal(err)
		}
		defaults, text := read(t, "roles/"+role+"/defaults/main.yml"), uses(t, role)
		for name, option := range all.Specs.Main.Options {
			if option.Required || regexp.MustCompile(`(?m)^`+name+`:`).MatchString(defaults) {
				continue
			}
			seen++
			if asked := regexp.MustCompile(`\b` + name + `(\s*\|\s*default\(|\)?\s+is\s+(not\s+)?defined|\s+is\s+undefined)`); !asked.MatchString(text) {
				t.Errorf("roles/%s has the variable %s without default, and never asks whether it is set: read it with default(…)", role, name)
			}
		}
	}
	if seen == 0 {
		t.Error("no variable is without a default")
	}
}

// Templates lay out what Go has judged: they compare nothing, name no severity, and fit on a screen.
func TestTemplatesJudgeNothing(t *testing.T) {
	const most = 30
	code := regexp.MustCompile(`(?s)\{[%{#].*?[%}#]\}`)
	judges := regexp.MustCompile(`[=!<>]=|[<>]|\b(?i:critical|high|medium|low|severity)\b`)
	paths := files(t, ".j2")
	if len(paths) < 10 {
		t.Fatalf("%d templates", len(paths))
	}
	for _, path := range paths {
		text := read(t, path)
		if lines := strings.Count(text, "\n"); lines > most {
			t.Errorf("%s has %d lines, more than %d: move what never changes into a file of the role", path, lines, most)
		}
		for _, part := range code.FindAllString(text, -1) {
			if word := judges.FindString(part); word != "" && !strings.HasPrefix(part, "{#") {
				t.Errorf("%s has %q in %s: let a module judge, or choose by a table in vars", path, word, part)
			}
		}
	}
}

func roleNames(metas []string) []string {
	var names []string
	for _, path := range metas {
		names = append(names, filepath.Base(filepath.Dir(filepath.Dir(path))))
	}
	return names
}

// The role cloud gathers the connection options in one dictionary. Tasks take it as the defaults of the action group, and name none
// of these options again.
func TestCredentialsOnce(t *testing.T) {
	again := regexp.MustCompile(`(?m)^\s*(cloud|clouds_file|region_name|interface|ca_cert|validate_certs): .*\b(cloud_\w+|placement_clouds?(_file)?)\b.*$`)
	taken := 0
	for _, name := range files(t, ".yml") {
		path := filepath.ToSlash(name)
		if strings.HasPrefix(path, "roles/cloud/") || !strings.HasPrefix(path, "roles/") && !strings.HasPrefix(path, "playbooks/") {
			continue
		}
		text := read(t, name)
		for _, line := range again.FindAllString(text, -1) {
			t.Errorf("%s: %s; use module_defaults with cloud_options", path, strings.TrimSpace(line))
		}
		taken += strings.Count(text, `group/openstack_ops.placement.placement: "{{ cloud_options | default({}) }}"`)
	}
	if taken < 8 {
		t.Errorf("cloud_options is taken %d times", taken)
	}
}

// The modules of this collection need no Python on a target, and Ansible's own do, unless they run on the controller. The page of a
// role that uses these says so, and the README names the role.
func TestRolesSayThatTheyNeedPython(t *testing.T) {
	own := regexp.MustCompile(`(?m)^\s+(?:- )?ansible\.builtin\.(\w+):`)
	controller := []string{"add_host", "assert", "debug", "fail", "group_by", "import_role", "import_tasks", "include_role", "include_tasks", "meta", "set_fact"}
	readme, needing := read(t, "README.md"), 0
	for _, path := range matches(t, "roles/*") {
		role, needs := filepath.Base(path), false
		for _, file := range matches(t, "roles/"+role+"/[ht]a*/*.yml") {
			for _, module := range own.FindAllStringSubmatch(read(t, file), -1) {
				needs = needs || !slices.Contains(controller, module[1])
			}
		}
		if said := strings.Contains(read(t, "roles/"+role+"/README.md"), "Python"); said != needs {
			t.Errorf("roles/%s uses modules that need Python: %v; its page says so: %v: change modules/internal/docs/roles/%s.go", role, needs, said, role)
		}
		row := regexp.MustCompile(`(?m)^\| Targets \|.*`).FindString(readme)
		if needs {
			needing++
		}
		if strings.Contains(row, "`"+role+"`") != needs {
			t.Errorf("README.md: the row of the targets does not say whether the role %s needs Python there", role)
		}
	}
	if needing == 0 {
		t.Error("no role needs Python")
	}
}
