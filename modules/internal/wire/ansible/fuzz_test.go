// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// FuzzDecode gives anything at all to the module that has every kind of option. It never panics, it always answers one
// object, and what it made of the arguments it would make of them again.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"say":"x","ratio":"0.25","tags":"ab,cd","sizes":{"VCPU":{"total":"8"}},"logins":["user=a, passcode=12345"]}`,
		`{"cloud":{"auth":{"password":"hunter2"}},"env":"A=1 B='2 3'"}`, `{"optional":"1_0","weights":{"a":1e3},"timeout":" 1 "}`,
		`{"say":null,"pins":[1,"2"],"api_key":true,"id":"af"}`, `{"auth":"{\"a\":[1,2.5]}"}`, `[`, `{"a":{"a":{"a":[[[]]]}}}`, `{"ratio":NaN}`,
	} {
		f.Add([]byte(seed))
	}
	m := testModules()[0]
	f.Fuzz(func(t *testing.T, text []byte) {
		args, err := jsontext.ParseObject(text)
		if err != nil {
			return
		}
		if args["do"] != nil || args["say"] == "explode" {
			return // what the test module is told to do badly
		}
		checkAnswer(t, text)
		decoded, first := decodeOnce(t, m, args)
		if decoded.Err() != nil {
			return
		}
		again, second := decodeOnce(t, m, reread(t, decoded.Values))
		if err := again.Err(); err != nil {
			t.Fatalf("%s: accepted once, then %v", text, err)
		}
		if !reflect.DeepEqual(first, second) {
			t.Fatalf("%s: %+v, then %+v", text, first, second)
		}
	})
}

func decodeOnce(t *testing.T, m *Module, args map[string]any) (*argspec.Arguments, *Try) {
	t.Helper()
	options := &Try{}
	decoded, err := m.decode(&Call{}, args, options)
	if err != nil {
		t.Fatal(err)
	}
	return decoded, options
}

// reread takes values through JSON, as they would come back from another tool.
func reread(t *testing.T, values map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	args, err := jsontext.ParseObject(text)
	if err != nil {
		t.Fatal(err)
	}
	return args
}

func checkAnswer(t *testing.T, text []byte) {
	t.Helper()
	var out bytes.Buffer
	code := Main(testModules(), Process{
		Args: []string{"placement", "placement_try"}, Stdin: bytes.NewReader(text), Stdout: &out,
		StdinIsPipe: func() bool { return true }, Setenv: func(string, string) error { return nil },
	})
	if got := out.String(); code > 1 || !json.Valid(out.Bytes()) || !strings.HasPrefix(got, `{"changed":`) {
		t.Fatalf("%d: %s", code, got)
	}
}

// Some inputs are small and cost minutes if they are handled carelessly. What counts is the time of this process on the
// processors, which a busy machine does not make longer; the limit is far from what they take, also with the race detector.
func TestCostlyArguments(t *testing.T) {
	for _, text := range []string{
		`{"say":"a` + strings.Repeat("=", 200_000) + `"}`,
		`{"cloud":"` + strings.Repeat(`{\"a\":`, 20_000) + `"}`,
		`{"key":"` + strings.Repeat(`\\`, 20_000) + `"}`,
		`{"cloud":{"tokens":["` + strings.Repeat(`abcdef","abcdeg`, 5_000) + `"]}}`,
		`{` + strings.Repeat(`"a":`, 100_000),
	} {
		before := processorTime(t)
		checkAnswer(t, []byte(text))
		if took := processorTime(t) - before; took > time.Minute {
			t.Errorf("%.20s took %v", text, took)
		}
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
