// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/audit"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// What make record has written: one audit of a real cloud with faults in it.
const recordedDir = "../../tests/recorded"

var (
	conversationFile = filepath.Join(recordedDir, "conversation.json")
	snapshotFile     = filepath.Join(recordedDir, "snapshot.json")
)

// runModule runs placement_audit as Ansible does, and returns its answer.
func runModule(t *testing.T, args map[string]any) map[string]any {
	t.Helper()
	return ansibletest.Run(t, audit.Module(), args)
}

// runAtOnce runs it without the pauses between tries.
func runAtOnce(t *testing.T, args map[string]any) map[string]any {
	t.Helper()
	return ansibletest.RunAtOnce(t, audit.Module(), args)
}

// fault is a handler in place of the recorded answer.
type fault func(w http.ResponseWriter, recorded exchange)

func never(string) bool { return false }

// auditRecorded audits the recorded cloud over HTTP, one of its services broken.
func auditRecorded(t *testing.T, service string, broken func(string) bool, f fault) map[string]any {
	t.Helper()
	return auditRecordedWith(t, nil, service, broken, f)
}

// auditRecordedWith does so with more options.
func auditRecordedWith(t *testing.T, more map[string]any, service string, broken func(string) bool, f fault) map[string]any {
	t.Helper()
	args := map[string]any{
		"auth_type": "admin_token", "auth": map[string]any{"token": "t0ken"}, "grace": 0,
		"placement_endpoint": replay(t, "placement", never, nil),
		"compute_endpoint":   replay(t, "compute", never, nil),
	}
	if service != "" {
		args[service+"_endpoint"] = replay(t, service, broken, f)
	}
	maps.Copy(args, more)
	return runAtOnce(t, args)
}

// found returns the ids of the findings, in their order.
func found(answer map[string]any) []string {
	out := []string{}
	findings, _ := answer["findings"].([]any)
	for _, f := range findings {
		finding, _ := f.(map[string]any)
		id, _ := finding["id"].(string)
		out = append(out, id)
	}
	return out
}

// fingerprints returns those of all findings, sorted.
func fingerprints(answer map[string]any) []string {
	out := []string{}
	findings, _ := answer["findings"].([]any)
	for _, f := range findings {
		finding, _ := f.(map[string]any)
		text, _ := finding["fingerprint"].(string)
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}

// notRun returns the reasons by check.
func notRun(answer map[string]any) map[string]string {
	out := map[string]string{}
	list, _ := answer["not_run"].([]any)
	for _, n := range list {
		entry, _ := n.(map[string]any)
		id, _ := entry["check"].(string)
		out[id], _ = entry["reason"].(string)
	}
	return out
}

// The audit over HTTP and the audit of the snapshot that was saved in the same run say the same.
func TestRecordedCloud(t *testing.T) {
	live := auditRecorded(t, "", nil, nil)
	saved := runModule(t, map[string]any{"snapshot": snapshotFile})
	for name, answer := range map[string]map[string]any{"live": live, "saved": saved} {
		if answer["complete"] != true || answer["clean"] != false || answer["changed"] != false {
			t.Errorf("%s: complete %v, clean %v, changed %v, not run %v",
				name, answer["complete"], answer["clean"], answer["changed"], notRun(answer))
		}
	}
	a, _ := json.Marshal(live["findings"])
	b, _ := json.Marshal(saved["findings"])
	if !bytes.Equal(a, b) {
		t.Errorf("live and saved differ:\n%s\n%s", a, b)
	}
	seen := strings.Join(found(live), " ")
	for _, id := range []string{"PLC101", "PLC105", "PLC201", "PLC301"} {
		if !strings.Contains(seen, id) {
			t.Errorf("%s is not among the findings: %s", id, seen)
		}
	}
}
