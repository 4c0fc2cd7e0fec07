// SPDX-License-Identifier: Apache-2.0

// Package repair makes changes of package core/repair real: it reads what is there right before, looks at the servers
// concerned, keeps a journal, sends what is bound to generations, and settles by reading what became of a write whose answer
// was lost.
package repair

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// Placement is what the writer needs of a Placement.
type Placement interface {
	Consumer(ctx context.Context, uuid string) (placement.Consumer, error)
	Provider(ctx context.Context, uuid string) (openstack.Provider, error)
	Offered(ctx context.Context, uuid string) (map[string]openstack.Inventory, error)
	Traits(ctx context.Context, uuid string) ([]string, error)
	Aggregates(ctx context.Context, uuid string) ([]string, error)
	KnownTraits(ctx context.Context, names []string) ([]string, error)
	Classes(ctx context.Context) ([]string, error)

	PutAllocations(ctx context.Context, one placement.Claim) error
	PostAllocations(ctx context.Context, all []placement.Claim) error
	DeleteAllocations(ctx context.Context, consumer string) error
	CreateProvider(ctx context.Context, uuid, name, parent string) (openstack.Provider, error)
	UpdateProvider(ctx context.Context, uuid, name, parent string) (openstack.Provider, error)
	DeleteProvider(ctx context.Context, uuid string) error
	PutInventories(ctx context.Context, uuid string, generation int, all map[string]openstack.Inventory) (int, error)
	PutTraits(ctx context.Context, uuid string, generation int, names []string) (int, error)
	PutAggregates(ctx context.Context, uuid string, generation int, uuids []string) (int, error)
	CreateTrait(ctx context.Context, name string) error
	DeleteTrait(ctx context.Context, name string) error
	CreateClass(ctx context.Context, name string) error
	DeleteClass(ctx context.Context, name string) error
	RenameClass(ctx context.Context, from, to string) error
}

// Witness looks at Nova right before a write.
type Witness interface {
	// Objection says why a consumer may not be written now; empty if nothing speaks against it.
	Objection(ctx context.Context, consumer string) (string, error)
	// Broken says which of the guards does not hold; empty if all do.
	Broken(ctx context.Context, guards []repair.Guard) (string, error)
}

// Writer makes changes real.
type Writer struct {
	Placement Placement
	Nova      Witness // nil: Nova is not looked at
	Journal   *change.Journal
	// Sleep waits between two tries; it ends early with the context's error.
	Sleep func(context.Context, time.Duration) error
}

// End is how a change ended.
type End string

// The ends of changes.
const (
	Done      End = "done"
	Unchanged End = "unchanged" // it was so already
	Skipped   End = "skipped"   // what it rests on has changed, or something is in flight
	Failed    End = "failed"
	Unknown   End = "unknown" // a write was sent, and what became of it could not be read
)

// Outcome tells how a change ended, and why where it is not done.
type Outcome struct {
	End    End
	Reason string
	Left   repair.State // as the change left it, with generations
}

// Err is the error of a change that is neither done nor needless, or that is done and not in the journal.
func (o Outcome) Err() error {
	switch o.End {
	case Skipped, Failed:
		return fmt.Errorf("nothing was written: %s", o.Reason)
	case Unknown:
		return fmt.Errorf("it is unknown whether the write was applied: %s", o.Reason)
	case Done:
		if o.Reason != "" {
			return fmt.Errorf("it was written, but the journal does not say so: %s", o.Reason)
		}
	case Unchanged:
	}
	return nil
}

// tries is how often a change is judged and sent that other writers keep from going through.
const tries = 5

// Do makes one change real, unless what it rests on has changed.
func (w *Writer) Do(ctx context.Context, c repair.Change, undoes string) Outcome {
	var last error
	for try := range tries {
		out, err := w.once(ctx, c, undoes)
		if err != nil && out.End != "" {
			out.Reason = err.Error()
		}
		if out.End != "" {
			return out
		}
		if last = err; !placement.Raced(err) {
			break
		}
		if w.Sleep(ctx, change.Pause(try)) != nil {
			break
		}
	}
	return Outcome{End: Failed, Reason: last.Error()}
}

