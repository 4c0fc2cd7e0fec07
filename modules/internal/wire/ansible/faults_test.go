// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

func TestFaultsInOptions(t *testing.T) {
	findsFaults(t, map[string]string{
		`{"timeout":-1}`:         "value of timeout must be 0 or more, got: -1",
		`{"timeout":13}`:         "value of timeout must not be 13, got: 13",
		`{"ratio":1}`:            "value of ratio must be less than 1, got: 1",
		`{"ratio":true}`:         "argument 'ratio' is of type bool and we were unable to convert to float: a bool is not a number, got: True",
		`{"id":"XYZ"}`:           "value of id must match ^[a-f0-9]+$, got: XYZ",
		`{"tags":"ab,c"}`:        "value of tags[1] must have at least 2 characters, got: c",
		`{"tags":"ab,cd,ef,gh"}`: "value of tags must have at most 3 items, got: ab,cd,ef,gh",
		`{"optional":0}`:         "value of optional must be 1 or more, got: 0",
	})
}

func TestFaultsInsideOptions(t *testing.T) {
	findsFaults(t, map[string]string{
		`{"sizes":{"VCPU":{}}}`:               "missing required arguments: total found in sizes -> VCPU",
		`{"sizes":{"VCPU":{"total":"x"}}}`:    "argument 'total' is of type str and we were unable to convert to int: it is not an integer, got: x found in sizes -> VCPU",
		`{"sizes":{"VCPU":{"total":0}}}`:      "value of total must be 1 or more, got: 0 found in sizes -> VCPU",
		`{"sizes":{"VCPU":7}}`:                "argument 'VCPU' is of type int and we were unable to convert to dict: an int is not a dict found in sizes",
		`{"sizes":{"A":{"total":1,"tot":2}}}`: "Unsupported parameters for (openstack_ops.placement.placement_try) module: sizes.A.tot. Supported parameters include: ratio, total.",
		`{"weights":{"a":"x"}}`:               "argument 'a' is of type str and we were unable to convert to float: it is not a finite number, got: x found in weights",
		`{"logins":[{"user":"u"},{}]}`:        "missing required arguments: user found in logins[1]",
		`{"say":{"a":1}}`:                     "argument 'say' is of type dict and we were unable to convert to str: a dict is not a string",
		`{"tags":[null]}`:                     "Elements value for option 'tags' is of type null and we were unable to convert to str: null is not a string",
		`{"pins":"ab"}`:                       "Elements value for option 'pins' is of type str and we were unable to convert to int: it is not an integer, got: " + mask.Hidden,
	})
}

func TestFaultsOfValidate(t *testing.T) {
	findsFaults(t, map[string]string{
		`{"say":"rude"}`:              "value of say must be polite, got: rude",
		`{"do":"fail"}`:               "value of say must be given to fail",
		`{"say":"explode"}`:           "internal error in placement_try: validate went wrong",
		`{"say":"explode","ratio":7}`: "value of ratio must be less than 1, got: 7",
		// What a Validate says about an option that is at fault already is left out.
		`{"timeout":13,"say":"rude","x":1,"ratio":"a"}`: "4 faults in the options: " +
			"(1) argument 'ratio' is of type str and we were unable to convert to float: it is not a finite number, got: a; " +
			"(2) Unsupported parameters for (openstack_ops.placement.placement_try) module: x. Supported parameters include: " +
			"auth, cloud, do, env, id, key, logins, optional, pins, ratio, say, sizes, tags, timeout, weights (api_key); " +
			"(3) value of say must be polite, got: rude; (4) value of timeout must not be 13, got: 13",
	})
}

func findsFaults(t *testing.T, cases map[string]string) {
	t.Helper()
	for input, want := range cases {
		got := wire{argv: []string{"try"}, stdin: input}.answer(t)
		if diff := cmp.Diff(want, got["msg"]); diff != "" {
			t.Errorf("%s: %s", input, diff)
		}
	}
}

func TestNullIsNotGiven(t *testing.T) {
	got := wire{argv: []string{"try"}, stdin: `{"do":null,"say":"x","optional":null,"sizes":{"A":{"total":2,"ratio":null}}}`}.answer(t)
	want := map[string]any{"do": "nothing", "say": "x", "ratio": 0.5, "sizes": map[string]any{"A": map[string]any{"total": 2.0, "ratio": 1.0}}}
	args, _ := got["invocation"].(map[string]any)
	if diff := cmp.Diff(want, args["module_args"]); diff != "" {
		t.Error(diff)
	}
	call := &Call{}
	m := testModules()[0]
	if _, err := m.decode(call, map[string]any{"say": nil, "api_key": "k"}, &Try{}); err != nil {
		t.Fatal(err)
	}
	if call.Given("say") || call.Given("do") || !call.Given("key") || call.Given("api_key") {
		t.Errorf("given: %v", call.given)
	}
}

// Errors quote what services, programs and files say. A secret is masked before blanks in it are joined.
func TestErrorsOnOneLine(t *testing.T) {
	got := wire{argv: []string{"try"}, stdin: `{"do":"fail","say":"a\nCRITICAL\u001b[2J\u202e","key":"my  pass\nphrase"}`}.answer(t)
	if got["msg"] != "could not say a CRITICAL\ufffd[2J\ufffd with "+mask.Hidden {
		t.Errorf("msg %q", got["msg"])
	}
	if warnings := fmt.Sprint(got["warnings"]); warnings != "[said a CRITICAL\ufffd[2J\ufffd]" {
		t.Errorf("warnings %s", warnings)
	}
}

