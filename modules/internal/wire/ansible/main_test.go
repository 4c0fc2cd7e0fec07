// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// TestMain lets the test program be the program of the modules, for tests that need a process of their own.
func TestMain(m *testing.M) {
	if os.Getenv("BE_PLACEMENT") != "" {
		os.Exit(Main(testModules(), ThisProcess()))
	}
	os.Exit(m.Run())
}

const testDoc = `
short_description: Does what tests want
description:
  - A module for tests.
version_added: 0.1.0
author:
  - Tests (@tests)
examples: |
  - name: Try
    openstack_ops.placement.placement_try:
      say: hello
returns:
  said:
    description: What was said.
    type: str
    returned: success
`

// Common stands for the options that several modules share.
type Common struct {
	Cloud   any               `json:"cloud,omitempty" jsonschema_description:"Cloud." jsonschema_extras:"x-ansible-type=raw"`
	Auth    map[string]any    `json:"auth,omitempty" jsonschema_description:"Auth."`
	Env     map[string]string `json:"env,omitempty" jsonschema_description:"Env."`
	Timeout float64           `json:"timeout,omitempty" jsonschema:"minimum=0" jsonschema_description:"Timeout."`
}

func (c Common) TaskTimeout() time.Duration { return time.Duration(c.Timeout * float64(time.Second)) }

func (c Common) Validate(*Call) error {
	if c.Timeout == 13 {
		return &OptionError{Option: "timeout", Value: "13", Reason: "must not be 13"}
	}
	return nil
}

type Try struct {
	Common
	Say      string             `json:"say" jsonschema_description:"What to say."`
	Do       string             `json:"do" jsonschema:"enum=nothing,enum=panic,enum=fail,enum=wait,enum=print,enum=details,enum=cycle,default=nothing" jsonschema_description:"What to do."`
	Key      string             `json:"key" jsonschema_description:"A secret." jsonschema_extras:"x-ansible-no_log=true,x-ansible-aliases=api_key"`
	Pins     []int              `json:"pins" jsonschema_description:"Secrets." jsonschema_extras:"x-ansible-no_log=true"`
	Sizes    map[string]size    `json:"sizes" jsonschema_description:"Sizes."`
	Tags     []string           `json:"tags" jsonschema:"minLength=2,maxItems=3" jsonschema_description:"Tags."`
	Ratio    float64            `json:"ratio" jsonschema:"default=0.5,minimum=0,exclusiveMaximum=1" jsonschema_description:"Ratio."`
	ID       string             `json:"id" jsonschema:"pattern=^[a-f0-9]+$" jsonschema_description:"ID."`
	Logins   []login            `json:"logins" jsonschema_description:"Logins."`
	Weights  map[string]float64 `json:"weights" jsonschema_description:"Weights."`
	Optional *int               `json:"optional" jsonschema:"minimum=1" jsonschema_description:"Optional."`
}

type size struct {
	Total int     `json:"total" jsonschema:"required,minimum=1" jsonschema_description:"Total."`
	Ratio float64 `json:"ratio" jsonschema:"default=1.0" jsonschema_description:"Ratio."`
}

type login struct {
	User     string `json:"user" jsonschema:"required" jsonschema_description:"User."`
	Passcode string `json:"passcode" jsonschema_description:"Passcode." jsonschema_extras:"x-ansible-no_log=true"`
}

func (o *Try) Validate(call *Call) error {
	var errs []error
	if o.Ratio == 0 {
		errs = append(errs, &OptionError{Option: "ratio", Value: "0", Reason: "must not be 0"})
	}
	if o.Say == "rude" {
		errs = append(errs, &OptionError{Option: "say", Value: o.Say, Reason: "must be polite"})
	}
	if o.Say == "explode" {
		panic("validate went wrong")
	}
	if o.Do == "fail" && !call.Given("say") {
		errs = append(errs, &OptionError{Option: "say", Reason: "must be given to fail"})
	}
	return several.Join(append(errs, o.Common.Validate(call))...)
}

