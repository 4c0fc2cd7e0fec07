// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type workflow struct {
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]job    `yaml:"jobs"`
}

type job struct {
	Strategy struct {
		Matrix struct {
			Stages []string `yaml:"stages"`
		} `yaml:"matrix"`
	} `yaml:"strategy"`
	Container yaml.Node `yaml:"container"`
	Steps     []step    `yaml:"steps"`
}

type step struct {
	Uses yaml.Node `yaml:"uses"`
	Run  string    `yaml:"run"`
}

// gitSteps go before the checkout in a container: the images of Debian have no git, and without one the checkout leaves no .git.
var gitSteps = []string{"apt-get update -q", "apt-get install -q -y --no-install-recommends ca-certificates git"}

// Each step of a workflow is one script or one make target of this repository, so that it runs on any machine as it runs there.
// Actions are those of GitHub, at a commit, for a tag can be moved; a workflow may write nothing unless a job says what.
func TestWorkflows(t *testing.T) {
	targets := regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(read(t, "Makefile"), -1)
	steps, containers := 0, 0
	for _, path := range matches(t, ".github/workflows/*.yml") {
		flow := flowOf(t, path)
		if len(flow.Permissions) != 1 || flow.Permissions["contents"] != "read" {
			t.Errorf("%s: permissions are %v, not contents: read", path, flow.Permissions)
		}
		for name, job := range flow.Jobs {
			steps += len(job.Steps)
			if !job.Container.IsZero() {
				containers++
			}
			for _, fault := range faultsOf(job, targets) {
				t.Errorf("%s: %s: %s", path, name, fault)
			}
		}
	}
	if steps < 30 || containers < 6 {
		t.Errorf("only %d steps, %d containers", steps, containers)
	}
}

func flowOf(t *testing.T, path string) workflow {
	t.Helper()
	var flow workflow
	if err := yaml.Unmarshal([]byte(read(t, path)), &flow); err != nil {
		t.Fatal(err)
	}
	return flow
}

// faultsOf says what is wrong with a job.
func faultsOf(j job, targets [][]string) []string {
	var faults []string
	steps := j.Steps
	if !j.Container.IsZero() {
		if runs(steps, gitSteps) {
			steps = steps[len(gitSteps):]
		} else {
			faults = append(faults, "the job has a container and does not begin with: "+strings.Join(gitSteps, "; "))
		}
		if needsNamespaces(j) && !privileged(j) {
			faults = append(faults, "its tests make namespaces, and its container lacks options: --privileged")
		}
	}
	for _, s := range steps {
		if fault := faultOf(strings.TrimSpace(s.Uses.Value+" "+s.Uses.LineComment), s.Run, targets); fault != "" {
			faults = append(faults, fault)
		}
	}
	return faults
}

// runs reports whether a job begins with these commands.
func runs(steps []step, commands []string) bool {
	return len(steps) >= len(commands) && slices.EqualFunc(steps[:len(commands)], commands, func(s step, command string) bool { return s.Run == command })
}

// needsNamespaces reports whether a job runs a lab, or another Debian in this one.
func needsNamespaces(j job) bool {
	return slices.ContainsFunc(j.Strategy.Matrix.Stages, func(stage string) bool { return strings.Contains(stage, "lab-") }) ||
		slices.ContainsFunc(j.Steps, func(s step) bool { return s.Run == ".ci/trixie" })
}

func privileged(j job) bool {
	var container struct {
		Options string `yaml:"options"`
	}
	return j.Container.Decode(&container) == nil && container.Options == "--privileged"
}