// once judges the change anew and sends it. Without an end the error is of a request that changed nothing; with one, it says that
// the end is not in the journal.
func (w *Writer) once(ctx context.Context, c repair.Change, undoes string) (Outcome, error) {
	if out, err := w.Judge(ctx, c); err != nil || out.End != "" {
		return out, err
	}
	if err := w.Journal.Add(change.Entry{Op: string(c.Op), State: change.Intended, Change: &c, Undoes: undoes}); err != nil {
		return Outcome{}, err
	}
	return w.ended(ctx, c, w.send(ctx, c))
}

// Judge reads what a change is about, and what Nova says. The outcome has no end where nothing speaks against sending it now.
func (w *Writer) Judge(ctx context.Context, c repair.Change) (Outcome, error) {
	now, err := w.read(ctx, c)
	if err != nil {
		return Outcome{}, err
	}
	if now.Same(c.After) {
		return Outcome{End: Unchanged, Left: now}, nil
	}
	if why := changed(c.Before, now); why != "" {
		return Outcome{End: Skipped, Reason: why, Left: now}, nil
	}
	why, err := w.objection(ctx, c)
	if why != "" {
		return Outcome{End: Skipped, Reason: why, Left: now}, err
	}
	return Outcome{Left: now}, err
}

// objection says what Nova has against the change.
func (w *Writer) objection(ctx context.Context, c repair.Change) (string, error) {
	if w.Nova == nil {
		return "", nil
	}
	for _, one := range c.Before.Consumers {
		if why, err := w.Nova.Objection(ctx, one.UUID); why != "" || err != nil {
			return why, err
		}
	}
	return w.Nova.Broken(ctx, c.Guards)
}

// ended notes in the journal how a write ended. A lost race is no lost answer, even where Placement tells of it as of a fault of
// its own (500): it has rolled the write back.
func (w *Writer) ended(ctx context.Context, c repair.Change, sent error) (Outcome, error) {
	if sent != nil && !errors.Is(sent, errPartly) && (!placement.Unsettled(sent) || placement.Raced(sent)) {
		return Outcome{}, several.Join(sent, w.Journal.Add(change.Entry{Op: string(c.Op), State: change.NotWritten, Reason: sent.Error()}))
	}
	now, err := w.settled(ctx, c, sent != nil)
	switch {
	case err != nil:
		err = several.Join(sent, err)
		return Outcome{End: Unknown, Reason: err.Error()}, w.Journal.Add(change.Entry{Op: string(c.Op), State: change.Unknown, Reason: err.Error()})
	case now.Same(c.After):
		return Outcome{End: Done, Left: now}, w.Journal.Add(change.Entry{Op: string(c.Op), State: change.Written, Left: &now})
	}
	reason := "another client wrote at the same time" // or the server is still at it: a write whose answer was lost may come late
	if sent != nil {
		reason = sent.Error()
	}
	return Outcome{End: Unknown, Reason: reason, Left: now}, w.Journal.Add(change.Entry{Op: string(c.Op), State: change.Unknown, Reason: reason, Left: &now})
}

// settled reads what a write left. After a lost answer the server may still be at it: it is read until it shows, or twice more.
func (w *Writer) settled(ctx context.Context, c repair.Change, lost bool) (repair.State, error) {
	for try := 0; ; try++ {
		now, err := w.read(ctx, c)
		if err == nil && (!lost || now.Same(c.After) || try >= 2) {
			return now, nil
		}
		if err != nil && try >= tries {
			return now, err
		}
		if err := w.Sleep(ctx, change.Pause(try)); err != nil {
			return now, fmt.Errorf("read what a write left: %w", err)
		}
	}
}
