// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

type dict = map[string]any

func runModule(t *testing.T, args dict) dict {
	t.Helper()
	return ansibletest.Run(t, conflicts.Module(), args)
}

// works is the answer of a run that must not fail.
func works(t *testing.T, args dict) dict {
	t.Helper()
	answer := runModule(t, args)
	if answer["failed"] != false || answer["changed"] != false {
		t.Fatalf("%v", answer)
	}
	return answer
}

const provider = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"

func begun() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

func requestID(n int) string { return fmt.Sprintf("req-%08d-0000-4000-8000-000000000000", n) }

func stamp(second int) string {
	return begun().Add(time.Duration(second) * time.Second).Format("2006-01-02 15:04:05.000")
}

// served is Placement's request line.
func served(second int, request string, status int) string {
	return fmt.Sprintf("%s 7 INFO placement.requestlog [None %s u p - - default default] 127.0.0.1 %q status: %d len: 263 microversion: 1.39\n",
		stamp(second), requestID(second), request, status)
}

// nameTaken is what nova-compute says when the name of its provider is taken.
func nameTaken(second int) string {
	return fmt.Sprintf("%s 7 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] [%s] Failed to create "+
		"resource provider record in placement API for UUID %s. Got 409: {\"errors\": [{\"status\": 409, \"detail\": \"There was a conflict when "+
		"trying to complete your request.\\n\\n Conflicting resource provider name: compute-01 already exists.  \"}]}.\n", stamp(second), requestID(second), provider)
}

const putInventories = "PUT /resource_providers/" + provider + "/inventories"

