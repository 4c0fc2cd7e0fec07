// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// seeded is one fault as tests/lab made it.
type seeded map[string]any

// auditLab audits the lab and fails the test if the module fails.
func auditLab(t *testing.T, l lab, grace int) map[string]any {
	t.Helper()
	answer := runModule(t, map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile, "grace": grace})
	if answer["failed"] != false {
		t.Fatalf("the audit failed: %v", answer["msg"])
	}
	return answer
}

// seed makes a fault in the lab, takes it back when the test ends, and returns what was made.
func (l lab) seed(t *testing.T, name string) seeded {
	t.Helper()
	var made seeded
	if err := json.Unmarshal(l.command(t, "seed", name), &made); err != nil {
		t.Fatalf("seed %s: %v", name, err)
	}
	t.Cleanup(func() { l.command(t, "unseed", name) })
	return made
}

func (s seeded) text(t *testing.T, key string) string {
	t.Helper()
	text, ok := s[key].(string)
	if !ok {
		t.Fatalf("the seed has no %q: %v", key, s)
	}
	return text
}

// A cloud without faults is clean.
func TestLabHealthy(t *testing.T) {
	answer := auditLab(t, labOf(t, "nova"), 1)
	if answer["clean"] != true || answer["complete"] != true {
		t.Errorf("%v: findings %v, not run %v", answer["msg"], fingerprints(answer), notRun(answer))
	}
}

// With the four seeds exactly these four are found, and nova-manage names the same orphan.
func TestLabSeeds(t *testing.T) {
	l := labOf(t, "nova")
	orphan := l.seed(t, "orphaned-allocation").text(t, "consumer")
	want := []string{
		"PLC101:consumer:" + orphan,
		"PLC105:server:" + l.seed(t, "missing-allocation").text(t, "server"),
		"PLC201:provider:" + l.seed(t, "stale-provider").text(t, "provider"),
		"PLC301:provider:" + l.seed(t, "below-usage").text(t, "provider"),
	}
	slices.Sort(want)
	answer := auditLab(t, l, 2)
	if got := fingerprints(answer); !slices.Equal(got, want) || answer["complete"] != true {
		t.Errorf("found\n%s\nwant\n%s\nnot run %v", strings.Join(got, "\n"), strings.Join(want, "\n"), notRun(answer))
	}
	if peer := novaManageAudit(t, l); !slices.Equal(peer, []string{orphan}) {
		t.Errorf("nova-manage placement audit names %v, we %s", peer, orphan)
	}
}

// novaManageAudit returns the consumers that `nova-manage placement audit --verbose` calls orphans.
func novaManageAudit(t *testing.T, l lab) []string {
	t.Helper()
	out, _ := exec.CommandContext(t.Context(), l.NovaManage, "placement", "audit", "--verbose").Output() // exits 3 when it found some
	consumers := []string{}
	for line := range bytes.Lines(out) {
		if rest, ok := bytes.CutPrefix(line, []byte("Allocations for consumer UUID ")); ok {
			consumers = append(consumers, string(rest[:36]))
		}
	}
	slices.Sort(consumers)
	return slices.Compact(consumers)
}

// Each other fault is found as what it is, where there is a check for it, and as nothing else. A renamed hypervisor leaves
// a stale provider with its server's allocation behind on Zed; later releases keep its compute node.
func TestLabOtherSeeds(t *testing.T) {
	l := labOf(t, "nova")
	for _, name := range []string{"wrong-amount", "invisible-allocation", "ghost-consumer"} {
		l.seed(t, name)
	}
	want := []string{"PLC103:server:" + l.seed(t, "evacuation-leftover").text(t, "server")}
	renamed := l.seed(t, "renamed-host")
	checks, _ := renamed["checks"].([]any)
	for id, key := range map[string]string{"PLC104:server": "server", "PLC201:provider": "old_provider", "PLC202:provider": "old_provider"} {
		if slices.Contains(checks, any(id[:6])) {
			want = append(want, id+":"+renamed.text(t, key))
		}
	}
	slices.Sort(want)
	answer := auditLab(t, l, 2)
	if got := fingerprints(answer); !slices.Equal(got, want) || answer["complete"] != true {
		t.Errorf("found %v, want %v; not run %v", got, want, notRun(answer))
	}
}

// While a cell's database is stopped no orphan is reported, although Nova hides the cell's servers, and the audit says
// which checks it could not run and why.
func TestLabCellDown(t *testing.T) {
	l := labOf(t, "nova")
	l.seed(t, "cell-down")
	answer := auditLab(t, l, 1)
	if answer["complete"] != false || answer["clean"] != false {
		t.Errorf("complete %v, clean %v: want both false", answer["complete"], answer["clean"])
	}
	if got := fingerprints(answer); !slices.Equal(got, []string{"PLC501:cell:"}) {
		t.Errorf("found %v", got)
	}
	reasons := notRun(answer)
	for _, id := range []string{"PLC101", "PLC102", "PLC103", "PLC104", "PLC105", "PLC107", "PLC201", "PLC202", "PLC203", "PLC204", "PLC205", "PLC207", "PLC502"} {
		if !strings.Contains(reasons[id], "cell") {
			t.Errorf("%s: the reason does not speak of a cell: %q", id, reasons[id])
		}
	}
	if reasons["PLC301"] != "" {
		t.Errorf("PLC301 needs no cell, but was not run: %s", reasons["PLC301"])
	}
}
