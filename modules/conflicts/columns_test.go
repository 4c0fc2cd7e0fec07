// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The columns of an export that grows are known in the next reading too, and a row that is none does not end the table.
func TestColumnsAcrossReadings(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "export.csv")
	args := dict{"since": "all", "timezone": "UTC", "files": []any{path}, "state_file": dir + "/state"}
	rows := strings.Split(strings.TrimRight(forms()["Kibana, CSV"](kinds()["name"]), "\r\n"), "\r\n")
	text := ""
	for _, part := range []struct {
		rows []string
		want float64
	}{{rows[:3], 2}, {append([]string{"no,row"}, rows[3:]...), 4}} {
		text += strings.Join(part.rows, "\r\n") + "\r\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if found := conflictsOf(works(t, args)); len(found) != 1 || found[0]["count"] != part.want || found[0]["conflict"] != "duplicate-name" {
			t.Errorf("%v, want %v", found, part.want)
		}
	}
}
