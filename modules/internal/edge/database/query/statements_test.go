// SPDX-License-Identifier: Apache-2.0

package query_test

import (
	"database/sql/driver"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// granted are the grants that the statements need: a line for each table, the columns sorted. Which names the databases.
func granted(which map[string]string) []string {
	columns := map[string][]string{} // database.table
	for _, s := range query.Statements() {
		for table, names := range s.Reads {
			key := which[s.Kind] + "." + table
			columns[key] = append(columns[key], names...)
		}
	}
	var lines []string
	for _, table := range slices.Sorted(maps.Keys(columns)) {
		names := slices.Sorted(slices.Values(columns[table]))
		for i, name := range names {
			if name == "binary" {
				names[i] = "`binary`"
			}
		}
		lines = append(lines, fmt.Sprintf("GRANT SELECT (%s) ON %s TO 'placement_audit'@'%%';", strings.Join(slices.Compact(names), ", "), table))
	}
	return lines
}

// The page grants what the statements read, and nothing else.
func TestGrants(t *testing.T) {
	page, err := os.ReadFile("../../../../../docs/database.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?m)^GRANT .*;$`).FindAllString(string(page), -1)
	want := granted(map[string]string{"placement": "placement", "nova_api": "nova_api", "nova_cell": "nova"})
	slices.Sort(said)
	slices.Sort(want)
	if !slices.Equal(said, want) {
		t.Errorf("docs/database.md must have these grants, and no other:\n%s", strings.Join(want, "\n"))
	}
}

// No statement writes, locks, or has a value in it; each names its database, and has the places that it says.
func TestStatementsRead(t *testing.T) {
	for _, s := range query.Statements() {
		text := s.In("x")
		if !strings.HasPrefix(text, "SELECT ") || !strings.Contains(text, "`x`.") || strings.Contains(text, ";") || strings.Count(text, "?") != s.Places ||
			regexp.MustCompile(`(?i)\b(for update|lock|into|sleep|benchmark)\b`).MatchString(text) {
			t.Error(text)
		}
	}
	if framing := strings.Join(query.Framing(), "\n"); !strings.Contains(framing, "READ ONLY") || !strings.Contains(framing, "CONSISTENT SNAPSHOT") {
		t.Error(framing)
	}
}

// Values are sent beside the statement, as many as it has places for, and as often as it takes; without any nothing is sent.
func TestAmong(t *testing.T) {
	var values []any
	for i := range 250 {
		values = append(values, int64(i))
	}
	of := &querytest.Server{Rows: map[string][][]driver.Value{"allocations on": {{[]byte("1"), []byte("1"), []byte("c"), []byte("2")}}}}
	s, seen := querytest.Session(t, of), map[any]bool{}
	for list, want := range map[int]int{0: 0, 1: 1, 100: 1, 101: 2, len(values): 3} {
		of.Asked = nil
		rows := 0
		err := s.Among(t.Context(), query.All().HeldOn, "x", values[:list], func(query.Row) error { rows++; return nil })
		if err != nil || rows != want || len(of.Asked) != want {
			t.Errorf("%d values: %d rows of %d statements, want %d; %v", list, rows, len(of.Asked), want, err)
		}
	}
	if err := s.Among(t.Context(), query.All().HeldOn, "x", values, func(query.Row) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for _, args := range of.Asked {
		if len(args) != query.All().HeldOn.Places {
			t.Errorf("%d values for %d places", len(args), query.All().HeldOn.Places)
		}
		for _, one := range args {
			seen[one] = true
		}
	}
	if len(seen) != len(values) {
		t.Errorf("%d of %d values were asked for", len(seen), len(values))
	}
}
