// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets the test program be the program of the modules, for tests that need a process of their own.
func TestMain(m *testing.M) {
	if os.Getenv("BE_PLACEMENT") != "" {
		os.Exit(Main(testModules(), ThisProcess()))
	}
	os.Exit(m.Run())
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
}

func TestNameByTheProgram(t *testing.T) {
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
