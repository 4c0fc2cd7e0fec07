// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// right is what has to be said of logs from the field: right.yml beside them.
type right struct {
	State   string // what is the case, in a sentence
	Options dict   // of the module; since is all and timezone UTC if they are not there
	Clean   bool
	Unread  int
	Msg     []string // what the sentence says
	// Conflicts are all of them, in their order.
	Conflicts []struct {
		Conflict, Verdict, Target string // the target as type, name and UUID
		Act                       bool
		Count                     int
		First, Code, Command      string
		Message, Remedy           []string // what they say
		Never                     []string // what neither says
		Evidence                  dict     // what it has
	}
}

// Logs that operators have shown, each with the right answer beside it.
func TestCases(t *testing.T) {
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatal("no cases", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) { answersRight(t, folder) })
	}
}

func answersRight(t *testing.T, folder string) {
	t.Helper()
	want := rightOf(t, folder)
	args := dict{"since": "all", "timezone": "UTC", "files": logsIn(t, folder)}
	for name, value := range want.Options {
		args[name] = value
	}
	answer := works(t, args)
	says(t, "msg", text(answer["msg"]), want.Msg)
	if unread := part(answer["summary"])["unread"]; answer["clean"] != want.Clean || unread != float64(want.Unread) {
		t.Errorf("clean %v, unread %v: %s", answer["clean"], unread, answer["msg"])
	}
	found := conflictsOf(answer)
	if len(found) != len(want.Conflicts) {
		t.Fatalf("%d conflicts: %s", len(found), verdicts(answer))
	}
	for i, w := range want.Conflicts {
		c, about := found[i], part(found[i]["target"])
		target := strings.TrimSpace(fmt.Sprint(about["type"], " ", strings.TrimSpace(text(about["name"])+" "+text(about["uuid"]))))
		got := fmt.Sprint(c["conflict"], " ", c["verdict"], " ", target, " ", c["act"], " ", c["count"])
		if wanted := fmt.Sprint(w.Conflict, " ", w.Verdict, " ", w.Target, " ", w.Act, " ", w.Count); got != wanted {
			t.Errorf("%s, want %s", got, wanted)
		}
		for name, value := range map[string]string{"first": w.First, "code": w.Code, "command": w.Command} {
			if value != "" && c[name] != value {
				t.Errorf("%s: %s is %v, want %s", w.Conflict, name, c[name], value)
			}
		}
		says(t, w.Conflict, text(c["message"]), w.Message)
		says(t, w.Conflict, text(c["remedy"]), w.Remedy)
		for _, never := range w.Never {
			if said := text(c["message"]) + "\n" + text(c["remedy"]); strings.Contains(said, never) {
				t.Errorf("%s says %q: %s", w.Conflict, never, said)
			}
		}
		for name, value := range w.Evidence {
			if have := fmt.Sprint(part(c["evidence"])[name]); have != fmt.Sprint(value) {
				t.Errorf("%s: evidence %s is %s, want %v", w.Conflict, name, have, value)
			}
		}
	}
}

func rightOf(t *testing.T, folder string) right {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "right.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var want right
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&want); err != nil || want.State == "" {
		t.Fatal("right.yml: ", err)
	}
	return want
}

// logsIn lists the logs of a case, by their absolute names.
func logsIn(t *testing.T, folder string) []any {
	t.Helper()
	whole, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(whole + "/*")
	names = slices.DeleteFunc(names, func(name string) bool { return filepath.Base(name) == "right.yml" })
	if err != nil || len(names) == 0 {
		t.Fatal("no logs", err)
	}
	var all []any
	for _, name := range names {
		all = append(all, name)
	}
	return all
}

// says reports each of the words that a text does not have.
func says(t *testing.T, what, text string, words []string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s does not say %q: %s", what, word, text)
		}
	}
}