func write(t *testing.T, path string, texts ...string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.Join(texts, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// part and list are what an answer holds; none where it does not.
func part(of any) dict {
	d, _ := of.(dict)
	return d
}

func list(of any) []any {
	l, _ := of.([]any)
	return l
}

func text(of any) string {
	s, _ := of.(string)
	return s
}

func conflictsOf(answer dict) []dict {
	var out []dict
	for _, c := range list(answer["conflicts"]) {
		out = append(out, part(c))
	}
	return out
}

// verdicts is what is said of each conflict, in order.
func verdicts(answer dict) string {
	var out []string
	for _, c := range conflictsOf(answer) {
		out = append(out, fmt.Sprintf("%v %v %v", c["conflict"], c["verdict"], c["count"]))
	}
	return strings.Join(out, ", ")
}

func TestOneHost(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/nova-compute.log", nameTaken(1), nameTaken(61), "cut\n")
	write(t, dir+"/placement-api.log", served(1, "POST /resource_providers", 409), served(2, putInventories, 409), served(3, putInventories, 200), served(61, "POST /resource_providers", 409))
	answer := works(t, dict{"files": []any{dir + "/*.log", dir + "/none.log"}, "since": "all", "timezone": "UTC"})
	if got := verdicts(answer); got != "duplicate-name persistent 2, inventory-generation transient 1" {
		t.Errorf("%s", got)
	}
	msg := text(answer["msg"])
	for _, want := range []string{"3 conflicts, 1 to act on", "provider name compute-01 was refused 2 times", "1 line could not be understood"} {
		if !strings.Contains(msg, want) {
			t.Errorf("msg: %s", msg)
		}
	}
	if answer["clean"] != false || answer["complete"] != true || len(list(answer["absent"])) != 1 || answer["export"] != nil {
		t.Errorf("%v", answer)
	}
	first := part(list(conflictsOf(answer)[0]["clients"])[0])
	host, _ := os.Hostname()
	if first["service"] != "nova-compute" || first["host"] != host {
		t.Errorf("%v", first)
	}
}

// Times without an offset are of the zone that the options name.
func TestTimes(t *testing.T) {
	log := write(t, t.TempDir()+"/placement-api.log", served(0, putInventories, 409), served(3600, putInventories, 409))
	for name, c := range map[string]struct {
		args dict
		want float64
	}{
		"all":          {dict{"since": "all", "timezone": "UTC"}, 2},
		"from":         {dict{"since": "2026-11-22 10:30", "timezone": "UTC"}, 1},
		"with offset":  {dict{"since": "2026-11-22T11:30:00+01:00", "timezone": "UTC"}, 1},
		"another zone": {dict{"since": "2026-11-22T10:30:00Z", "timezone": "-01:00"}, 2},
		"until":        {dict{"since": "2026-11-22", "until": "2026-11-22 10:00", "timezone": "Etc/UTC"}, 1},
		"long ago":     {dict{"timezone": "UTC", "since": "-30000d"}, 2},
	} {
		c.args["files"] = []any{log}
		if got := part(works(t, c.args)["summary"])["conflicts"]; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A scheduled run reads what is new, and check mode leaves the state as it is.
func TestState(t *testing.T) {
	dir := t.TempDir()
	log, state := dir+"/placement-api.log", dir+"/state.json"
	args := dict{"files": []any{log}, "since": "all", "timezone": "UTC", "state_file": state}
	count := func() any { return part(works(t, args)["summary"])["conflicts"] }
	write(t, log, served(1, putInventories, 409))
	args["_ansible_check_mode"] = true
	if got := count(); got != 1.0 {
		t.Errorf("check mode: %v", got)
	}
	if _, err := os.Stat(state); err == nil {
		t.Error("check mode wrote the state")
	}
	delete(args, "_ansible_check_mode")
	if first, second := count(), count(); first != 1.0 || second != 0.0 {
		t.Errorf("%v, then %v", first, second)
	}
	write(t, log, served(1, putInventories, 409), served(2, putInventories, 409), served(3, putInventories, 409))
	if got := count(); got != 2.0 {
		t.Errorf("what is new: %v", got)
	}
}

// What one host's logs leave open another's may tell.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	one, two := t.TempDir()+"/placement-api.log", t.TempDir()+"/placement-api.log"
	write(t, one, served(1, putInventories, 409))
	write(t, two, served(5, putInventories, 200))
	compute := write(t, dir+"/nova-compute.log", nameTaken(9))
	read := func(file string, more dict) dict {
		args := dict{"files": []any{file}, "since": "all", "timezone": "UTC", "max_records": 100}
		for k, v := range more {
			args[k] = v
		}
		return works(t, args)
	}
	first, other, client := read(one, nil), read(two, nil), read(compute, nil)
	together := works(t, dict{"results": []any{first, other, client, first}})
	if got := verdicts(together); got != "duplicate-name persistent 1, inventory-generation undecided 1" {
		t.Errorf("%s", got)
	}
	if warnings := fmt.Sprint(together["warnings"]); !strings.Contains(warnings, "same logs") {
		t.Errorf("warnings: %s", warnings)
	}
	again := read(two, dict{"subjects": together["open"]})
	together = works(t, dict{"results": []any{first, again, client}})
	if got := verdicts(together); got != "duplicate-name persistent 1, inventory-generation transient 1" {
		t.Errorf("%s", got)
	}
}

// The audit's findings about the same are named, and tell who has the name.
func TestFindings(t *testing.T) {
	dir := t.TempDir()
	log := write(t, dir+"/nova-compute.log", nameTaken(1))
	finding := dict{"id": "PLC203", "fingerprint": "PLC203:provider:x", "subject": dict{"type": "provider", "uuid": "x", "name": "Compute-01"}}
	whole, _ := json.Marshal(dict{"findings": []any{finding}})
	report := write(t, dir+"/report.json", string(whole))
	for name, args := range map[string]dict{"findings": {"findings": []any{finding}}, "report": {"audit_report": report}} {
		args["files"], args["since"] = []any{log}, "all"
		c := conflictsOf(works(t, args))[0]
		if fmt.Sprint(c["findings"]) != "[PLC203:provider:x]" || part(c["evidence"])["provider_uuid"] != "x" || !strings.Contains(text(c["message"]), "is that of resource provider x") {
			t.Errorf("%s: %v", name, c)
		}
	}
}

// What can't be read is said, and nothing is called clean then.
func TestNotRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/placement-api.log", served(1, putInventories, 200))
	write(t, dir+"/garbage.log", "nothing\nof the kind\n")
	if answer := works(t, dict{"files": []any{dir + "/garbage.log"}}); answer["clean"] != false || !strings.Contains(text(answer["msg"]), "none of its 2 lines") {
		t.Errorf("%v", answer)
	}
	broken := write(t, dir+"/placement-api.log.1", "\x1f\x8bbroken")
	answer := works(t, dict{"files": []any{dir + "/placement-api.log"}, "since": "all"})
	if answer["clean"] != false || answer["complete"] != false || !strings.Contains(text(answer["msg"]), broken) {
		t.Errorf("%v", answer)
	}
}

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	notOne := write(t, dir+"/x.json", "{}")
	for name, c := range map[string]struct {
		args dict
		want []string
	}{
		"nothing there":    {dict{"files": []any{dir + "/none.log"}}, []string{"no log was found", dir + "/none.log"}},
		"since":            {dict{"since": "yesterday"}, []string{"since", "yesterday", "2026-11-22 10:00 or -1h"}},
		"timezone":         {dict{"timezone": "Mars/Olympus"}, []string{"timezone", "Mars/Olympus", "+02:00"}},
		"until before":     {dict{"since": "-1h", "until": "-2h"}, []string{"until", "later than since"}},
		"many at once":     {dict{"since": "x", "until": "y", "files": []any{"relative", ""}, "units": []any{"-x"}, "persistent_after": 0, "profile": "z"}, []string{"since", "until", "files[0]", "absolute", "files[1]", "units[0]", "persistent_after", "profile"}},
		"results":          {dict{"results": []any{dict{"host": "x"}}}, []string{"results[0]", "max_records"}},
		"all at once":      {dict{"results": []any{dict{}, dict{}}, "audit_report": dir + "/none", "timezone": "+99:99", "since": "x"}, []string{"results[1]", "audit_report", "timezone", "since"}},
		"both":             {dict{"files": []any{notOne}, "state_file": dir + "/s", "until": "-1h"}, []string{"mutually exclusive", "state_file|until"}},
		"the future":       {dict{"files": []any{notOne}, "since": "2126-01-01"}, []string{"since", "future"}},
		"state":            {dict{"files": []any{notOne}, "state_file": notOne}, []string{"state_file", "not a state file"}},
		"state's folder":   {dict{"files": []any{notOne}, "state_file": dir + "/no/x"}, []string{"state_file", dir + "/no"}},
		"report":           {dict{"audit_report": notOne}, []string{"audit_report", "placement_audit"}},
		"no report":        {dict{"audit_report": dir + "/none"}, []string{"audit_report", "no such file"}},
		"lookup, no login": {dict{"files": []any{notOne}, "lookup": true, "cloud": "there", "clouds_file": notOne}, []string{"cloud"}},
	} {
		answer := runModule(t, c.args)
		msg := text(answer["msg"])
		if answer["failed"] != true || answer["exception"] != nil || strings.Contains(msg, "\n") {
			t.Errorf("%s: %v", name, answer)
		}
		for _, want := range c.want {
			if !strings.Contains(msg, want) {
				t.Errorf("%s: msg does not contain %q: %s", name, want, msg)
			}
		}
	}
}

// Units and containers are read through their commands, a profile adds its own places.
func TestCommands(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	line, _ := json.Marshal(strings.TrimSpace(served(1, putInventories, 409)))
	for name, script := range map[string]string{
		"journalctl": `case "$*" in *placement-api*) cat <<'EOF'` + "\n{\"__CURSOR\":\"c\",\"_HOSTNAME\":\"control01\",\"MESSAGE\":" + string(line) + "}\nEOF\nesac\n",
		"podman":     "cat <<'EOF'\n" + served(2, putInventories, 409) + "EOF\n",
		"docker":     "echo no such container >&2; exit 1",
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	args := dict{"profile": "osa", "containers": []any{"placement_api"}, "container_engine": "podman", "since": "all", "timezone": "UTC"}
	answer := works(t, args)
	if part(answer["summary"])["conflicts"] != 2.0 || len(list(answer["sources"])) != 2 || len(list(answer["absent"])) != 4 {
		t.Errorf("%v", answer)
	}
	args["container_engine"] = "docker"
	if answer := works(t, args); answer["complete"] != false || !strings.Contains(fmt.Sprint(answer["not_read"]), "no such container") {
		t.Errorf("%v", answer)
	}
}
