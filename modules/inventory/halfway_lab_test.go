// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A failure half way says what was written and what was not, and the journal has both.
func TestLabHalfway(t *testing.T) {
	l := controlPlane(t)
	a, b, c, total := l.make(t, usual()), l.make(t, usual()), l.make(t, usual()), 20
	for name, deny := range map[string]func(w http.ResponseWriter){
		"409 that stays": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, `{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n update conflict: Inventory for 'VCPU' on resource provider '`+b.UUID+`' in use.  ", "code": "placement.inventory.inuse", "request_id": "req-1"}]}`)
		},
		"403 of a proxy": func(w http.ResponseWriter) { http.Error(w, "not today", http.StatusForbidden) },
	} {
		g, path := l.gate(t), newJournal(t)
		g.instead = func(w http.ResponseWriter, r *http.Request) bool {
			hit := r.Method == http.MethodPut && strings.Contains(r.URL.Path, b.UUID)
			if hit {
				deny(w)
			}
			return hit
		}
		total++
		answer, writes := l.run(t, g, dict{"providers": []string{a.Name, b.Name, c.Name}, "journal": path, "inventories": dict{"VCPU": dict{"total": total}}})
		want := fmt.Sprintf("; written: %s; not written: %s, %s; what was there before is in %s", a.Name, b.Name, c.Name, path)
		if answer["failed"] != true || answer["changed"] != true || !strings.HasSuffix(fmt.Sprint(answer["msg"]), want) {
			t.Errorf("%s: changed %v: %v", name, answer["changed"], answer["msg"])
		}
		if got, want := entries(t, path), []string{
			"inventories " + a.Name + " intended", "inventories " + a.Name + " written",
			"inventories " + b.Name + " intended", "inventories " + b.Name + " not written",
		}; !slices.Equal(got, want) || len(writes) != 2 {
			t.Errorf("%s: sent %v, journal %v", name, writes, got)
		}
		if diff := text(answer["diff"]); !strings.Contains(diff, a.Name) || strings.Contains(diff, b.Name) || strings.Contains(diff, c.Name) {
			t.Errorf("%s: diff %s", name, diff)
		}
		if l.field(t, a, "VCPU", "total") != float64(total) || l.field(t, b, "VCPU", "total") != 10.0 {
			t.Errorf("%s: not as it says", name)
		}
	}
}

// If it is unknown what became of a write, the message doesn't say that it was not done, nor does the journal.
func TestLabHalfwayUnknown(t *testing.T) {
	l := controlPlane(t)
	a, b, c := l.make(t, usual()), l.make(t, usual()), l.make(t, usual())
	g, path := l.gate(t), newJournal(t)
	lost := false
	g.instead = func(w http.ResponseWriter, r *http.Request) bool {
		if !lost && r.Method == http.MethodPut && strings.Contains(r.URL.Path, b.UUID) {
			lost = true
			interrupt(t)
		}
		if lost {
			http.Error(w, "down", http.StatusServiceUnavailable)
		}
		return lost
	}
	answer, _ := l.run(t, g, dict{"providers": []string{a.Name, b.Name, c.Name}, "journal": path, "inventories": lower()})
	want := fmt.Sprintf("; written: %s; perhaps written: %s; not written: %s; what was there before is in %s", a.Name, b.Name, c.Name, path)
	if msg := fmt.Sprint(answer["msg"]); answer["failed"] != true || answer["changed"] != true || !strings.Contains(msg, "it is unknown") || !strings.HasSuffix(msg, want) {
		t.Errorf("changed %v: %s", answer["changed"], msg)
	}
	if got := entries(t, path); !slices.Contains(got, "inventories "+b.Name+" unknown") {
		t.Errorf("journal %v", got)
	}
}

// Usage that grows between the judging and the write is refused then, and the message doesn't claim that nothing was written.
func TestLabRefusedLate(t *testing.T) {
	l := controlPlane(t)
	a, b := l.make(t, usual()), l.make(t, usual())
	g, grown := l.gate(t), ""
	g.instead = func(_ http.ResponseWriter, r *http.Request) bool {
		if grown == "" && r.Method == http.MethodPut && strings.Contains(r.URL.Path, a.UUID) {
			grown = l.use(t, b, dict{"VCPU": 9})
		}
		return false
	}
	answer, _ := l.run(t, g, dict{"providers": []string{a.Name, b.Name}, "inventories": lower()})
	msg := fmt.Sprint(answer["msg"])
	if answer["failed"] != true || answer["changed"] != true || strings.Contains(msg, "nothing was written") ||
		!strings.HasPrefix(msg, "refused: VCPU.allocation_ratio=0.5 of "+b.Name) || !strings.Contains(msg, "; written: "+a.Name+"; not written: "+b.Name) {
		t.Errorf("changed %v: %s", answer["changed"], msg)
	}
	if !strings.Contains(text(answer["refused"]), grown) || l.field(t, b, "VCPU", "allocation_ratio") != 4.0 {
		t.Errorf("refused %s", text(answer["refused"]))
	}
}

// Without a journal nothing is written; check mode knows it too, and makes neither file nor folder.
func TestLabJournalNotWritable(t *testing.T) {
	l := controlPlane(t)
	p := l.make(t, usual())
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(file, "journal.jsonl")} {
		for _, check := range []bool{true, false} {
			answer, writes := l.run(t, l.gate(t), dict{"provider": p.Name, "journal": path, "inventories": lower(), "_ansible_check_mode": check})
			fails(t, answer, "journal must be a file that can be written: nothing is changed without it", "got: "+path)
			if len(writes) > 0 {
				t.Errorf("sent %v", writes)
			}
		}
	}
	path := newJournal(t)
	l.run(t, l.gate(t), dict{"provider": p.Name, "journal": path, "inventories": lower(), "_ansible_check_mode": true})
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("check mode made a folder")
	}
}
