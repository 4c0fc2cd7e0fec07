// SPDX-License-Identifier: Apache-2.0

package repair_test

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	core "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
)

const (
	consumer = "11111111-0000-4000-8000-000000000001"
	provider = "22222222-0000-4000-8000-000000000002"
)

var (
	errLost  = &cloud.Error{Op: "write", Err: io.ErrUnexpectedEOF}
	errGhost = &cloud.Error{
		Op: "write", Method: http.MethodPut, URL: "http://p/allocations/" + consumer, Status: http.StatusConflict, Code: "placement.concurrent_update",
		Detail: "There was a conflict when trying to complete your request.\n\n consumer generation conflict - expected 0 but got None  ",
	}
	errRaced = &cloud.Error{
		Op: "write", Method: http.MethodPut, URL: "http://p/allocations/" + consumer, Status: http.StatusConflict, Code: "placement.concurrent_update",
		Detail: "There was a conflict when trying to complete your request.\n\n Inventory and/or allocations changed while attempting to allocate: " +
			"Another thread concurrently updated the resource provider data. Please retry your update  ",
	}
	errFull = &cloud.Error{
		Op: "write", Method: http.MethodPut, URL: "http://p/allocations/" + consumer, Status: http.StatusConflict, Code: "placement.undefined_code",
		Detail: "Unable to allocate inventory: Unable to create allocation for 'VCPU' on resource provider '" + provider + "'. The requested amount would exceed the capacity.",
	}
)

// fake is a Placement with one consumer. It stands in for what the real one can't be made to do at the right moment.
type fake struct {
	repair.Placement

	has     placement.Consumer
	answers []answer // of the PUTs, in their order
	puts    []placement.Claim
}

// answer is what one PUT does and says; nil for what Placement does.
type answer func(f *fake, c placement.Claim) error

func (f *fake) Consumer(context.Context, string) (placement.Consumer, error) { return f.has, nil }

func (f *fake) PutAllocations(_ context.Context, c placement.Claim) error {
	f.puts = append(f.puts, c)
	if n := len(f.puts); n <= len(f.answers) && f.answers[n-1] != nil {
		return f.answers[n-1](f, c)
	}
	f.apply(c)
	return nil
}

func (f *fake) DeleteAllocations(context.Context, string) error {
	f.has = placement.Consumer{UUID: consumer}
	return nil
}

func (f *fake) apply(c placement.Claim) {
	f.has.Allocations, f.has.ProjectID, f.has.UserID = nil, c.ProjectID, c.UserID
	f.has.Generation++
	for uuid, amounts := range c.Held {
		f.has.Allocations = append(f.has.Allocations, openstack.Allocation{ConsumerUUID: consumer, ProviderUUID: uuid, Resources: amounts})
	}
}

func says(err error) answer { return func(*fake, placement.Claim) error { return err } }

func applied(err error) answer {
	return func(f *fake, c placement.Claim) error { f.apply(c); return err }
}

// witness objects to everything, if it objects.
type witness string

func (w witness) Objection(context.Context, string) (string, error)    { return string(w), nil }
func (w witness) Broken(context.Context, []core.Guard) (string, error) { return "", nil }

func holding(generation, cpus int) core.Consumer {
	c := core.Consumer{UUID: consumer, ProjectID: "p", UserID: "u", Held: core.Held{}}
	if cpus > 0 {
		c.Generation, c.Held[provider] = &generation, map[string]int{"VCPU": cpus}
	}
	return c
}

func from(before, after core.Consumer) core.Change {
	return core.Change{
		Op: core.Allocations, Before: core.State{Consumers: []core.Consumer{before}}, After: core.State{Consumers: []core.Consumer{after}},
	}
}

type doCase struct {
	has     placement.Consumer
	answers []answer
	nova    witness
	change  core.Change
	end     repair.End
	reason  string
	puts    int
	marks   string // of the journal
}

