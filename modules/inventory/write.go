// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// write creates the missing classes and writes one provider after the other. The first that fails ends it.
func (t *task) write(ctx context.Context) error {
	if !t.changes() {
		return nil
	}
	journal, err := change.OpenJournal(t.journal, t.cloud, time.Now)
	if err != nil {
		return t.journalFault(err)
	}
	defer func() { _ = journal.Close() }() // each entry is on disk already
	t.writer.Journal = journal
	if err := t.create(ctx); err != nil {
		return t.withCreated(err)
	}
	for _, j := range t.jobs {
		if !j.view.Plan.Changes() {
			continue
		}
		j.written, j.view, j.failed = t.writer.Write(ctx, j.Target, j.view)
		t.warnOf(j) // it may have been judged anew
		if j.failed != nil {
			return t.withCreated(t.halfway(ctx, j))
		}
	}
	t.confirm(ctx)
	return nil
}

// confirm notes what tells later whether the drains are still what was written last.
func (t *task) confirm(ctx context.Context) {
	var drained []change.Done
	for _, j := range t.jobs {
		if j.written && j.Op == change.OpDrain {
			drained = append(drained, change.Done{Target: j.Target, Generation: j.view.Generation})
		}
	}
	if err := t.writer.Confirm(ctx, drained); err != nil {
		t.call.Warn("drain: it can be put back only as long as nothing else changes the providers (%v)", err)
	}
}

// create makes the missing classes. It needs no journal: a class by itself is a name that nothing uses, and what exists
// already is left as it is.
func (t *task) create(ctx context.Context) error {
	for _, class := range t.missing {
		err := t.client.CreateClass(ctx, class)
		if placement.Unsettled(err) {
			return fmt.Errorf("%w; perhaps created: %s", err, class)
		}
		if err != nil {
			return err
		}
		t.created = append(t.created, class)
	}
	return nil
}

// withCreated adds to an error which classes were created before it.
func (t *task) withCreated(err error) error {
	if len(t.created) == 0 {
		return err
	}
	return fmt.Errorf("%w; created: %s", err, names(t.created))
}

// halfway says what was written and what was not when one provider failed.
func (t *task) halfway(ctx context.Context, failed *job) error {
	var written, left []string
	for _, j := range t.jobs {
		switch {
		case j.written:
			written = append(written, j.Name)
		case j != failed && j.view.Plan.Changes():
			left = append(left, j.Name)
		}
	}
	err, unsettled := failed.failed, errors.Is(failed.failed, change.ErrUnsettled)
	var refused *change.RefusedError
	if errors.As(err, &refused) {
		err = &refusal{refused: t.refused(ctx), late: len(written)+len(t.created) > 0, unsettled: unsettled}
	}
	if len(written)+len(left) == 0 {
		return err
	}
	perhaps := ""
	switch {
	case unsettled:
		perhaps = "; perhaps written: " + failed.Name
	case !failed.written:
		left = append([]string{failed.Name}, left...)
	}
	return fmt.Errorf("%w; written: %s%s; not written: %s; what was there before is in %s",
		err, names(written), perhaps, names(left), t.journal)
}
