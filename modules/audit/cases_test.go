// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// right is what an audit has to say of a state from the field: right.yml beside its snapshot.
type right struct {
	State   string         // what is the case, in a sentence
	Options map[string]any // of the audit
	Clean   bool
	// Findings are all of them, in their order.
	Findings  []rightFinding
	NotJudged []string `yaml:"not_judged"` // "PLC101 UUID" of each example, sorted
	NotRun    []string `yaml:"not_run"`    // ids
	Msg       []string // what the sentence says
}

type rightFinding struct {
	Fingerprint, Severity string
	Message, Remedy       []string // what they say; the remedy with its command
	Never                 []string // what neither says
	Because               []string // the fingerprints above it
}

// States that operators have reported, rebuilt small, each with the right answer beside it.
func TestCases(t *testing.T) {
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatal("no cases", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) { answersRight(t, folder) })
	}
}

// rightOf reads what is right in a folder.
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

func answersRight(t *testing.T, folder string) {
	t.Helper()
	want := rightOf(t, folder)
	args := map[string]any{"snapshot": filepath.Join(folder, "snapshot.json")}
	for name, value := range want.Options {
		args[name] = value
	}
	answer := runModule(t, args)
	msg, _ := answer["msg"].(string)
	lacks(t, "msg", msg, want.Msg)
	if answer["clean"] != want.Clean || answer["complete"] != (len(want.NotRun) == 0) {
		t.Errorf("clean %v, complete %v: %s", answer["clean"], answer["complete"], msg)
	}
	tellsFindings(t, answer, want.Findings)
	if got := leftAlone(answer); !slices.Equal(got, want.NotJudged) {
		t.Errorf("not judged %q, want %q", got, want.NotJudged)
	}
	var ids []string
	for id := range notRun(answer) {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, want.NotRun) {
		t.Errorf("not run %q, want %q", ids, want.NotRun)
	}
}

// tellsFindings compares the findings, which are all of them and in their order.
func tellsFindings(t *testing.T, answer map[string]any, all []rightFinding) {
	t.Helper()
	findings, _ := answer["findings"].([]any)
	var wanted, found []string
	for _, w := range all {
		wanted = append(wanted, w.Fingerprint)
	}
	for _, f := range findings {
		finding, _ := f.(map[string]any)
		found = append(found, fmt.Sprint(finding["fingerprint"]))
	}
	if !slices.Equal(found, wanted) {
		t.Fatalf("finds %q, and right.yml lists %q: mend the check, or right.yml if the finding is right. Whole:\n%s", found, wanted, indented(findings))
	}
	for i, w := range all {
		f, _ := findings[i].(map[string]any)
		tellsFinding(t, f, w)
	}
}

// tellsFinding compares one finding, its texts included.
func tellsFinding(t *testing.T, f map[string]any, w rightFinding) {
	t.Helper()
	remedy := fmt.Sprint(dig(f, "remedy", "text"), "\n", dig(f, "remedy", "command"))
	message, _ := f["message"].(string)
	if f["fingerprint"] != w.Fingerprint || f["severity"] != w.Severity {
		t.Errorf("%s is %s, want %s %s", f["fingerprint"], f["severity"], w.Fingerprint, w.Severity)
	}
	if got := texts(f["because"]); !slices.Equal(got, w.Because) {
		t.Errorf("%s is because %q, want %q", w.Fingerprint, got, w.Because)
	}
	lacks(t, w.Fingerprint, message, w.Message)
	lacks(t, w.Fingerprint, remedy, w.Remedy)
	for _, never := range w.Never {
		if strings.Contains(message+"\n"+remedy, never) {
			t.Errorf("%s says %q: %s\n%s", w.Fingerprint, never, message, remedy)
		}
	}
}

// lacks reports each of the words that a text does not have.
func lacks(t *testing.T, what, text string, words []string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s does not say %q: %s", what, word, text)
		}
	}
}

// leftAlone lists what was not judged, as check and example.
func leftAlone(answer map[string]any) []string {
	var all []string
	groups, _ := dig(answer, "summary", "not_judged").([]any)
	for _, group := range groups {
		g, _ := group.(map[string]any)
		examples, _ := g["examples"].([]any)
		for _, example := range examples {
			all = append(all, fmt.Sprint(g["check"], " ", example))
		}
	}
	slices.Sort(all)
	return all
}

func texts(list any) []string {
	var all []string
	values, _ := list.([]any)
	for _, value := range values {
		all = append(all, fmt.Sprint(value))
	}
	return all
}

func indented(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}
