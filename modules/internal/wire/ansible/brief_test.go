// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// With --brief the journal of a timer gets a sentence and warnings, never a secret, and no line that a name made up.
func TestBrief(t *testing.T) {
	for name, test := range map[string]struct {
		argv, stdin    string
		code           int
		stdout, stderr string
	}{
		"done":         {"try --brief", `{"say": "hello"}`, 0, "nothing changed\n", "warning: said hello\n"},
		"flag first":   {"--brief try", `{"say": "hello"}`, 0, "nothing changed\n", "warning: said hello\n"},
		"failed":       {"try --brief", `{"say": "a\nb", "do": "fail", "key": "s3cret-key"}`, 1, "", "warning: said a b\nfailed: could not say a b with " + mask.Hidden + "\n"},
		"bad option":   {"try --brief", `{"frob": 1}`, 1, "", "failed: Unsupported parameters"},
		"no arguments": {"try --brief", `[`, 1, "", "failed: the arguments from stdin are not one JSON object"},
		"no module":    {"frob --brief", `{}`, 1, "", "failed: there is no module frob"},
		"help":         {"try --brief --help", ``, 0, "openstack_ops.placement.placement_try - ", ""},
	} {
		code, stdout, stderr := wire{argv: strings.Fields(test.argv), stdin: test.stdin}.run(t)
		if code != test.code || !strings.HasPrefix(stdout, test.stdout) || !strings.HasPrefix(stderr, test.stderr) || (stderr == "") != (test.stderr == "") {
			t.Errorf("%s: %d\n%s\n%s", name, code, stdout, stderr)
		}
		if strings.Count(stderr, "failed: ") != test.code || strings.Contains(stderr, "\n\n") {
			t.Errorf("%s: not one line: %s", name, stderr)
		}
	}
}

func TestBriefSentence(t *testing.T) {
	m := Define("placement_say", []byte(testDoc), func(_ context.Context, call *Call, o *Try) (any, error) {
		call.Warn("beware\nof %s", o.Key)
		return map[string]any{"msg": "one\n<0>two \x1b[31mred " + o.Key, "findings": []int{1, 2, 3}}, nil
	})
	var out, stderr bytes.Buffer
	code := Main([]*Module{m}, Process{
		Args: []string{"placement", "say", "--brief"}, Stdin: strings.NewReader(`{"key": "s3cret-key"}`), Stdout: &out, Stderr: &stderr,
		StdinIsPipe: func() bool { return true }, Setenv: func(string, string) error { return nil },
	})
	if code != 0 || out.String() != "one <0>two \uFFFD[31mred "+mask.Hidden+"\n" || stderr.String() != "warning: beware of "+mask.Hidden+"\n" {
		t.Errorf("%d\n%q\n%q", code, out.String(), stderr.String())
	}
}
