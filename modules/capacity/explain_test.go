// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// why says of a class of each provider with a difference what explains it.
func why(t *testing.T, answer dict) []string {
	t.Helper()
	raw, _ := json.Marshal(answer["truth"])
	var rows []struct {
		Name       string `json:"provider_name"`
		Class      string `json:"resource_class"`
		Difference *int
		Findings   []string
		Moves      []struct {
			Status     string
			ServerName string `json:"server_name"`
		}
	}
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) == 0 {
		t.Fatal(answer["msg"], err)
	}
	var out []string
	for _, r := range rows {
		if r.Class != "VCPU" || r.Difference == nil || *r.Difference == 0 {
			continue
		}
		text := fmt.Sprint(r.Name, " ", *r.Difference)
		for _, f := range r.Findings {
			id, _, _ := strings.Cut(f, ":")
			text += " " + id
		}
		for _, m := range r.Moves {
			text += " " + m.ServerName + " " + m.Status
		}
		out = append(out, text)
	}
	return out
}

// No difference stays without a word: also servers on unknown hosts explain them.
func TestMoreExplanations(t *testing.T) {
	for state, want := range map[string][]string{
		"live-migration-holds-target": {"cn2 2 PLC102"},
		"server-on-unknown-host":      {"new-name 2 PLC111"},
		"unshelve-stuck":              {"cn1 2 PLC107"},
	} {
		answer := run(t, state, dict{"truth": true})
		if got := why(t, answer); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v; not read %v", state, got, want, answer["not_read"])
		}
	}
}

// A move in progress explains what its server holds on the other host; one that lasts too long is a finding too.
func TestMovesExplain(t *testing.T) {
	saved := read(t, filepath.Join("..", "audit", "testdata", "cases", "live-migration-holds-target", "snapshot.json"))
	moving := regexp.MustCompile(`("type": "live-migration",\s*"status": )"error"`).ReplaceAllString(saved, `$1"running"`)
	path := filepath.Join(t.TempDir(), "moving.json")
	if err := os.WriteFile(path, []byte(moving), 0o600); err != nil || moving == saved {
		t.Fatal(err)
	}
	answer := ansibletest.RunAtOnce(t, capacity.Module(), dict{"snapshot": path, "truth": true, "show": true})
	if got, want := why(t, answer), []string{"cn2 2 PLC502 a running"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v; not read %v", got, want, answer["not_read"])
	}
	for _, want := range []string{"a move is in progress  live-migration ac6f2dcf… of server a (running)", "placement explain PLC502"} {
		if text := fmt.Sprint(answer["text"]); !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// Consumers that hold nothing are in the databases only: without those, their check does not count as not run.
func TestGhostsNeedRows(t *testing.T) {
	if answer := run(t, "one-class-full-everywhere", dict{"truth": true}); answer["complete"] != true {
		t.Error(answer["not_read"])
	}
}
