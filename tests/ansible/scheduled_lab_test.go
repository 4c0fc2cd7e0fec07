// SPDX-License-Identifier: Apache-2.0

//go:build lab

package ansible_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// refusedNow are lines of Placement's log of the last minutes: one inventory that was refused once and then went through, and
// a provider whose name is taken.
func refusedNow(t *testing.T, path string, stubborn int) {
	t.Helper()
	const line = "%s 7 INFO placement.requestlog [None req-%08d-0000-4000-8000-000000000000 u p - - default default] 127.0.0.1 \"%s\" status: %d len: %d microversion: 1.39\n"
	put := "PUT /resource_providers/4f1e2c3d-0a1b-4c2d-8e3f-111111111111/inventories"
	var b strings.Builder
	at := time.Now().Add(-10 * time.Minute)
	for i, status := range []int{409, 200} {
		fmt.Fprintf(&b, line, at.Add(time.Duration(i)*time.Second).Format("2006-01-02 15:04:05.000"), i, put, status, 263)
	}
	for i := range stubborn {
		fmt.Fprintf(&b, line, at.Add(time.Duration(i)*time.Minute).Format("2006-01-02 15:04:05.000"), 10+i, "POST /resource_providers", 409, 285)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// timers has the role put everything below dir, on a host of its own.
func timers(t *testing.T, l *live.Lab, dir string, more ...string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	vars := fmt.Sprintf(`{"scheduled_audit_activate": false, "cloud_cloud": %q, "cloud_clouds_file": %q,
		"scheduled_audit_program_directory": "%[3]s/libexec", "scheduled_audit_config_directory": "%[3]s/etc",
		"scheduled_audit_state_directory": "%[3]s/state", "scheduled_audit_unit_directory": "%[3]s/units",
		"scheduled_audit_textfile_directory": "%[3]s/textfile", "scheduled_audit_options": {"grace": 2},
		"scheduled_audit_conflicts_options": {"files": ["%[3]s/logs/*.log"]},
		"ansible_connection": "local", "ansible_become": false, "ansible_python_interpreter": "/usr/bin/python3"}`, l.Cloud, l.CloudsFile, dir)
	hosts := filepath.Join(dir, "hosts")
	if err := os.WriteFile(hosts, []byte("[control]\ncontrol01\ncontrol02\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-i", hosts, "playbooks/scheduled_audit.yml", "--tags", "scheduled_audit", "-e", vars}, more...)
	cmd := exec.CommandContext(t.Context(), "/usr/bin/ansible-playbook", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "ANSIBLE_CONFIG="+filepath.Join(root, "ansible.cfg"), "HOME="+t.TempDir(), "ANSIBLE_PIPELINING=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "control01") || strings.Contains(string(out), "control02") {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// runUnit runs the very command of a unit, with the environment that systemd gives and with no more capabilities than it
// leaves, and returns what would be in the journal.
func runUnit(t *testing.T, dir, name string) (string, error) {
	t.Helper()
	unit := string(mustRead(t, filepath.Join(dir, "units", name+".service")))
	line := regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(unit)
	if line == nil {
		t.Fatalf("%s starts nothing: %s", name, unit)
	}
	argv := strings.Fields(line[1])
	if os.Getuid() == 0 {
		argv = append([]string{"/usr/bin/setpriv", "--no-new-privs", "--bounding-set=-all,+dac_override,+dac_read_search", "--inh-caps=-all"}, argv...)
	}
	cmd := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// The role's own units are good, their very commands run, and what they measure is what is wrong with the cloud. The second
// full audit knows what the first one found.
func TestLabScheduledAudit(t *testing.T) {
	live.OneIsEnough(t, "zed")
	l := live.Find(t)
	dir := t.TempDir()
	for _, folder := range []string{"units", "logs"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	refusedNow(t, filepath.Join(dir, "logs/placement-api.log"), 0)
	printed := timers(t, l, dir)
	units, _ := filepath.Glob(filepath.Join(dir, "units/*"))
	if out, err := exec.CommandContext(t.Context(), "systemd-analyze", append([]string{"verify"}, units...)...).CombinedOutput(); err != nil || len(units) != 8 || len(out) > 0 {
		t.Errorf("%d units: %v\n%s", len(units), err, out)
	}
	journal := runAll(t, dir, "clean at a quick look: no findings", "clean: no findings", "1 conflict, none needs action\n")
	wantSamples(t, dir, `placement_audit_findings{look="quick",check="PLC105",name="missing-allocation",severity="critical"} 0`,
		`placement_audit_clean{look="full"} 1`, `placement_audit_conflicts{conflict="inventory-generation",verdict="transient"} 1`,
		`placement_audit_conflicts_act{conflict="inventory-generation"} 0`, `placement_audit_conflicts_complete 1`, `placement_capacity_complete 1`)

	l.Command(t, "seed", "missing-allocation")
	t.Cleanup(func() { l.Command(t, "unseed", "missing-allocation") })
	refusedNow(t, filepath.Join(dir, "logs/placement-api.log"), 8)
	journal += runAll(t, dir, "not clean at a quick look: 1 critical", "not clean: 1 critical (1 new, 0 known, 0 gone)\n", "9 conflicts, 1 to act on; the first: ")
	wantSamples(t, dir, `placement_audit_findings{look="quick",check="PLC105",name="missing-allocation",severity="critical"} 1`,
		`placement_audit_findings{look="full",check="PLC105",name="missing-allocation",severity="critical",state="new"} 1`,
		`placement_audit_conflicts_act{conflict="duplicate-name"} 1`, `placement_audit_conflicts_act{conflict="inventory-generation"} 0`)
	if page := string(mustRead(t, filepath.Join(dir, "state/full.md"))); !strings.Contains(page, "PLC105") {
		t.Errorf("the page of the full audit: %s", page)
	}
	password := strings.TrimSpace(string(mustRead(t, filepath.Join(l.Root, "password"))))
	if len(password) < 8 || strings.Contains(printed+journal, password) || leaves(t, filepath.Join(dir, "state"), password) || leaves(t, filepath.Join(dir, "units"), password) {
		t.Error("the password is in the output, a unit or a report")
	}
}

// The audits and the count read the databases, with the files of Nova and Placement and without credentials of the APIs.
func TestLabScheduledFromDatabases(t *testing.T) {
	live.OneIsEnough(t, "zed")
	l := live.Find(t)
	dir := t.TempDir()
	for _, folder := range []string{"units", "logs"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	vars := map[string]any{}
	for option, value := range l.Databases() {
		vars["scheduled_audit_"+option] = value
	}
	more, err := json.Marshal(vars)
	if err != nil {
		t.Fatal(err)
	}
	refusedNow(t, filepath.Join(dir, "logs/placement-api.log"), 0)
	timers(t, l, dir, "-e", string(more))
	if _, err := os.Stat(filepath.Join(dir, "etc/clouds.yaml")); err == nil {
		t.Error("there are credentials that nothing uses")
	}
	// From the databases the quick audit reads everything.
	runAll(t, dir, "clean: no findings", "clean: no findings", "1 conflict, none needs action\n")
	wantSamples(t, dir, `placement_audit_clean{look="full"} 1`, `placement_capacity_complete 1`)
}

// runAll runs what the timers start and returns the journal.
func runAll(t *testing.T, dir, quick, full, conflicts string) string {
	t.Helper()
	journal := ""
	for _, c := range [][2]string{{"placement-audit-quick", quick}, {"placement-audit-full", full}, {"placement-conflicts", conflicts}, {"placement-capacity", "1 of 1 flavor fits somewhere"}} {
		out, err := runUnit(t, dir, c[0])
		if !succeeds(t, filepath.Join(dir, "units", c[0]+".service"), err) || !strings.HasPrefix(lastLine(out), c[1]) || len(out) > 500 {
			t.Errorf("%s: %v, want %s: %s", c[0], err, c[1], out)
		}
		journal += out
	}
	return journal
}

// succeeds reports whether systemd takes how a unit's command ended as success.
func succeeds(t *testing.T, unit string, err error) bool {
	t.Helper()
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		return err == nil
	}
	_, rest, _ := strings.Cut(string(mustRead(t, unit)), "\nSuccessExitStatus=")
	codes, _, _ := strings.Cut(rest, "\n")
	return slices.Contains(strings.Fields(codes), strconv.Itoa(failed.ExitCode()))
}

// lastLine is the sentence behind the warnings.
func lastLine(out string) string {
	lines := slices.DeleteFunc(strings.SplitAfter(out, "\n"), func(line string) bool { return line == "" })
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}

// wantSamples looks for samples in the files of all four, and has promtool read each.
func wantSamples(t *testing.T, dir string, samples ...string) {
	t.Helper()
	all := ""
	for _, name := range []string{"placement_audit_quick.prom", "placement_audit_full.prom", "placement_conflicts.prom", "placement_capacity.prom"} {
		all += metricsFile(t, filepath.Join(dir, "textfile", name))
	}
	all = regexp.MustCompile(`,cloud="[^"]*",region="[^"]*"`).ReplaceAllString(all, "") // of the lab, whose ports differ
	all = regexp.MustCompile(`\{cloud="[^"]*",region="[^"]*",?`).ReplaceAllString(all, "{")
	all = strings.ReplaceAll(all, "{} ", " ")
	for _, want := range samples {
		if !strings.Contains(all, "\n"+want+"\n") {
			t.Errorf("no %s in\n%s", want, all)
		}
	}
}