// faultOf says what is wrong with a step of a workflow; empty if nothing is.
func faultOf(uses, run string, targets [][]string) string {
	words := strings.Fields(run)
	switch {
	case uses != "" && !regexp.MustCompile(`^actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`).MatchString(uses):
		return uses + " is not an action of GitHub's own at a commit, with the version behind it"
	case uses != "":
		return ""
	case strings.Contains(run, "\n") || strings.ContainsAny(run, "|&;<>"):
		return "more than one command: " + run
	case words[0] == "make" && !slices.ContainsFunc(targets, func(target []string) bool { return target[1] == words[1] }):
		return "there is no target " + words[1]
	case words[0] == "make":
		return ""
	}
	info, err := os.Stat(filepath.Join(root, words[0]))
	if err != nil || info.Mode()&0o100 == 0 {
		return words[0] + " is no script of this repository"
	}
	return ""
}

// What a job has to have is missed where it lacks.
func TestFaultsOfJobs(t *testing.T) {
	const git = "{run: apt-get update -q}, {run: apt-get install -q -y --no-install-recommends ca-certificates git}, "
	for text, want := range map[string]string{
		"{container: debian:12, steps: [" + git + "{run: .ci/prepare}]}":                                           "",
		"{steps: [{run: .ci/prepare}]}":                                                                            "",
		"{steps: [" + git + "{run: .ci/prepare}]}":                                                                 "apt-get is no script",
		"{container: debian:12, steps: [{run: .ci/prepare}]}":                                                      "does not begin with",
		"{container: debian:12, steps: [{run: .ci/prepare}, " + git + "]}":                                         "does not begin with",
		"{container: debian:12, steps: [" + git + "{run: .ci/trixie}]}":                                            "--privileged",
		"{container: {image: a, options: --privileged}, steps: [" + git + "{run: .ci/trixie}]}":                    "",
		"{container: debian:12, strategy: {matrix: {stages: [a, b lab-x]}}, steps: [" + git + "{run: .ci/run x}]}": "--privileged",
		"{steps: [{uses: actions/checkout@v4}]}":                                                                   "not an action of GitHub's own at a commit",
	} {
		var j job
		if err := yaml.Unmarshal([]byte(text), &j); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(faultsOf(j, nil), "\n")
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

// On a bare Debian the preparation brings Python too; where there is no apt it names what is missing, and goes on.
func TestPrepare(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"bash", "dirname", "env", "git", "grep"} {
		linkCommand(t, name, dir)
	}
	t.Setenv("HOME", t.TempDir())
	t.Setenv("PATH", dir)
	standIn(t, filepath.Join(dir, "id"), "echo 0")
	out, err := script(t, ".ci/prepare")
	if err != nil || !strings.Contains(out, "no apt-get here") || !strings.Contains(out, "missing: curl jq make python3 sudo python3-venv") {
		t.Errorf("%v: %s", err, out)
	}
	standIn(t, filepath.Join(dir, "apt-get"), `echo "apt-get $*"`)
	out, err = script(t, ".ci/prepare")
	if err != nil || !strings.Contains(out, "apt-get install -q -y --no-install-recommends curl jq make python3 sudo python3-venv") {
		t.Errorf("%v: %s", err, out)
	}
}

// standIn writes a command that does something else.
func standIn(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

// Dependabot leaves each list of requirements in its series, which its name or the tests rest on.
func TestDependabotKeepsSeries(t *testing.T) {
	var config struct {
		Updates []struct {
			Ecosystem string `yaml:"package-ecosystem"`
			Ignore    []struct {
				Name  string   `yaml:"dependency-name"`
				Types []string `yaml:"update-types"`
			} `yaml:"ignore"`
		} `yaml:"updates"`
	}
	if err := yaml.Unmarshal([]byte(read(t, ".github/dependabot.yml")), &config); err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for _, update := range config.Updates {
		for _, ignored := range update.Ignore {
			kept[ignored.Name] = update.Ecosystem == "pip" && slices.Contains(ignored.Types, "version-update:semver-minor") &&
				slices.Contains(ignored.Types, "version-update:semver-major")
		}
	}
	for _, name := range []string{"ansible-core", "kolla-ansible", "kayobe"} {
		if !kept[name] {
			t.Errorf("dependabot.yml raises %s to another series", name)
		}
	}
}
