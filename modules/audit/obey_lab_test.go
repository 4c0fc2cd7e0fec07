// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	inventories "github.com/openstack-ops/ansible-collection-placement/modules/inventory"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// operator is somebody who audits the lab and does what the findings say, word for word.
type operator struct {
	*bench
	options  map[string]any      // of the audit
	typed    map[string]bool     // in this round: what is for the whole cloud is typed once
	restarts map[string][]string // hosts whose nova-compute is to be restarted, and what its nova.conf is to say from then on
}

// obey audits the lab and does what the findings say, until it is clean.
func (b *bench) obey(options map[string]any) {
	b.t.Helper()
	o := &operator{bench: b, options: map[string]any{}}
	maps.Copy(o.options, options)
	o.obey()
}

// audit returns the findings as the module gives them.
func (o *operator) audit() []check.Finding {
	o.t.Helper()
	args := map[string]any{"cloud": o.Cloud, "clouds_file": o.CloudsFile, "grace": 1}
	maps.Copy(args, o.options)
	answer := runModule(o.t, args)
	blind := o.options["placement_endpoint"] != nil || slices.Contains(found(answer), "PLC501")
	if answer["failed"] != false || answer["complete"] != true && !blind {
		o.t.Fatalf("%v, not run %v", answer["msg"], notRun(answer))
	}
	text, err := json.Marshal(answer["findings"])
	if err != nil {
		o.t.Fatal(err)
	}
	var findings []check.Finding
	if err := json.Unmarshal(text, &findings); err != nil {
		o.t.Fatal(err)
	}
	return findings
}

// obey audits, does what the findings say that follow from no other, and audits again, until the cloud is clean.
func (o *operator) obey() {
	o.t.Helper()
	const rounds = 6
	var said []string
	for range rounds {
		findings := o.audit()
		if len(findings) == 0 {
			return
		}
		o.typed, o.restarts = map[string]bool{}, map[string][]string{}
		for _, f := range findings {
			later := follows(f, findings)
			if !later {
				said = append(said, f.Fingerprint+": "+f.Remedy.Text+" | "+f.Remedy.Command)
				o.t.Log(said[len(said)-1])
			}
			o.follow(f, later)
		}
		for _, host := range slices.Sorted(maps.Keys(o.restarts)) {
			o.restart(host, o.restarts[host]...)
		}
		for host, beat := range o.beats() {
			o.ready(host, beat)
		}
	}
	var left []string
	for _, f := range o.audit() {
		left = append(left, f.Message)
	}
	if len(left) > 0 {
		o.t.Fatalf("after\n%s\nthere is still\n%s", strings.Join(said, "\n"), strings.Join(left, "\n"))
	}
}

// follows reports whether a finding follows from another that is there. A tree goes from its leaves up: a child does not wait for its root.
func follows(f check.Finding, all []check.Finding) bool {
	return f.ID != "PLC206" && slices.ContainsFunc(all, func(other check.Finding) bool {
		if other.ID == "PLC501" && f.ID != other.ID {
			return true // it says so
		}
		return other.Fingerprint != f.Fingerprint && slices.Contains(f.Because, other.Fingerprint) && !slices.Contains(other.Because, f.Fingerprint)
	})
}

// follow does what one remedy says, and keeps in mind which row of the table that was. What follows from another finding is left
// for later, and done by that if it says so itself.
func (o *operator) follow(f check.Finding, later bool) {
	o.t.Helper()
	rows := rowsOf(o.t, f.ID, f.Remedy.Text)
	// They wait themselves, or are the other's too.
	itself := []string{"First ", "Find out which host", "Empty the allocation", "Move the allocation"}
	if later && !slices.ContainsFunc(itself, func(begins string) bool { return strings.HasPrefix(f.Remedy.Text, begins) }) {
		return
	}
	for _, row := range rows {
		o.followed[row.key()] = true
	}
	if do := handFor(f.ID, rows[0]); do != nil {
		do(o, f)
		return
	}
	switch {
	case f.Remedy.Module == "placement_inventory":
		args := map[string]any{"cloud": o.Cloud, "clouds_file": o.CloudsFile}
		maps.Copy(args, f.Remedy.Args)
		if answer := ansibletest.Run(o.t, inventories.Module(), args); answer["failed"] != false {
			o.t.Fatalf("%s: %v", f.Remedy.Module, answer["msg"])
		}
	case f.Remedy.Command == "":
		o.t.Fatalf("%s: there is nothing to type: %s", f.ID, f.Remedy.Text)
	default:
		o.run1(f.Remedy.Command)
	}
}

// handFor returns the hand whose beginning of the row is the longest, nil if there is none.
func handFor(id string, row remedyRow) hand {
	var do hand
	longest := 0
	for begins, hand := range hands() {
		if len(begins) > longest && (strings.HasPrefix(row.text, begins) || strings.HasPrefix(id+" "+row.text, begins)) {
			do, longest = hand, len(begins)
		}
	}
	return do
}

// run1 types a command, once a round.
func (o *operator) run1(command string) {
	o.t.Helper()
	if o.typed[command] || command == "" {
		return
	}
	o.typed[command] = true
	out := o.terminal.Type(o.t, command)
	if strings.Contains(command, "heal_allocations") && !strings.Contains(out, "Successfully") {
		o.t.Logf("%s\n%s", command, out)
	}
}

// restartLater has a host restarted at the end of the round, with these in its nova.conf.
func (o *operator) restartLater(host string, options ...string) {
	o.restarts[host] = append(o.restarts[host], options...)
}

// beats returns when the hosts that were restarted have reported last.
func (o *operator) beats() map[string]string {
	o.t.Helper()
	out := map[string]string{}
	for _, s := range o.services() {
		if _, restarted := o.restarts[s.Host]; restarted {
			out[s.Host] = s.Beat
		}
	}
	return out
}

// ready waits until nova-compute has looked at its servers and reports again, and has written all that it writes when it starts.
func (o *operator) ready(host, beat string) {
	o.t.Helper()
	var now labService
	o.until("report of "+host, func() bool {
		for _, s := range o.services() {
			if s.Host == host {
				now = s
			}
		}
		return now.Beat != beat
	})
	if now.Status == "disabled" {
		o.complete(host, "COMPUTE_STATUS_DISABLED")
		return
	}
	o.complete(host)
}

// prove holds that the rows that were followed are those that the table names this test for.
func (b *bench) prove() {
	b.t.Helper()
	if b.t.Failed() {
		return
	}
	for _, row := range remedyTable(b.t) {
		named := slices.Contains(row.tests, b.t.Name()) || slices.Contains(row.tests, b.t.Name()+" ("+live.Release()+")")
		if named != b.followed[row.key()] {
			b.t.Errorf("docs/remedies.md: %s: named %v, followed %v", row.key(), named, b.followed[row.key()])
		}
	}
}

// Each hand is for a row of the table.
func TestLabHands(t *testing.T) {
	rows := remedyTable(t)
	for begins := range hands() {
		of := func(r remedyRow) bool {
			return strings.HasPrefix(r.text, begins) || slices.ContainsFunc(r.ids, func(id string) bool { return strings.HasPrefix(id+" "+r.text, begins) })
		}
		if !slices.ContainsFunc(rows, of) {
			t.Errorf("no remedy begins with %q", begins)
		}
	}
}
