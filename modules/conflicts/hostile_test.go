// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

const hostile = "cn2\n\x1b[2J\u202eCRITICAL  PLC999"

// allClean looks at each text of an answer, but for the arguments, which are the user's.
func allClean(t *testing.T, name string, answer dict, longest int) {
	t.Helper()
	delete(answer, "invocation")
	foreign.Tree(answer, func(text string) string {
		if text != foreign.Line(text) || utf8.RuneCountInString(text) > longest {
			t.Errorf("%s: %.300q", name, text)
		}
		return text
	})
}

// Whoever writes a log chooses its name too, and what the engine of a container says.
func TestHostileLogs(t *testing.T) {
	dir, bin := t.TempDir(), t.TempDir()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	for name, script := range map[string]string{
		"docker": `printf 'no\033[2J container\n' >&2; exit 1`, "journalctl": `printf 'no\033[2J unit %0900d.\n' 1 >&2; exit 1`,
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir+"/nova-compute\x1b[2J\u202e\n.log", strings.ReplaceAll(nameTaken(1), "compute-01 already", `cn2\u001b[2J\u202e\nCRITICAL already`))
	write(t, dir+"/nova\x1b.log", "no\nlog\n")
	write(t, dir+"/packed\u202e.log", "\x1f\x8bbroken")
	answer := works(t, dict{"files": []any{dir + "/*.log"}, "containers": []any{"placement_api"}, "units": []any{"nova-api"}, "since": "all", "max_records": 10})
	said := fmt.Sprint(answer["not_read"])
	if len(conflictsOf(answer)) != 1 || !strings.Contains(said, "no\ufffd[2J container") || !strings.Contains(said, "no\ufffd[2J unit") {
		t.Errorf("%v", answer)
	}
	allClean(t, "logs", answer, 800)
}

// A result of another host is what that host says.
func TestHostileResults(t *testing.T) {
	long := hostile + strings.Repeat("x", 10000)
	export := dict{
		"records": []any{dict{
			"time": "2026-11-22T10:00:00Z", "request_id": long, "method": "POST", "path": "/resource_providers", "status": 409,
			"detail": "Conflicting resource provider name: " + long + " already exists.", "client": dict{"host": long, "service": long},
			"views": []any{"client", long},
		}},
		"older": []any{dict{
			"conflict": long, "method": long, "route": long, "target": dict{"type": long, "uuid": long, "name": long}, "status": 409, "count": 1,
			"open": []any{dict{"subject": long, "count": 1}}, "clients": []any{dict{"host": long, "count": 1}}, "detail": long,
		}},
		"succeeded": []any{dict{"subject": long, "at": []any{"2026-11-22T10:00:00Z"}}},
	}
	other := dict{"host": long, "export": export, "sources": []any{dict{"name": long, "kind": long}}, "not_read": []any{dict{"source": long, "reason": long}}}
	finding := dict{"id": "PLC203", "fingerprint": long, "subject": dict{"type": "provider", "uuid": long, "name": foreign.Short(long, 200)}}
	answer := works(t, dict{"results": []any{other}, "findings": []any{finding}, "subjects": []any{long}, "max_records": 10})
	if len(conflictsOf(answer)) != 2 || part(answer["summary"])["conflicts"] != 2.0 {
		t.Errorf("%v", answer)
	}
	allClean(t, "results", answer, 12000)
}