func TestResultBesideAnError(t *testing.T) {
	got := wire{argv: []string{"try"}, stdin: `{"do":"fail","say":"it"}`}.answer(t)
	if got["failed"] != true || got["msg"] != "could not say it with" || got["said"] != "it" {
		t.Error(got)
	}
	got = wire{argv: []string{"try"}, stdin: `{"do":"details","say":"it","key":"k3y-of-doom"}`}.answer(t)
	if got["said"] != "otherwise" || got["hint"] != mask.Hidden || got["msg"] != "wrapped: refused by "+mask.Hidden || fmt.Sprint(got["refused"]) != "[x]" {
		t.Error(got)
	}
	for _, module := range []string{"placement_odd", "try"} {
		got = wire{argv: []string{module}, stdin: map[string]string{"try": `{"do":"cycle"}`}[module] + map[string]string{"placement_odd": "{}"}[module]}.answer(t)
		if got["failed"] != true || !strings.Contains(fmt.Sprint(got["msg"]), "the result can't be written") {
			t.Error(got)
		}
	}
	if got = (wire{argv: []string{"none"}, stdin: "{}"}).answer(t); got["failed"] != false || got["changed"] != false {
		t.Error(got)
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	code, out, _ := wire{argv: []string{"try"}, stdin: `{"do":"panic","say":"x","key":"k3y-of-doom"}`}.run(t)
	got := oneObject(t, out)
	if code != 1 || !strings.HasPrefix(fmt.Sprint(got["msg"]), "internal error in placement_try: ") || !strings.Contains(fmt.Sprint(got["exception"]), "runTry") {
		t.Error(got)
	}
	if got["invocation"] == nil || strings.Contains(out, "k3y-of-doom") {
		t.Error(out)
	}
}

func TestTimeout(t *testing.T) {
	got := wire{argv: []string{"try"}, stdin: `{"do":"wait","timeout":0.05}`}.answer(t)
	if want := "not finished within the timeout of 50ms: waiting: context deadline exceeded"; got["msg"] != want {
		t.Error(got)
	}
}

func TestEnvironment(t *testing.T) {
	env := map[string]string{}
	code, out, _ := wire{
		argv: []string{"try"}, env: env,
		stdin: `{"say":"s3cr3t-of-env","_ansible_environment":{"OS_PASSWORD":"s3cr3t-of-env","N":5,"B":true}}`,
	}.run(t)
	if code != 0 || strings.Contains(out, "s3cr3t") || strings.Contains(out, "OS_PASSWORD") {
		t.Error(out)
	}
	if diff := cmp.Diff(map[string]string{"OS_PASSWORD": "s3cr3t-of-env", "N": "5", "B": "True"}, env); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`{"_ansible_environment":[1]}`, `{"_ansible_environment":{"":"x"}}`, `{"_ansible_environment":{"A":null}}`} {
		if got := (wire{argv: []string{"try"}, stdin: bad}).answer(t); got["failed"] != true {
			t.Errorf("%s: %v", bad, got)
		}
	}
}

// process runs this test program as the program of the modules.
func process(t *testing.T, stdin string, argv ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, argv...)
	cmd.Env = append(os.Environ(), "BE_PLACEMENT=1")
	cmd.Stdin = strings.NewReader(stdin)
	return cmd
}

func TestSignals(t *testing.T) {
	for _, test := range []struct {
		do     string
		signal syscall.Signal
		want   string
	}{
		{"wait", syscall.SIGTERM, "stopped by a signal (terminated): waiting: context canceled"},
		{"wait", syscall.SIGINT, "stopped by a signal (interrupt)"},
		{"wait", syscall.SIGHUP, "stopped by a signal (hangup)"},
	} {
		t.Run(test.do+test.signal.String(), func(t *testing.T) {
			t.Parallel()
			cmd := process(t, `{"do":"`+test.do+`"}`, "placement_try")
			var out strings.Builder
			cmd.Stdout = &out
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// The module says when it waits.
			if _, err := stderr.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			err = cmd.Wait()
			if got := oneObject(t, out.String()); !strings.HasPrefix(fmt.Sprint(got["msg"]), test.want) || cmd.ProcessState.ExitCode() != 1 {
				t.Errorf("%v: %v", err, got)
			}
		})
	}
}

// A module that does not hear that it has to stop is answered for after a while.
func TestDeafModule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		deaf := Define("placement_deaf", []byte(testDoc), func(context.Context, *Call, *struct{}) (any, error) {
			<-release
			return nil, nil
		})
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		begun := time.Now()
		out := deaf.work(ctx, &Call{}, deaf.bind())
		if took := time.Since(begun); took != time.Minute+stopGrace || out.err == nil || out.err.Error() != "it did not stop within 5s" {
			t.Errorf("%v after %v", out.err, took)
		}
	})
}

func TestStrayOutputIsNotOnStdout(t *testing.T) {
	cmd := process(t, `{"do":"print","say":"x"}`, "placement_try")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := oneObject(t, string(out)); got["said"] != "x" || stderr.String() != "a library that talks\n" {
		t.Errorf("%v, stderr %q", got, stderr.String())
	}
}

func TestNoPipeNoReading(t *testing.T) {
	cmd := process(t, "")
	cmd.Stdin = nil // the null device
	out, err := cmd.Output()
	if err == nil || cmd.ProcessState.ExitCode() != 1 || oneObject(t, string(out))["failed"] != true {
		t.Errorf("%v %q", err, out)
	}
}
