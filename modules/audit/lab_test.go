// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
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
	if err := json.Unmarshal(l.Command(t, "seed", name), &made); err != nil {
		t.Fatalf("seed %s: %v", name, err)
	}
	t.Cleanup(func() { l.Command(t, "unseed", name) })
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

// With the four seeds exactly these four are found, nova-manage names the same orphan, and what the findings tell to do makes
// them go.
func TestLabSeeds(t *testing.T) {
	b := benchOf(t)
	orphan, missing := b.seed(t, "orphaned-allocation"), b.seed(t, "missing-allocation")
	stale, below := b.seed(t, "stale-provider"), b.seed(t, "below-usage")
	consumer := orphan.text(t, "consumer")
	b.expect(nil, "PLC101:consumer:"+consumer, "PLC105:server:"+missing.text(t, "server"),
		"PLC201:provider:"+stale.text(t, "provider"), "PLC301:provider:"+below.text(t, "provider"))
	if peer := novaManageAudit(t, b.lab); !slices.Equal(peer, []string{consumer}) {
		t.Errorf("nova-manage placement audit names %v, we %s", peer, consumer)
	}
	b.obey(nil)
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

// Each other fault is found as what it is, where there is a check for it, and as nothing else; and what the findings tell to do
// makes it go. A renamed hypervisor leaves a stale provider with its server's allocation behind on Zed; later releases keep
// its compute node.
func TestLabOtherSeeds(t *testing.T) {
	b := benchOf(t)
	b.seed(t, "ghost-consumer") // no request shows it
	wrong, hidden := b.seed(t, "wrong-amount"), b.seed(t, "invisible-allocation")
	left, renamed := b.seed(t, "evacuation-leftover"), b.seed(t, "renamed-host")
	want := []string{
		"PLC103:server:" + left.text(t, "server"), "PLC106:server:" + wrong.text(t, "server"),
		"PLC109:provider:" + hidden.text(t, "provider"),
	}
	checks, _ := renamed["checks"].([]any)
	for id, key := range map[string]string{"PLC104:server": "server", "PLC201:provider": "old_provider", "PLC202:provider": "old_provider"} {
		if slices.Contains(checks, any(id[:6])) {
			want = append(want, id+":"+renamed.text(t, key))
		}
	}
	b.expect(nil, want...)
	b.obey(nil)
}
