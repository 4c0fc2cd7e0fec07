// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// sql does something in the databases of the lab, as their administrator, and returns the lines that it prints.
func (l lab) sql(t *testing.T, server, statements string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "mysql", "--no-defaults", "--batch", "--skip-column-names", "--socket="+l.Sockets[server])
	cmd.Stdin = strings.NewReader(statements)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("mysql %s: %v\n%s", server, err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

const (
	auditor    = "placement_audit"
	mainServer = "mysql"
)

// auditUser makes the user that docs/database.md describes, with exactly its grants, on both servers of the lab.
func (l lab) auditUser(t *testing.T) {
	t.Helper()
	page, err := os.ReadFile("../../docs/database.md")
	if err != nil {
		t.Fatal(err)
	}
	grants := regexp.MustCompile(`(?m)^GRANT .*;$`).FindAllString(string(page), -1)
	if len(grants) < 20 {
		t.Fatalf("the page has %d grants", len(grants))
	}
	cells := map[string][]string{mainServer: {"nova_cell0", "nova_cell1"}, "mysql-cell2": {"nova_cell2"}}
	for server := range l.Sockets {
		text := "DROP USER IF EXISTS '" + auditor + "'@'%'; CREATE USER '" + auditor + "'@'%' IDENTIFIED BY '" + secret + "';\n"
		t.Cleanup(func() { l.dropUser(t, server) })
		for _, grant := range grants {
			text += granted(grant, server, cells[server])
		}
		l.sql(t, server, text)
	}
}

// granted is a grant of the page as a server of the lab gets it: those on a cell's database for each of its cells.
func granted(grant, server string, cells []string) string {
	text := ""
	switch {
	case strings.Contains(grant, " ON nova."):
		for _, cell := range cells {
			text += strings.Replace(grant, " ON nova.", " ON "+cell+".", 1) + "\n"
		}
	case server == mainServer:
		text = grant + "\n"
	}
	return text
}

func (l lab) dropUser(t *testing.T, server string) {
	cmd := exec.Command("mysql", "--no-defaults", "--socket="+l.Sockets[server])
	cmd.Stdin = strings.NewReader("DROP USER IF EXISTS '" + auditor + "'@'%'")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("drop the user: %v\n%s", err, out)
	}
}

// databaseArgs are those of an audit of the lab's databases as that user.
func (l lab) databaseArgs(more map[string]any) map[string]any {
	args := l.Databases()
	args["grace"], args["database"] = 1, map[string]any{"user": auditor, "password": secret}
	maps.Copy(args, more)
	return args
}

// The databases show what the APIs show, fault by fault, and the ghost beside it. The audit runs as the user of docs/database.md.
func TestLabDatabaseSeeds(t *testing.T) {
	l := labOf(t, "nova")
	l.auditUser(t)
	if healthy := runModule(t, l.databaseArgs(nil)); healthy["clean"] != true || healthy["complete"] != true {
		t.Errorf("without faults: %v %v %v", healthy["msg"], fingerprints(healthy), notRun(healthy))
	}
	for _, fault := range []string{"orphaned-allocation", "invisible-allocation"} {
		l.seed(t, fault)
	}
	ghost := "PLC112:consumer:" + l.seed(t, "ghost-consumer").text(t, "consumer")
	fromAPI, fromDatabase := auditLab(t, l, 1), runModule(t, l.databaseArgs(nil))
	want := append(fingerprints(fromAPI), ghost)
	slices.Sort(want)
	got := fingerprints(fromDatabase)
	slices.Sort(got)
	if !slices.Equal(got, want) || len(want) != 3 || fromDatabase["complete"] != true {
		t.Errorf("from the databases %v\nfrom the APIs and the ghost %v\nnot run %v", got, want, notRun(fromDatabase))
	}
}

