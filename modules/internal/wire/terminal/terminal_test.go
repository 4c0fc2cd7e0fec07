// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

const testDoc = `
short_description: Does what tests want
description: [A module for tests.]
version_added: 0.1.0
author: [Tests (@tests)]
commands:
  - about: Say hello
    command: placement try --say hello
examples: none
returns: {said: {description: What was said., type: str, returned: success}}
`

type try struct {
	Say    string            `json:"say" jsonschema_description:"What to say. In a word."`
	Do     string            `json:"do" jsonschema:"enum=nothing,enum=fail,enum=find,default=nothing" jsonschema_description:"What to do."`
	Key    string            `json:"api_key" jsonschema_description:"A secret." jsonschema_extras:"x-ansible-no_log=true,x-ansible-aliases=key"`
	Times  int               `json:"times" jsonschema:"default=1,minimum=1" jsonschema_description:"How often."`
	Loudly bool              `json:"loudly" jsonschema:"default=false" jsonschema_description:"Whether loudly."`
	Tags   []string          `json:"tags" jsonschema_description:"Tags."`
	Labels map[string]string `json:"labels" jsonschema_description:"Labels."`
	Pins   map[string]string `json:"pins" jsonschema_description:"Secrets." jsonschema_extras:"x-ansible-no_log=true"`
}

type tried struct {
	Msg   string   `json:"msg"`
	Said  string   `json:"said"`
	Check bool     `json:"check"`
	Tags  []string `json:"tags"`
	Count string   `json:"count"`

	code int
}

func (r *tried) ExitCode() int { return r.code }

func runTry(_ context.Context, call *ansible.Call, o *try) (*tried, error) {
	call.Warn("beware\nof %s", o.Key)
	r := &tried{Msg: "one\n<0>two \x1b[31mred " + o.Key, Said: o.Say + o.Key, Check: call.CheckMode, Tags: o.Tags, Count: "12"}
	switch o.Do {
	case "fail":
		return nil, fmt.Errorf("could not say %s with %s", o.Say, o.Key)
	case "find":
		r.code = Found
	}
	return r, nil
}

// call is one call of the program.
type call struct {
	words, stdin string
	pipe         bool
}

func (c call) run() (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	p := Program{
		Modules: []*ansible.Module{ansible.Define("placement_try", []byte(testDoc), runTry)}, Login: []string{"api_key"},
		Process: ansible.Process{
			Args: append([]string{"placement"}, strings.Fields(c.words)...), Stdin: strings.NewReader(c.stdin), Stdout: &out, Stderr: &errs,
			StdinIsPipe: func() bool { return c.pipe }, Setenv: func(string, string) error { return nil },
		},
		Columns: func() int { return 0 }, Env: func(string) string { return "" }, Talks: func() bool { return false },
	}
	code = p.Main()
	return code, out.String(), errs.String()
}

const warning = "warning: beware of " + mask.Hidden + "\n"

type commandCase struct {
	code           int
	stdout, stderr string
}

func TestCommandOutput(t *testing.T) {
	runs(t, map[string]commandCase{
		"try --say x --key s3cret-key":                         {0, "one <0>two \uFFFD[31mred " + mask.Hidden + "\n\nsaid: x" + mask.Hidden + "\n", warning},
		"try --say x --api-key s3cret-key --brief":             {0, "one <0>two \uFFFD[31mred " + mask.Hidden + "\n", warning},
		"try --say x --key s3cret-key -o yaml --check":         {0, "changed: false\nfailed: false\nmsg: ", warning},
		"try --say x --key s3cret-key -o json":                 {0, "{\n  \"changed\": false,\n", warning},
		"try --do find --key s3cret-key":                       {2, "one <0>two ", warning},
		"try --labels {\"a\":\"b\"} --key s3cret-key --brief":  {0, "one ", warning},
		"try --tags a,b --key s3cret-key --loudly -o yaml":     {0, "changed: false\n", warning},
		"try --key s3cret-key --tags [\"a\"] --loudly=perhaps": {1, "", "failed: "},
	})
}

