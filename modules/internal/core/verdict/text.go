// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// mostShown is how many reasons the text has; the reports and a wide text have all.
const mostShown = 20

// text is what a person reads in the output of a play or in a terminal.
type text struct{ *screen.Page }

func newText(v screen.View, msg string) *text {
	t := &text{screen.New(v)}
	t.Said(0, t.Paint(screen.Bold, foreign.Line(msg)))
	return t
}

// add adds a text. What others named can't begin a line.
func (t *text) add(format string, args ...any) { t.Said(0, foreign.Line(fmt.Sprintf(format, args...))) }

func (t *text) below(format string, args ...any) {
	t.Said(4, foreign.Line(fmt.Sprintf(format, args...)))
}

// reasons shows those that decide the verdict, and counts the others.
func (t *text) reasons(all []Reason, from Thresholds, leftOut int) {
	shown, lower := 0, 0
	for _, r := range all {
		if !t.Wide && !from.shows(r) {
			lower++
			continue
		}
		if shown++; t.Wide || shown <= mostShown {
			t.reason(r)
		}
	}
	t.Blank()
	if !t.Wide && shown > mostShown {
		t.add("and %d more of them: %s", shown-mostShown, t.others())
	}
	if lower > 0 {
		t.add("and %d below %s: %s", lower, from.Warn, t.others())
	}
	if leftOut > 0 {
		t.add("and %d more findings", leftOut)
	}
}

// others says where the reasons are that the text leaves out.
func (t *text) others() string {
	if t.Play {
		return "the reports list them"
	}
	return "--wide lists them"
}

func (t *text) reason(r Reason) {
	t.Blank()
	severity := strings.ToUpper(foreign.Line(string(r.Severity)))
	t.Line("%s  %s", t.Paint(screen.OfSeverity(string(r.Severity)), severity), t.Paint(screen.Bold, foreign.Line(r.What)))
	t.below("%s", r.Text)
	t.below("To do: %s", r.Todo)
	t.command(r.where(), r.Command)
	for module, args := range r.Task {
		t.below("Task:")
		for _, line := range foreign.Lines(pasted.Task(module, args)) {
			t.Line("      %s", line)
		}
	}
}

// command adds a command alone on its line, below where it runs.
func (t *text) command(where, command string) {
	if command == "" {
		return
	}
	if where != "" {
		t.below("%s:", where)
	}
	t.Command(4, command)
}

// where says where the command of a reason runs.
func (r Reason) where() string {
	switch {
	case r.Host == nil:
		return ""
	case *r.Host == "":
		return "Command on a host with a nova-api"
	}
	return "Command on " + *r.Host
}

// Text returns the verdict before an upgrade line by line.
func (b *Before) Text(v screen.View, msg string, reasons []Reason, from Thresholds, reports []string) []string {
	t := newText(v, msg)
	t.reasons(reasons, from, b.Audit.Summary.LeftOut)
	known, safe := 0, 0
	for _, i := range b.Computes.Identities {
		if i.Effect != computeid.Unknown {
			known++
		}
		if i.Safe {
			safe++
		}
	}
	if b.Groups == nil {
		t.add("Computes: not read (pre_upgrade_identities)")
	} else {
		t.add("Computes: %d of %d read, %d keep or get the right identity", known, b.Hosts, safe)
	}
	t.capacity(b.Capacity)
	t.add("Baseline: %s", b.Baseline.words())
	t.reports(reports)
	return t.Lines()
}

// Text returns the verdict after an upgrade line by line.
func (a *After) Text(v screen.View, msg string, reasons []Reason, from Thresholds, reports []string) []string {
	t := newText(v, msg)
	t.reasons(reasons, from, a.Audit.Summary.LeftOut)
	if s := a.Audit.Summary.ByState; a.Baseline.TakenAt != "" && s != nil {
		t.add("Since the baseline of %s: %d new, %d known, %d gone", a.Baseline.TakenAt, s.New, s.Known, s.Gone)
	}
	if a.Computes.Silent != nil {
		t.add("Computes: %s", a.Computes.Msg)
	}
	t.capacity(a.Capacity)
	if a.Conflicts != nil {
		t.add("Conflicts: %s", a.Conflicts.Msg)
	}
	for _, of := range services() {
		if words := resultsOf(a.StatusChecks, of); words != "" {
			t.add("%s-status: %s", of, words)
		}
	}
	t.repair(a.Repair)
	t.reports(reports)
	return t.Lines()
}

func (t *text) reports(paths []string) {
	if len(paths) > 0 {
		t.add("Report: %s", strings.Join(paths, ", "))
	}
}

// resultsOf counts the results of a service's checks.
func resultsOf(all []StatusCheck, of string) string {
	n := map[string]int{}
	for _, c := range all {
		if c.Of == of {
			n[c.Result]++
		}
	}
	var words []string
	for _, result := range slices.Sorted(maps.Keys(n)) {
		words = append(words, fmt.Sprintf("%d %s", n[result], result))
	}
	return strings.Join(words, ", ")
}
