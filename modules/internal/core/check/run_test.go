// SPDX-License-Identifier: Apache-2.0

package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// fake reports the given provider UUIDs; stamp is what each carries.
func fake(id string, severity check.Severity, stamp func() string, uuids ...string) *check.Check {
	return &check.Check{
		ID: id, Name: "fake", Severity: severity, Subject: check.OfProvider, Needs: []snapshot.Part{snapshot.Providers},
		Run: func(p *check.Pass) {
			for _, uuid := range uuids {
				p.Report(check.Suspect{Subject: check.Subject{UUID: uuid, Name: "name of " + uuid}, Stamp: stamp()})
			}
			p.NotJudged("left", "for a reason")
		},
	}
}

func same() string { return "same" }

func seen(uuids ...string) *snapshot.Look {
	look := &snapshot.Look{Providers: map[string]*snapshot.ProviderLook{}}
	for _, uuid := range uuids {
		look.Providers[uuid] = &snapshot.ProviderLook{}
	}
	return look
}

func TestOrder(t *testing.T) {
	s := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	s.Second = seen("a", "b", "c")
	v := check.Run(s, []*check.Check{
		fake("PLC2", check.Low, same, "a"), fake("PLC3", check.Critical, same, "c", "b"), fake("PLC1", check.Critical, same, "a"),
	}, check.Defaults())
	var got []string
	for _, f := range v.Findings {
		got = append(got, f.Fingerprint)
	}
	want := []string{"PLC1:provider:a", "PLC3:provider:b", "PLC3:provider:c", "PLC2:provider:a"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(v.NotJudged) != 3 || v.NotJudged[0].Count != 1 {
		t.Errorf("not judged: %v", v.NotJudged)
	}
}

// A suspect that nobody looked at twice is no finding, and the verdict is not complete.
func TestSeenOnce(t *testing.T) {
	s := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	for name, look := range map[string]*snapshot.Look{"no second look": nil, "at another": seen("b")} {
		s.Second = look
		v := check.Run(s, []*check.Check{fake("PLC1", check.High, same, "a")}, check.Defaults())
		if len(v.Findings) != 0 || v.Complete() || v.Clean(check.Critical) {
			t.Errorf("%s: %v, not run %v", name, v.Findings, v.NotRun)
		}
	}
}

func TestStampHasToHold(t *testing.T) {
	n := 0
	changing := func() string { n++; return strings.Repeat("x", n) }
	s := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	s.Second = seen("a")
	v := check.Run(s, []*check.Check{fake("PLC1", check.High, changing, "a")}, check.Defaults())
	if len(v.Findings) != 0 || !v.Complete() {
		t.Errorf("%v, not run %v", v.Findings, v.NotRun)
	}
}

// What could not be read, first or again, makes the check not run, with the reason; never quiet.
func TestUnreadParts(t *testing.T) {
	c := fake("PLC1", check.High, same, "a")
	first := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	first.MarkFailed(snapshot.Providers, "403 Forbidden")
	second := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	second.Second = seen("a")
	second.Second.Parts = map[snapshot.Part]snapshot.Status{snapshot.Providers: {Reason: "403 Forbidden"}}
	for name, s := range map[string]*snapshot.Snapshot{"first": first, "second": second} {
		v := check.Run(s, []*check.Check{c}, check.Defaults())
		if len(v.Findings) != 0 || v.Complete() || v.Clean(check.Critical) || !strings.Contains(v.NotRun[0].Reason, "403 Forbidden") {
			t.Errorf("%s: %v, not run %v", name, v.Findings, v.NotRun)
		}
	}
}

func TestClean(t *testing.T) {
	v := check.Verdict{Findings: []check.Finding{{Severity: check.Medium}}}
	for limit, want := range map[check.Severity]bool{
		check.Critical: true, check.High: true, check.Medium: false, check.Low: false, check.Info: false,
	} {
		if v.Clean(limit) != want {
			t.Errorf("clean down to %s: %v", limit, !want)
		}
	}
	v.NotRun = []check.NotRun{{Check: "PLC1"}}
	if v.Clean(check.Critical) {
		t.Error("an incomplete verdict is clean")
	}
}

func TestExamplesAreBounded(t *testing.T) {
	many := &check.Check{ID: "PLC1", Subject: check.OfProvider, Run: func(p *check.Pass) {
		for range 1000 {
			p.NotJudged("x", "many")
		}
	}}
	v := check.Run(snapshot.Empty(snapshot.Snapshot{}.TakenAt), []*check.Check{many}, check.Defaults())
	if n := v.NotJudged[0]; n.Count != 1000 || len(n.Examples) != 10 {
		t.Errorf("count %d, %d examples", n.Count, len(n.Examples))
	}
}

// A finding names the faults that it follows from, if these are found too.
func TestBecause(t *testing.T) {
	cause := fake("PLC1", check.High, same, "a")
	effect := &check.Check{
		ID: "PLC2", Severity: check.High, Subject: check.OfProvider,
		Run: func(p *check.Pass) {
			p.Report(check.Suspect{Subject: check.Subject{UUID: "b"}, Because: []string{"PLC1:provider:a", "PLC1:provider:gone"}})
		},
	}
	s := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	s.Second = seen("a", "b")
	v := check.Run(s, []*check.Check{cause, effect}, check.Defaults())
	if got := v.Findings[1].Because; !slices.Equal(got, []string{"PLC1:provider:a"}) {
		t.Errorf("because %v", got)
	}
	v = check.Run(s, []*check.Check{effect}, check.Defaults())
	if got := v.Findings[0].Because; got == nil || len(got) != 0 {
		t.Errorf("because %v of a check that did not run", got)
	}
}

// A part that a check only wants is read for it, and if it could not be read, the check runs all the same.
func TestWants(t *testing.T) {
	read := map[bool]bool{}
	c := fake("PLC1", check.High, same, "a")
	run := c.Run
	c.Wants = []snapshot.Part{snapshot.Allocations}
	c.Run = func(p *check.Pass) { read[p.Read(snapshot.Allocations)] = true; run(p) }
	if got := check.Needs([]*check.Check{c}); !slices.Equal(got, []snapshot.Part{snapshot.Providers, snapshot.Allocations}) {
		t.Errorf("needs %v", got)
	}
	s := snapshot.Empty(snapshot.Snapshot{}.TakenAt)
	s.Second = seen("a")
	if parts := check.Suspects(s, []*check.Check{c}, check.Defaults()).Parts; !slices.Contains(parts, snapshot.Allocations) {
		t.Errorf("suspects %v", parts)
	}
	s.MarkFailed(snapshot.Allocations, "503")
	if v := check.Run(s, []*check.Check{c}, check.Defaults()); !v.Complete() || len(v.Findings) != 1 || !read[true] || !read[false] {
		t.Errorf("%+v, read %v", v, read)
	}
}

// What follows from something that is stuck has no task: it has to end first.
func TestNoTaskForWhatIsStuck(t *testing.T) {
	c := &check.Check{ID: "PLC105", Name: "x", Severity: check.High, Subject: check.OfService, Healable: true, Run: func(p *check.Pass) {
		p.Report(check.Suspect{Subject: check.Subject{UUID: "free"}, Because: []string{"PLC111:server:free"}})
		p.Report(check.Suspect{Subject: check.Subject{UUID: "held"}, Because: []string{"PLC502:consumer:m"}})
		p.Report(check.Suspect{Subject: check.Subject{UUID: "own"}, Remedy: check.Remedy{Module: "placement_inventory"}})
	}}
	var got []string
	for _, f := range check.Run(&snapshot.Snapshot{Second: &snapshot.Look{}}, []*check.Check{c}, check.Defaults()).Findings {
		got = append(got, f.Subject.UUID+" "+f.Remedy.Module)
	}
	if want := []string{"free placement_heal", "held ", "own placement_inventory"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