func TestCommandFaults(t *testing.T) {
	runs(t, map[string]commandCase{
		"try --do fail --say x --key s3cret-key":      {1, "", warning + "failed: could not say x with " + mask.Hidden + "\n"},
		"try --times many --key s3cret-key --do frob": {1, "", "failed: 2 faults in the flags\n  --do must be one of: nothing, fail, find, got: frob\n  --times must be an integer, got: many"},
		"try --labels {\"a\" --key s3cret-key":        {1, "", "placement: --labels must be JSON, got: {\"a\"\n"},
		"try --api-key {\"s3cret\" --key x":           {1, "", "placement: --api-key was given twice\n"},
		"try --api-key x --api-key s3cret-key":        {1, "", "placement: --api-key was given twice\n"},
		"try -ps3cret":                                {1, "", "placement: unknown flag: -p; placement try --help lists the flags\n"},
		"try --pins {\"s3cret\"":                      {1, "", "placement: --pins must be JSON\n"},
		"try --say":                                   {1, "", "placement: flag needs an argument: --say; placement try --help lists the flags\n"},
		"try more":                                    {1, "", "placement: unknown command \"more\" for \"placement try\"\n"},
		"try --say x --key s3cret-key -o markdown":    {1, "", warning + "failed: --output must be one of: text, json, yaml, brief, got: markdown\n"},
	})
}

func TestCommandHelp(t *testing.T) {
	runs(t, map[string]commandCase{
		"--version":    {0, "placement " + ansible.Version + "\n", ""},
		"try --schema": {0, "{\n  \"$schema\": ", ""},
		"openstack_ops.placement.placement_try --help": {0, "placement try - Does what tests want\n", ""},
	})
}

// Who mistypes a command is told which are like it, and where all are.
func TestNoSuchCommand(t *testing.T) {
	runs(t, map[string]commandCase{
		"tyr":        {1, "", "placement: there is no command tyr; did you mean try? placement --help lists the commands\n"},
		"TRI --help": {1, "", "placement: there is no command TRI; did you mean try? placement --help lists the commands\n"},
		"frobnicate": {1, "", "placement: there is no command frobnicate; placement --help lists the commands\n"},
	})
	if got := (Program{Modules: []*ansible.Module{ansible.Define("placement_try", []byte(testDoc), runTry)}}).meant(""); got != "" {
		t.Error(got)
	}
}

