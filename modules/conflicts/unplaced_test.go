// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// What found no host is counted from the logs of two hosts together. It is no conflict.
func TestUnplaced(t *testing.T) {
	const (
		context = "[None req-963651f8-8303-4f2a-8d8f-2228e2536162 79db3e6a5a984a1e915fec59e33eedb6 af7741604a10448ba6154a4942425083 - - default default] "
		server  = "bd4760ab-6fe9-4716-b24d-061a84179355"
	)
	read := func(name, line string, more map[string]any) map[string]any {
		path := filepath.Join(t.TempDir(), name+".log")
		if err := os.WriteFile(path, []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		args := map[string]any{"files": []string{path}, "since": "all", "timezone": "UTC", "max_records": 10, "show": true}
		for key, value := range more {
			args[key] = value
		}
		return ansibletest.Run(t, conflicts.Module(), args)
	}
	conductor := read("nova-conductor", "2026-11-28 20:20:52.203 26076 WARNING nova.scheduler.utils "+context+"[instance: "+server+"] Setting instance to ERROR state.: nova.exception_Remote.NoValidHost_Remote: No valid host was found. ", nil)
	both := read("nova-scheduler", "2026-11-28 20:20:51.251 26071 INFO nova.scheduler.manager "+context+"Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.",
		map[string]any{"results": []any{conductor}})
	list, _ := both["unplaced"].([]any)
	if len(list) != 1 || both["clean"] != true {
		t.Fatalf("%v", both)
	}
	g, _ := list[0].(map[string]any)
	if g["stage"] != "candidates" || g["count"] != 1.0 || g["command"] != "placement why --server "+server {
		t.Errorf("%v", g)
	}
	msg, _ := both["msg"].(string)
	var text []string
	lines, _ := both["text"].([]any)
	for _, line := range lines {
		word, _ := line.(string)
		text = append(text, word)
	}
	if whole := strings.Join(text, "\n"); !strings.Contains(msg, "1 request found no host") || !strings.Contains(whole, "No valid host\n") || !strings.Contains(whole, "placement why --server "+server) {
		t.Errorf("%s\n%s", msg, whole)
	}
}
