// SPDX-License-Identifier: Apache-2.0

package query_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
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

// No statement writes, locks, or takes a value; each names its database.
func TestStatementsRead(t *testing.T) {
	for _, s := range query.Statements() {
		text := s.In("x")
		if !strings.HasPrefix(text, "SELECT ") || !strings.Contains(text, "`x`.") || strings.ContainsAny(text, ";?") ||
			regexp.MustCompile(`(?i)\b(for update|lock|into|sleep|benchmark)\b`).MatchString(text) {
			t.Error(text)
		}
	}
	if framing := strings.Join(query.Framing(), "\n"); !strings.Contains(framing, "READ ONLY") || !strings.Contains(framing, "CONSISTENT SNAPSHOT") {
		t.Error(framing)
	}
}