// The overview begins with what to do first, fits the narrowest terminal, and says of exit code 2 what is true of all commands.
func TestOverview(t *testing.T) {
	_, stdout, _ := call{words: "--help"}.run()
	for _, line := range strings.Split(stdout, "\n") {
		if screen.Columns(line) > 80 {
			t.Errorf("%d columns: %s", screen.Columns(line), line)
		}
	}
	for _, want := range []string{"\nStart here:\n  $ placement audit --cloud NAME\n\nCommands:\n", "\n  2  something to act on, or changes that --check would make\n"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	cmd := &cobra.Command{}
	if _, stdout, _ = (call{words: "try --help"}).run(); !strings.Contains(stdout, "\n  2  "+anything+"\n") || finds(cmd) != anything {
		t.Errorf("%s", stdout)
	}
	cmd.Flags().String("severity", "medium", "")
	if got := finds(cmd); got != "findings at or above --severity" {
		t.Error(got)
	}
}

// A secret that a flag brings is in nothing that is printed, and no line is made up by what others say.
func runs(t *testing.T, cases map[string]commandCase) {
	t.Helper()
	for words, want := range cases {
		code, stdout, stderr := call{words: words}.run()
		if code != want.code || !strings.HasPrefix(stdout, want.stdout) || !strings.HasPrefix(stderr, want.stderr) || (stdout == "") != (want.stdout == "") {
			t.Errorf("%s: %d\n%q\n%q", words, code, stdout, stderr)
		}
		if strings.Contains(stdout+stderr, "s3cret") {
			t.Errorf("%s: the secret is in it\n%s\n%s", words, stdout, stderr)
		}
	}
}

// YAML has the types of the JSON: a text of digits stays a text.
func TestYAML(t *testing.T) {
	_, stdout, _ := call{words: "try --tags 1,true,~ -o yaml --check"}.run()
	for _, want := range []string{"count: \"12\"\n", "check: true\n", "tags:\n  - \"1\"\n  - \"true\"\n  - \"~\"\n"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
}

// With --brief the journal of a timer gets a sentence and warnings, never a secret, and no line that a name made up.
func TestBrief(t *testing.T) {
	file := filepath.Join(t.TempDir(), "args.json")
	if err := os.WriteFile(file, []byte(`{"do": "find", "api_key": "s3cret-key"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	const done = "one <0>two \uFFFD[31mred " + mask.Hidden + "\n"
	for name, test := range map[string]struct {
		call
		code           int
		stdout, stderr string
	}{
		"done":       {call{"try --brief", `{"api_key": "s3cret-key"}`, true}, 0, done, warning},
		"flag first": {call{"--brief try", `{"api_key": "s3cret-key"}`, true}, 0, done, warning},
		"file":       {call{"try " + file + " --brief", "", false}, 2, done, warning},
		"failed":     {call{"try --brief", `{"say": "a\nb", "do": "fail", "key": "s3cret-key"}`, true}, 1, "", warning + "failed: could not say a b with " + mask.Hidden + "\n"},
		"bad option": {call{"try --brief", `{"frob": 1}`, true}, 1, "", "failed: Unsupported parameters"},
		"no JSON":    {call{"try --brief", `[`, true}, 1, "", "failed: the arguments from stdin are not one JSON object"},
		"no module":  {call{"frob --brief", `{}`, true}, 1, "", "failed: there is no module frob"},
	} {
		code, stdout, stderr := test.run()
		if code != test.code || stdout != test.stdout || !strings.HasPrefix(stderr, test.stderr) {
			t.Errorf("%s: %d\n%q\n%q", name, code, stdout, stderr)
		}
	}
}

// JSON without flags is Ansible's, and answered with JSON.
func TestOfAnsible(t *testing.T) {
	for words, pipe := range map[string]bool{"try": true, "": true, "/nowhere/args.json": false, "try /nowhere/args.json": false} {
		_, stdout, stderr := call{words, `{"say": "x", "_ansible_module_name": "placement_try"}`, pipe}.run()
		if !strings.HasPrefix(stdout, `{"changed":false,"failed":`) || strings.Count(stdout, "\n") != 1 || stderr != "" {
			t.Errorf("%q: %q %q", words, stdout, stderr)
		}
	}
}

// A reader that goes away early ends the command, and not with success.
func TestPipeClosed(t *testing.T) {
	if code := say(broken{}, "text"); code != Failed {
		t.Errorf("exit code %d", code)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// Text is as wide as the terminal, and in colours where it has them.
func TestView(t *testing.T) {
	for name, c := range map[string]struct {
		columns int
		env     map[string]string
		colour  string
		want    screen.View
	}{
		"terminal":        {120, nil, "auto", screen.View{Width: 120, Colour: true}},
		"NO_COLOR":        {120, map[string]string{"NO_COLOR": "1"}, "auto", screen.View{Width: 120}},
		"dumb":            {80, map[string]string{"TERM": "dumb"}, "auto", screen.View{Width: 80}},
		"pipe":            {0, nil, "auto", screen.View{Width: 100}},
		"pipe of a width": {0, map[string]string{"COLUMNS": "200"}, "auto", screen.View{Width: 200}},
		"pipe in colours": {0, nil, "always", screen.View{Width: 100, Colour: true}},
		"never":           {90, nil, "never", screen.View{Width: 90}},
	} {
		p := Program{Columns: func() int { return c.columns }, Env: func(key string) string { return c.env[key] }}
		if got := p.view(&wishes{colour: c.colour}, nil); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	given := map[string]any{"cloud": "lab", "clouds_file": "/etc/kolla/clouds.yaml", "auth": map[string]any{"password": "x"}}
	if got := cloudFlags(given); got != "--cloud lab --clouds-file /etc/kolla/clouds.yaml" {
		t.Error(got)
	}
	if got := cloudFlags(map[string]any{"cloud": "$(touch x)"}); got != "" {
		t.Error(got)
	}
}