type tryResult struct {
	Said     string         `json:"said"`
	Check    bool           `json:"check"`
	Nothing  []string       `json:"nothing"`
	Options  any            `json:"options,omitempty"`
	Optional *int           `json:"optional"`
	ByKey    map[string]int `json:"by_key,omitempty"`
}

type detailedError struct{ secret string }

func (e *detailedError) Error() string { return "refused by " + e.secret }
func (e *detailedError) ResultKeys() map[string]any {
	return map[string]any{"refused": []string{"x"}, "said": "otherwise", "hint": e.secret}
}

func runTry(ctx context.Context, call *Call, o *Try) (any, error) {
	call.Warn("said %s", o.Say)
	call.Warn("said %s", o.Say)
	result := tryResult{Said: o.Say, Check: call.CheckMode, Optional: o.Optional}
	switch o.Do {
	case "panic":
		panic("said " + o.Say + " with " + o.Key)
	case "fail":
		return result, fmt.Errorf("could not say %s with %s", o.Say, o.Key)
	case "wait":
		if os.Getenv("BE_PLACEMENT") != "" {
			fmt.Println("waiting")
		}
		<-ctx.Done()
		return nil, fmt.Errorf("waiting: %w", ctx.Err())
	case "print":
		fmt.Println("a library that talks")
		result.Options = o
	case "details":
		return result, fmt.Errorf("wrapped: %w", &detailedError{o.Key})
	case "cycle":
		cycle := map[string]any{}
		cycle["cycle"] = cycle
		return cycle, nil
	}
	return result, nil
}

func testModules() []*Module {
	return []*Module{
		Define("placement_try", []byte(testDoc), runTry),
		Define("placement_free", []byte(testDoc), func(context.Context, *Call, *struct{}) (any, error) {
			return map[string]any{"changed": true, "list": []any(nil), "z": 1, "a": 2.5}, nil
		}),
		Define("placement_odd", []byte(testDoc), func(context.Context, *Call, *struct{}) (any, error) { return []int{1}, nil }),
		Define("placement_none", []byte(testDoc), func(context.Context, *Call, *struct{}) (any, error) { return nil, nil }),
	}
}

// wire is one call of Main in this process.
type wire struct {
	argv   []string
	stdin  string
	noPipe bool
	env    map[string]string
}

func (w wire) run(t *testing.T) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = Main(testModules(), Process{
		Args: append([]string{"/usr/bin/placement"}, w.argv...), Stdin: strings.NewReader(w.stdin), Stdout: &out, Stderr: &err,
		StdinIsPipe: func() bool { return !w.noPipe },
		Setenv: func(k, v string) error {
			if k == "" {
				return errors.New("empty name")
			}
			if w.env != nil {
				w.env[k] = v
			}
			return nil
		},
	})
	return code, out.String(), err.String()
}

// answer runs one call and reads the one JSON object.
func (w wire) answer(t *testing.T) map[string]any {
	t.Helper()
	code, stdout, stderr := w.run(t)
	got := oneObject(t, stdout)
	if want := got["failed"] == true; want != (code == 1) || code > 1 {
		t.Errorf("exit code %d with failed %v", code, got["failed"])
	}
	if stderr != "" {
		t.Errorf("stderr: %s", stderr)
	}
	return got
}

func oneObject(t *testing.T, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	var got map[string]any
	if err := decoder.Decode(&got); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("more than one object: %q", text)
	}
	if _, ok := got["failed"].(bool); !ok {
		t.Errorf("no failed in %s", text)
	}
	if strings.Count(text, "\n") != 1 {
		t.Errorf("not one line: %q", text)
	}
	return got
}

