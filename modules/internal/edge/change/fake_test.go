// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

var (
	errLost   = &cloud.Error{Op: "write", Err: io.ErrUnexpectedEOF}
	errBusy   = &cloud.Error{Op: "read", Status: http.StatusServiceUnavailable}
	errGone   = &cloud.Error{Op: "read", Status: http.StatusNotFound}
	errDenied = &cloud.Error{Op: "write", Status: http.StatusForbidden}
	errInUse  = &cloud.Error{Op: "write", Status: http.StatusConflict, Code: "placement.inventory.inuse", Detail: "update conflict: Inventory for 'VCPU' in use"}
	errRaced  = &cloud.Error{
		Op: "write", Status: http.StatusConflict, Code: "placement.concurrent_update",
		Detail: "There was a conflict when trying to complete your request. resource provider generation conflict",
	}
)

// answer is what one PUT does and says; nil for what Placement does.
type answer func(f *fake, generation int, after change.Inventories) (int, error)

// fake is a Placement with one provider. It stands in for what the real one can't be made to do at the right moment.
type fake struct {
	t          *testing.T
	generation int
	used       map[string]int
	has        change.Inventories
	answers    []answer      // of the PUTs, in their order
	reads      []error       // of the reads after the first PUT, in their order
	torn       func(f *fake) // happens between generation and content of the first answer with inventories after a PUT
	puts       int
	written    time.Time // when the inventories were last written
	late       func()    // a write that is still on its way
	journal    string
}

func (f *fake) Usages(context.Context, string) (placement.Stock[int], error) {
	if f.puts > 0 && len(f.reads) > 0 {
		err := f.reads[0]
		f.reads = f.reads[1:]
		if err != nil {
			return placement.Stock[int]{}, err
		}
	}
	return placement.Stock[int]{Generation: f.generation, ByClass: maps.Clone(f.used)}, nil
}

func (f *fake) Inventories(context.Context, string) (placement.Dated, error) {
	generation := f.generation
	if f.puts > 0 && f.torn != nil {
		f.torn(f)
		f.torn = nil
	}
	stock := placement.Stock[openstack.Inventory]{Generation: generation, ByClass: maps.Clone(f.has)}
	return placement.Dated{Stock: stock, Written: f.written}, nil
}

func (f *fake) PutInventories(_ context.Context, _ string, generation int, all map[string]openstack.Inventory) (int, error) {
	f.announced(generation, all)
	f.puts++
	if len(f.answers) > 0 {
		next := f.answers[0]
		f.answers = f.answers[1:]
		if next != nil {
			return next(f, generation, all)
		}
	}
	return f.apply(generation, all)
}

// apply is what Placement does.
func (f *fake) apply(generation int, after change.Inventories) (int, error) {
	if generation != f.generation {
		return 0, errRaced
	}
	f.has, f.generation = maps.Clone(after), f.generation+1
	return f.generation, nil
}

// announced holds that the journal has the write before it is sent, just as it is sent.
func (f *fake) announced(generation int, after change.Inventories) {
	f.t.Helper()
	all, err := change.ReadJournal(f.journal)
	if err != nil || len(all) == 0 {
		f.t.Errorf("a write without a journal entry (%v)", err)
		return
	}
	e := all[len(all)-1]
	if e.State != change.Intended || e.Generation != generation || !maps.Equal(e.After, after) {
		f.t.Errorf("at %d was sent %+v, and the journal has %+v", generation, after, e)
	}
}

// other is a write of somebody else: the usage and the inventories that it leaves.
func (f *fake) other(used int, has change.Inventories) {
	f.used["VCPU"], f.generation = used, f.generation+1
	if has != nil {
		f.has = has
	}
}

func lost(*fake, int, change.Inventories) (int, error)   { return 0, errLost }
func denied(*fake, int, change.Inventories) (int, error) { return 0, errDenied }
func inUse(*fake, int, change.Inventories) (int, error)  { return 0, errInUse }

// done is applied, and its answer is lost.
func done(f *fake, generation int, after change.Inventories) (int, error) {
	_, _ = f.apply(generation, after)
	return 0, errLost
}

// delayed is applied when the next PUT arrives, and its answer is lost.
func delayed(f *fake, generation int, after change.Inventories) (int, error) {
	f.late = func() { _, _ = f.apply(generation, after) }
	return 0, errLost
}

// arrived lets the delayed one through before it answers.
func arrived(then answer) answer {
	return func(f *fake, generation int, after change.Inventories) (int, error) {
		f.late()
		if then != nil {
			return then(f, generation, after)
		}
		return f.apply(generation, after)
	}
}

// raced lets somebody else write first.
func raced(used int, has change.Inventories) answer {
	return func(f *fake, generation int, after change.Inventories) (int, error) {
		f.other(used, has)
		return f.apply(generation, after)
	}
}

// followed answers, and then another client writes.
func followed(first answer, used int, has change.Inventories) answer {
	return func(f *fake, generation int, after change.Inventories) (int, error) {
		made, err := first(f, generation, after)
		f.other(used, has)
		return made, err
	}
}

// newFake has 100 VCPU of which 40 are used, and a writer that gives up after so many pauses.
func newFake(t *testing.T, pauses int) (*fake, *change.Writer) {
	t.Helper()
	f := &fake{
		t: t, generation: 7, used: map[string]int{"VCPU": 40}, has: vcpu(100), journal: filepath.Join(t.TempDir(), "journal.jsonl"),
	}
	journal, err := change.OpenJournal(f.journal, here(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = journal.Close() })
	w := &change.Writer{Placement: f, Journal: journal, Sleep: func(context.Context, time.Duration) error {
		if pauses--; pauses < 0 {
			return context.DeadlineExceeded
		}
		return nil
	}}
	return f, w
}

func vcpu(total int) change.Inventories {
	return change.Inventories{"VCPU": openstack.Inventory{Total: total, MinUnit: 1, MaxUnit: 100, StepSize: 1, AllocationRatio: 1}}
}

func reserved(total, reserved int) change.Inventories {
	i := vcpu(total)
	one := i["VCPU"]
	one.Reserved = reserved
	i["VCPU"] = one
	return i
}

// write wishes for that total.
func write(w *change.Writer, wish change.Wish, clamp bool) (bool, *change.View, error) {
	target := change.Target{
		UUID: "u", Name: "n", Op: change.OpInventories,
		Judge: func(_ change.Trace, before change.Inventories, used map[string]int) *change.Plan {
			return change.Judge(before, used, map[string]change.Wish{"VCPU": wish}, change.Present, clamp)
		},
	}
	view, err := w.Look(context.Background(), target)
	if err != nil {
		return false, nil, err
	}
	return w.Write(context.Background(), target, view)
}

// marks are the states in the journal.
func marks(t *testing.T, path string) string {
	t.Helper()
	all, err := change.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for i, e := range all {
		if i > 0 {
			text += ", "
		}
		text += string(e.State)
	}
	return text
}

// kind says what an error is.
func kind(err error) string {
	var refused *change.RefusedError
	doubt := ""
	if errors.Is(err, change.ErrUnsettled) {
		doubt = ", unsettled"
	}
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return "refused" + doubt
	case errors.Is(err, change.ErrFaulty):
		return "faulty" + doubt
	case doubt != "":
		return "unsettled"
	case errors.Is(err, context.DeadlineExceeded):
		return "late"
	}
	var e *cloud.Error
	if errors.As(err, &e) {
		return fmt.Sprint(e.Status)
	}
	return err.Error()
}
