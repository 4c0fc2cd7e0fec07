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
	Jobs        map[string]struct {
		Steps []struct {
			Uses yaml.Node `yaml:"uses"`
			Run  string    `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// Each step of a workflow is one script or one make target of this repository, so that it runs on any machine as it runs there.
// Actions are those of GitHub, at a commit, for a tag can be moved; a workflow may write nothing unless a job says what.
func TestWorkflows(t *testing.T) {
	targets := regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(read(t, "Makefile"), -1)
	steps := 0
	for _, path := range matches(t, ".github/workflows/*.yml") {
		var flow workflow
		if err := yaml.Unmarshal([]byte(read(t, path)), &flow); err != nil {
			t.Fatal(err)
		}
		if len(flow.Permissions) != 1 || flow.Permissions["contents"] != "read" {
			t.Errorf("%s: permissions are %v, not contents: read", path, flow.Permissions)
		}
		for name, job := range flow.Jobs {
			steps += len(job.Steps)
			for _, step := range job.Steps {
				wantStep(t, path+": "+name, step.Uses, step.Run, targets)
			}
		}
	}
	if steps < 20 {
		t.Errorf("only %d steps", steps)
	}
}

func wantStep(t *testing.T, where string, uses yaml.Node, run string, targets [][]string) {
	t.Helper()
	if fault := faultOf(strings.TrimSpace(uses.Value+" "+uses.LineComment), run, targets); fault != "" {
		t.Errorf("%s: %s", where, fault)
	}
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