func TestOneAnswerInOrder(t *testing.T) {
	_, got, _ := wire{argv: []string{"placement_try"}, stdin: `{"say":"<hi> é","_ansible_check_mode":true,"_ansible_future_word":{"a":1}}`}.run(t)
	want := `{"changed":false,"failed":false,"said":"<hi> é","check":true,"nothing":[],"optional":null,` +
		`"warnings":["said <hi> é"],"invocation":{"module_args":{"say":"<hi> é","do":"nothing","ratio":0.5}}}` + "\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, got, _ = wire{argv: []string{"placement_free"}, stdin: `{}`}.run(t)
	want = `{"changed":true,"failed":false,"a":2.5,"list":[],"z":1,"invocation":{"module_args":{}}}` + "\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNameOfTheModule(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "args")
	if err := os.WriteFile(file, []byte(`{"say":"file","_ansible_module_name":"openstack_ops.placement.placement_try"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		wire wire
		said string
	}{
		"by argv":          {wire{argv: []string{"placement_try"}, stdin: `{"say":"x"}`}, "x"},
		"by full name":     {wire{argv: []string{"openstack_ops.placement.placement_try"}, stdin: `{"say":"x"}`}, "x"},
		"by short name":    {wire{argv: []string{"try"}, stdin: `{"say":"x"}`}, "x"},
		"argv wins":        {wire{argv: []string{"try"}, stdin: `{"say":"x","_ansible_module_name":"placement_none"}`}, "x"},
		"by Ansible":       {wire{stdin: `{"say":"x","_ansible_module_name":"openstack_ops.placement.placement_try"}`}, "x"},
		"args file":        {wire{argv: []string{file}, stdin: "never read"}, "file"},
		"file without tty": {wire{argv: []string{file}, noPipe: true}, "file"},
		"name and file":    {wire{argv: []string{"try", file}, noPipe: true}, "file"},
	} {
		if got := test.wire.answer(t); got["said"] != test.said {
			t.Errorf("%s: %v", name, got)
		}
	}
	var out bytes.Buffer
	code := Main(testModules(), Process{
		Args: []string{"/tmp/AnsiballZ_placement_try"}, Stdin: strings.NewReader(`{"say":"x"}`), Stdout: &out,
		StdinIsPipe: func() bool { return true },
	})
	if got := oneObject(t, out.String()); code != 0 || got["said"] != "x" {
		t.Errorf("by argv[0]: %v", got)
	}
}

func TestFaultsOfTheArguments(t *testing.T) {
	deep := strings.Repeat(`[`, 100000)
	for input, want := range map[string]string{
		``:                        "the arguments from stdin are not one JSON object: empty",
		" \n":                     "empty",
		`[1]`:                     "a list, not an object",
		`"x"`:                     "a str, not an object",
		`{"say":"a"} {"say":"b"}`: "something follows the object after byte 11",
		`{"say":"a"}x`:            "something follows the object",
		`{"say":"a","say":"b"}`:   `duplicate key "say"`,
		`{"cloud":{"a":1,"a":2}}`: `duplicate key "a"`,
		"{\"say\":\"a\xff\"}":     "invalid UTF-8 at byte 9",
		`{"say":` + deep:          "nested deeper than 64 levels",
		`{"ratio":NaN}`:           "NaN at byte 9, which is not JSON",
		`{"tags":[1,-Infinity]}`:  "Infinity at byte",
		`{"say":"a"`:              "it ends in the middle",
		`{say:"a"}`:               "not JSON after byte 1",
		`{"ratio":1e999}`:         "a number beyond all bounds",
		`{"say":"hunter22" x`:     "not JSON after byte 18",
	} {
		got := wire{argv: []string{"try"}, stdin: input}.answer(t)
		if msg := fmt.Sprint(got["msg"]); got["failed"] != true || !strings.Contains(msg, want) || strings.Contains(msg, "hunter22") {
			t.Errorf("%.40s: %s", input, msg)
		}
	}
	for _, w := range []wire{{argv: []string{"/no/such/file"}}, {argv: []string{"nothing"}, stdin: `{}`}, {stdin: `{"_ansible_module_name":"a.b.c"}`}} {
		if got := w.answer(t); got["failed"] != true {
			t.Errorf("%v: %v", w.argv, got)
		}
	}
}