// Each statement that the servers log at both looks is one of the list. TestLabDatabaseLocks sees that nothing is locked.
func TestLabDatabaseStatements(t *testing.T) {
	l := labOf(t, "nova")
	l.auditUser(t)
	l.seed(t, "orphaned-allocation") // without a suspect there is no second look
	for server := range l.Sockets {
		l.sql(t, server, "SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1; TRUNCATE mysql.general_log")
	}
	answer := runModule(t, l.databaseArgs(nil))
	said := map[string][]string{}
	for server := range l.Sockets {
		said[server] = l.sql(t, server, "SET GLOBAL general_log = 0; SELECT command_type, argument FROM mysql.general_log WHERE user_host LIKE '"+auditor+"%' AND command_type <> 'Connect'")
	}
	if answer["failed"] != false || answer["complete"] != true || len(fingerprints(answer)) != 1 || len(said) != 2 {
		t.Fatalf("%v; %v; not run %v; %d servers", answer["msg"], fingerprints(answer), notRun(answer), len(said))
	}
	for server, lines := range said {
		onlyOfTheList(t, server, lines)
	}
}

// onlyOfTheList compares what a server logged of two looks with what may be sent.
func onlyOfTheList(t *testing.T, server string, lines []string) {
	t.Helper()
	var allowed []string
	for _, s := range query.Statements() {
		allowed = append(allowed, strings.ReplaceAll(s.In("DATABASE"), "`DATABASE`", "DATABASE"))
	}
	for _, s := range query.Framing() {
		allowed = append(allowed, strings.NewReplacer("MILLISECONDS", "60000", "SECONDS", "60").Replace(s))
	}
	times, prepared := map[string]int{}, 0
	for _, line := range lines {
		kind, statement, _ := strings.Cut(line, "\t")
		statement = regexp.MustCompile("`nova_cell\\d`|`placement`|`nova_api`").ReplaceAllString(statement, "DATABASE")
		if kind == "Execute" { // has the values in their places
			prepared++
			statement = regexp.MustCompile(`IN \([^()A-Z]*\)`).ReplaceAllStringFunc(statement, func(list string) string {
				return "IN (" + regexp.MustCompile(`'[0-9a-f-]{36}'|\d+`).ReplaceAllString(list[len("IN ("):], "?")
			})
		}
		if kind != "Quit" && kind != "Close stmt" && (!slices.Contains([]string{"Query", "Prepare", "Execute"}, kind) || !slices.Contains(allowed, statement)) {
			t.Errorf("%s: %s %q is not in the list", server, kind, statement)
		}
		times[statement]++
	}
	framing := query.Framing()
	begun, ended := framing[len(framing)-2], framing[len(framing)-1]
	again := strings.ReplaceAll(query.All().Deleted.In("DATABASE"), "`DATABASE`", "DATABASE")
	if times[begun] < 2 || times[ended] != times[begun] || times[again] == 0 || prepared == 0 {
		t.Errorf("%s: %d transactions begun, %d ended, and %d and %d statements of the second look alone", server, times[begun], times[ended], times[again], prepared)
	}
}

// What a user may not read, and where no Nova is, is said with the table and the option; those checks do not run.
func TestLabDatabaseUnread(t *testing.T) {
	l := labOf(t, "nova")
	l.auditUser(t)
	l.sql(t, mainServer, "REVOKE SELECT ON nova_cell1.migrations FROM '"+auditor+"'@'%'")
	for name, c := range map[string]struct {
		args map[string]any
		want []string
	}{
		"one table":      {nil, []string{"migrations", "nova_cell1", "docs/database.md"}},
		"wrong password": {map[string]any{"database": map[string]any{"user": auditor, "password": "wr0ng-" + secret}}, []string{"refuses user " + auditor}},
		"not nova's":     {map[string]any{"database": map[string]any{"user": auditor, "password": secret, "nova_api": "placement"}}, []string{"cell_mappings", "placement"}},
		"no such name":   {map[string]any{"database": map[string]any{"user": auditor, "password": secret, "placement": "nowhere"}}, []string{"resource_", "nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			answer := runModule(t, l.databaseArgs(c.args))
			if answer["failed"] != false || answer["complete"] != false || answer["clean"] != false {
				t.Errorf("failed %v, complete %v, clean %v", answer["failed"], answer["complete"], answer["clean"])
			}
			text := fmt.Sprint(notRun(answer))
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in: %s", want, text)
				}
			}
			if strings.Contains(text, secret) {
				t.Error("the password is in the answer")
			}
		})
	}
}

