// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"testing"
)

// What one host's logs tell is told in the same words where its result is joined with those of others, whether its requests came
// one by one or counted.
func TestCasesMerged(t *testing.T) {
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatal("no cases", err)
	}
	for _, folder := range folders {
		for _, most := range []int{1, 1000} {
			args := dict{"since": "all", "timezone": "UTC"}
			maps.Copy(args, rightOf(t, folder).Options)
			both := maps.Clone(args)
			args["files"], args["max_records"] = logsIn(t, folder), most
			alone := works(t, args)
			both["results"] = []any{alone}
			joined := works(t, both)
			if one, two := asJSON(t, alone["conflicts"]), asJSON(t, joined["conflicts"]); one != two || alone["clean"] != joined["clean"] {
				t.Errorf("%s, %d records: clean %v and %v\n%s\n%s", filepath.Base(folder), most, alone["clean"], joined["clean"], one, two)
			}
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