func TestDo(t *testing.T) {
	two := placement.Consumer{
		UUID: consumer, ProjectID: "p", UserID: "u", Generation: 3,
		Allocations: []openstack.Allocation{{ConsumerUUID: consumer, ProviderUUID: provider, Resources: map[string]int{"VCPU": 2}}},
	}
	nothing := placement.Consumer{UUID: consumer}
	does(t, map[string]doCase{
		"written":                        {has: two, change: from(holding(3, 2), holding(3, 1)), end: repair.Done, puts: 1, marks: "intended written"},
		"so already":                     {has: two, change: from(holding(2, 1), holding(2, 2)), end: repair.Unchanged},
		"written by another":             {has: two, change: from(holding(2, 2), holding(2, 1)), end: repair.Skipped, reason: "has changed since it was judged"},
		"other amounts":                  {has: two, change: from(holding(3, 4), holding(3, 1)), end: repair.Skipped, reason: "has changed since it was judged"},
		"a task":                         {has: two, nova: "server has a task", change: from(holding(3, 2), holding(3, 1)), end: repair.Skipped, reason: "server has a task"},
		"answer lost, written":           {has: two, answers: []answer{applied(errLost)}, change: from(holding(3, 2), holding(3, 1)), end: repair.Done, puts: 1, marks: "intended written"},
		"answer lost, and nothing shows": {has: two, answers: []answer{says(errLost)}, change: from(holding(3, 2), holding(3, 1)), end: repair.Unknown, puts: 1, marks: "intended unknown"},
		"raced, then through":            {has: two, answers: []answer{says(errRaced), says(errRaced)}, change: from(holding(3, 2), holding(3, 1)), end: repair.Done, puts: 3, marks: "intended not written intended not written intended written"},
		"no room":                        {has: two, answers: []answer{says(errFull)}, change: from(holding(3, 2), holding(3, 9)), end: repair.Failed, reason: "would exceed the capacity", puts: 1, marks: "intended not written"},
		"a consumer that nobody sees":    {has: nothing, answers: []answer{says(errGhost)}, change: from(holding(0, 0), holding(0, 1)), end: repair.Done, puts: 2, marks: "intended written"},
		"emptied, and the answer lost":   {has: two, answers: []answer{applied(errLost)}, change: from(holding(3, 2), holding(3, 0)), end: repair.Done, puts: 1, marks: "intended written"},
		"lost, and another client wrote": {has: two, answers: []answer{elsewhere}, change: from(holding(3, 2), holding(3, 1)), end: repair.Unknown, puts: 1, marks: "intended unknown"},
	})
}

func does(t *testing.T, cases map[string]doCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := &fake{has: c.has, answers: c.answers}
			path := filepath.Join(t.TempDir(), "own", "journal")
			journal, err := change.OpenJournal(path, openstack.Cloud{Endpoints: []string{"http://p"}}, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			w := &repair.Writer{Placement: f, Nova: c.nova, Journal: journal, Sleep: func(context.Context, time.Duration) error { return nil }}
			out := w.Do(t.Context(), c.change, "")
			if out.End != c.end || !strings.Contains(out.Reason, c.reason) || len(f.puts) != c.puts {
				t.Errorf("%s after %d PUTs: %s", out.End, len(f.puts), out.Reason)
			}
			if marks := marksOf(t, path); marks != c.marks {
				t.Errorf("the journal says %q", marks)
			}
		})
	}
}

// A write that the journal could not note is not told as one that was not made.
func TestWrittenWithoutItsEnd(t *testing.T) {
	journal, err := change.OpenJournal(filepath.Join(t.TempDir(), "own", "journal"), openstack.Cloud{Endpoints: []string{"http://p"}}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{has: placement.Consumer{
		UUID: consumer, ProjectID: "p", UserID: "u", Generation: 3,
		Allocations: []openstack.Allocation{{ConsumerUUID: consumer, ProviderUUID: provider, Resources: map[string]int{"VCPU": 2}}},
	}}
	f.answers = []answer{func(f *fake, c placement.Claim) error { f.apply(c); return journal.Close() }}
	w := &repair.Writer{Placement: f, Journal: journal, Sleep: func(context.Context, time.Duration) error { return nil }}
	out := w.Do(t.Context(), from(holding(3, 2), holding(3, 1)), "")
	if err := out.Err(); out.End != repair.Done || err == nil || !strings.Contains(err.Error(), "it was written, but the journal does not say so") {
		t.Errorf("%s: %v", out.End, err)
	}
}

// elsewhere is somebody who writes at the same time.
func elsewhere(f *fake, c placement.Claim) error {
	c.Held = core.Held{provider: {"VCPU": 7}}
	f.apply(c)
	return errLost
}

func marksOf(t *testing.T, path string) string {
	t.Helper()
	entries, err := change.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	words := make([]string, len(entries))
	for i, e := range entries {
		words[i] = string(e.State)
	}
	return strings.Join(words, " ")
}

// A consumer of which the inventory is gone is emptied by deletion, if it was seen to be nobody's.
func TestUnoffered(t *testing.T) {
	errGone := &cloud.Error{
		Op: "write", Method: http.MethodPut, URL: "http://p/allocations/" + consumer, Status: http.StatusConflict, Code: "placement.undefined_code",
		Detail: "There was a conflict when trying to complete your request.\n\n Unable to allocate inventory: Inventory for 'VCPU' on resource provider '" + provider + "' invalid.  ",
	}
	for end, guards := range map[repair.End][]core.Guard{repair.Done: {{NoServer: consumer}}, repair.Failed: {{Server: consumer}}} {
		f := &fake{
			has: placement.Consumer{
				UUID: consumer, ProjectID: "p", UserID: "u", Generation: 3,
				Allocations: []openstack.Allocation{{ConsumerUUID: consumer, ProviderUUID: provider, Resources: map[string]int{"VCPU": 2}}},
			},
			answers: []answer{says(errGone)},
		}
		c := from(holding(3, 2), holding(0, 0))
		c.Guards = guards
		journal, err := change.OpenJournal(filepath.Join(t.TempDir(), "j"), here, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		w := &repair.Writer{Placement: f, Nova: witness(""), Journal: journal, Sleep: func(context.Context, time.Duration) error { return nil }}
		if out := w.Do(t.Context(), c, ""); out.End != end {
			t.Errorf("%+v: %+v", guards, out)
		}
	}
}