// A cell of which nothing may be read is unread, as one that does not answer: its hosts are named, and those of the others are judged.
func TestLabDatabaseDeniedCell(t *testing.T) {
	l := labOf(t, "nova")
	l.auditUser(t)
	l.sql(t, "mysql-cell2", "REVOKE ALL PRIVILEGES, GRANT OPTION FROM '"+auditor+"'@'%'")
	answer := runModule(t, l.databaseArgs(nil))
	if got := fingerprints(answer); answer["complete"] != false || len(got) != 1 || !strings.HasPrefix(got[0], "PLC501:") {
		t.Errorf("complete %v, found %v", answer["complete"], got)
	}
	text := fmt.Sprint(notRun(answer))
	for _, want := range []string{"cell2", "table services", "nova_cell2", "docs/database.md", "it did not judge cn6"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in: %s", want, text)
		}
	}
}

// What only the databases show is found, and goes when what the remedy says is done.
func TestLabDatabaseOnly(t *testing.T) {
	l := labOf(t, "nova")
	l.auditUser(t)
	ghost := l.seed(t, "ghost-consumer").text(t, "consumer")
	l.sql(t, mainServer, "INSERT INTO placement.resource_providers (uuid, name, generation) VALUES ('f0000000-0000-4000-8000-000000000001', 'rootless', 0); "+
		"INSERT INTO nova_api.host_mappings (cell_id, host, created_at) SELECT id, 'nobody', NOW() FROM nova_api.cell_mappings WHERE name = 'cell1'")
	t.Cleanup(func() {
		l.afterwards(t, "UPDATE placement.resource_providers SET root_provider_id = NULL WHERE uuid LIKE 'f0000000-%'; "+
			"DELETE FROM placement.resource_providers WHERE uuid LIKE 'f0000000-%'; DELETE FROM nova_api.host_mappings WHERE host = 'nobody'")
	})
	answer := runModule(t, l.databaseArgs(nil))
	want := []string{"PLC112:consumer:" + ghost, "PLC214:provider:f0000000-0000-4000-8000-000000000001", "PLC509:service:nova_api.host_mappings.host"}
	got := fingerprints(answer)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("found %v, want %v; %v", got, want, notRun(answer))
	}
	l.sql(t, mainServer, "DELETE FROM placement.consumers WHERE uuid = '"+ghost+"' AND uuid NOT IN (SELECT consumer_id FROM placement.allocations)")
	if out, err := exec.CommandContext(t.Context(), filepath.Join(l.Root, "bin", "placement-manage"), "db", "online_data_migrations").CombinedOutput(); err != nil {
		t.Errorf("placement-manage: %v\n%s", err, out)
	}
	if left := fingerprints(runModule(t, l.databaseArgs(nil))); !slices.Equal(left, []string{"PLC509:service:nova_api.host_mappings.host"}) {
		t.Errorf("left: %v", left)
	}
	l.dropHost(t, "nobody")
	if left := fingerprints(runModule(t, l.databaseArgs(nil))); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// dropHost does what PLC509 says: it finds out what a host's row belongs to, keeps a copy of the table, and deletes the row.
func (l lab) dropHost(t *testing.T, host string) {
	t.Helper()
	manage := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), l.NovaManage, append([]string{"cell_v2"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("nova-manage %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	row := regexp.MustCompile(`\| +\S+ +\| +(\S+) +\| +` + host + ` +\|`).FindStringSubmatch(manage("list_hosts"))
	if row == nil || l.sql(t, mainServer, "SELECT COUNT(*) FROM nova_cell1.services WHERE deleted=0 AND host='"+host+"'")[0] != "0" {
		t.Fatalf("%v: a compute service may need it", row)
	}
	t.Cleanup(func() { l.afterwards(t, "DROP DATABASE backup_of_a_test") })
	kept := l.sql(t, mainServer, "CREATE DATABASE backup_of_a_test; CREATE TABLE backup_of_a_test.host_mappings AS SELECT * FROM nova_api.host_mappings; "+
		"SELECT COUNT(*) FROM backup_of_a_test.host_mappings WHERE host='"+host+"'")
	if kept[0] != "1" {
		t.Fatalf("the backup has %v such rows", kept)
	}
	manage("delete_host", "--cell_uuid", row[1], "--host", host)
}

// afterwards does something in the databases when the test is over.
func (l lab) afterwards(t *testing.T, statements string) {
	cmd := exec.Command("mysql", "--no-defaults", "--socket="+l.Sockets[mainServer])
	cmd.Stdin = strings.NewReader(statements)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
